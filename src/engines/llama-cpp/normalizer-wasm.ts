/**
 * A WebAssembly module written out instruction by instruction, so that its source ships and no tool is needed
 * to build it. It imports `env.memory` and exports, over the f32 at address 0 (count a multiple of 16):
 *
 *   maximum(count: i32) → f32             NaN if any is NaN
 *   sumExp(count: i32, shift: f32) → f64  Σ exp(x_i − shift), x_i − shift ≤ 0 expected
 *
 * exp follows Cephes' expf: x = n·ln 2 + r with |r| ≤ ln 2 / 2, a polynomial of degree 6 in r, then the
 * exponent n added to the float's bits. Arguments are raised to −87.3, whose exp is below 1e-37.
 */

type Code = readonly number[]

/** Unsigned LEB128. */
function u(value: number): Code {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

const join = (...parts: Code[]): Code => parts.flat()
const vector = (...items: Code[]): Code => join(u(items.length), ...items)
const section = (id: number, body: Code): Code => [id, ...u(body.length), ...body]
const name = (text: string): Code => [...u(text.length), ...new TextEncoder().encode(text)]
const f32 = (value: number): Code => [...new Uint8Array(new Float32Array([value]).buffer)]

// value types
const I32 = 0x7f
const F32 = 0x7d
const F64 = 0x7c
const V128 = 0x7b
const VOID = 0x40

// instructions
const get = (local: number): Code => [0x20, ...u(local)]
const set = (local: number): Code => [0x21, ...u(local)]
const tee = (local: number): Code => [0x22, ...u(local)]
/** i32.const of 0…127; its immediate is signed, so 64 and above take a second byte. */
const i32Const = (value: number): Code => (value < 64 ? [0x41, value] : [0x41, value | 0x80, 0])
const I32_LT_U: Code = [0x49]
const I32_ADD: Code = [0x6a]
const I32_SHL: Code = [0x74]
const F32_MAX: Code = [0x97]
const F64_ADD: Code = [0xa0]
const loop = (...body: Code[]): Code => [0x03, VOID, ...body.flat(), 0x0b]
const continueIf: Code = [0x0d, 0x00]

const simd = (opcode: number): Code => [0xfd, ...u(opcode)]
/** v128.load at `address + offset`, 16-byte aligned. */
const load = (offset: number): Code => [...simd(0x00), 4, ...u(offset)]
const splatConst = (value: number): Code => [
  ...simd(0x0c),
  ...f32(value),
  ...f32(value),
  ...f32(value),
  ...f32(value),
]
const i32SplatConst = (value: number): Code => [
  ...simd(0x0c),
  ...[0, 1, 2, 3].flatMap(() => [value, 0, 0, 0]),
]
/** Lanes 2 and 3 moved down to 0 and 1. */
const UPPER_HALF: Code = [...simd(0x0d), 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]
const F32X4_SPLAT = simd(0x13)
const f32Lane = (lane: number): Code => [...simd(0x1f), lane]
const f64Lane = (lane: number): Code => [...simd(0x21), lane]
const F64X2_PROMOTE_LOW = simd(0x5f)
const F32X4_NEAREST = simd(0x6a)
const I32X4_SHL = simd(0xab)
const I32X4_ADD = simd(0xae)
const F32X4_ADD = simd(0xe4)
const F32X4_SUB = simd(0xe5)
const F32X4_MUL = simd(0xe6)
const F32X4_MAX = simd(0xe9)
const F64X2_ADD = simd(0xf0)
const I32X4_TRUNC_SAT_F32X4 = simd(0xf8)

const UNROLL = 4
const BYTES_A_TURN = UNROLL * 16
const LANES = [0, 1, 2, 3]

/** maximum: locals 0 count → end address, 1 address, 2–5 running maxima. */
function maximumBody(): Code {
  const best = (i: number) => 2 + i
  const turn = LANES.map((i) => join(get(1), load(16 * i), get(best(i)), F32X4_MAX, set(best(i))))
  const fold = join(
    get(best(0)),
    get(best(1)),
    F32X4_MAX,
    get(best(2)),
    get(best(3)),
    F32X4_MAX,
    F32X4_MAX,
    set(best(0)),
  )
  const lanes = join(...LANES.map((i) => join(get(best(0)), f32Lane(i), i === 0 ? [] : F32_MAX)))
  return join(
    vector([1, I32], [UNROLL, V128]),
    get(0),
    i32Const(2),
    I32_SHL,
    set(0),
    ...LANES.map((i) => join(splatConst(-Infinity), set(best(i)))),
    loop(...turn, get(1), i32Const(BYTES_A_TURN), I32_ADD, tee(1), get(0), I32_LT_U, continueIf),
    fold,
    lanes,
    [0x0b],
  )
}

/** Cephes' minimax polynomial of (exp(r) − 1 − r)/r², highest power first. */
const POLYNOMIAL = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
]

/** sumExp: locals 0 count → end address, 1 shift, 2 address, 3 shift splat, 4–5 sums (f64x2), 6… per vector x, n, p. */
function sumExpBody(): Code {
  const SHIFT = 3
  const LOW = 4
  const HIGH = 5
  const x = (i: number) => 6 + i
  const n = (i: number) => 6 + UNROLL + i
  const p = (i: number) => 6 + 2 * UNROLL + i
  // Written stage by stage over the four vectors, so that their dependency chains overlap.
  const stage = (code: (i: number) => Code): Code => join(...LANES.map(code))
  const exp = join(
    stage((i) => join(get(2), load(16 * i), get(SHIFT), F32X4_SUB, splatConst(-87.3), F32X4_MAX, set(x(i)))),
    stage((i) => join(get(x(i)), splatConst(Math.LOG2E), F32X4_MUL, F32X4_NEAREST, set(n(i)))),
    stage((i) => join(get(x(i)), get(n(i)), splatConst(0.693359375), F32X4_MUL, F32X4_SUB, set(x(i)))),
    stage((i) => join(get(x(i)), get(n(i)), splatConst(-2.1219444e-4), F32X4_MUL, F32X4_SUB, set(x(i)))),
    stage((i) => join(splatConst(POLYNOMIAL[0]!), set(p(i)))),
    ...POLYNOMIAL.slice(1).map((c) =>
      stage((i) => join(get(p(i)), get(x(i)), F32X4_MUL, splatConst(c), F32X4_ADD, set(p(i)))),
    ),
    stage((i) =>
      join(
        get(p(i)),
        get(x(i)),
        F32X4_MUL,
        get(x(i)),
        F32X4_MUL,
        get(x(i)),
        F32X4_ADD,
        splatConst(1),
        F32X4_ADD,
        set(p(i)),
      ),
    ),
    stage((i) =>
      join(
        get(n(i)),
        I32X4_TRUNC_SAT_F32X4,
        i32SplatConst(127),
        I32X4_ADD,
        i32Const(23),
        I32X4_SHL,
        get(p(i)),
        F32X4_MUL,
        set(p(i)),
      ),
    ),
  )
  const sum = join(
    get(p(0)),
    get(p(1)),
    F32X4_ADD,
    get(p(2)),
    get(p(3)),
    F32X4_ADD,
    F32X4_ADD,
    tee(p(0)),
    F64X2_PROMOTE_LOW,
    get(LOW),
    F64X2_ADD,
    set(LOW),
    get(p(0)),
    get(p(0)),
    UPPER_HALF,
    F64X2_PROMOTE_LOW,
    get(HIGH),
    F64X2_ADD,
    set(HIGH),
  )
  return join(
    vector([1, I32], [3 + 3 * UNROLL, V128]),
    get(0),
    i32Const(2),
    I32_SHL,
    set(0),
    get(1),
    F32X4_SPLAT,
    set(SHIFT),
    loop(exp, sum, get(2), i32Const(BYTES_A_TURN), I32_ADD, tee(2), get(0), I32_LT_U, continueIf),
    get(LOW),
    get(HIGH),
    F64X2_ADD,
    tee(LOW),
    f64Lane(0),
    get(LOW),
    f64Lane(1),
    F64_ADD,
    [0x0b],
  )
}

/** The module's bytes. */
export function encodeModule(): Uint8Array<ArrayBuffer> {
  const sized = (body: Code): Code => [...u(body.length), ...body]
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, vector([0x60, 1, I32, 1, F32], [0x60, 2, I32, F32, 1, F64])),
    ...section(2, vector([...name('env'), ...name('memory'), 0x02, 0x00, 1])),
    ...section(3, vector([0], [1])),
    ...section(7, vector([...name('maximum'), 0x00, 0], [...name('sumExp'), 0x00, 1])),
    ...section(10, vector(sized(maximumBody()), sized(sumExpBody()))),
  ])
}
