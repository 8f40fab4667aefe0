import { encodeModule } from './normalizer-wasm.js'

/** The part of the WebAssembly API that is used here; neither ES2023 nor Node 20's types declare it. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
}

/**
 * Logarithm of the softmax normaliser of one row of logits, ln Σ_v exp(z_v).
 *
 * The plain form, kept beside the fast one that {@link createNormalizer} makes and tested to agree with it.
 *
 * @param logits  shape (vocabulary)
 * @returns       nats; NaN when a logit is NaN or +∞
 */
export function logNormalizer(logits: Float32Array): number {
  let max = -Infinity
  for (const z of logits) max = z > max || Number.isNaN(z) ? z : max
  let sum = 0
  for (const z of logits) sum += Math.exp(z - max)
  return max + Math.log(sum)
}

/** A row buffer inside a WebAssembly instance, and the normaliser of what lies in it. */
export interface Normalizer {
  /** Write a row here, shape (vocabulary); valid for the life of the instance. */
  readonly row: Float32Array
  /** ln Σ exp over {@link row}; NaN when a logit is NaN or +∞. */
  logNormalizer(): number
  /** The largest logit of the row that was normalised last. */
  readonly largest: number
}

const PAGE_BYTES = 65536
/** Floats that one turn of the module's loops takes. */
const STEP = 16

/**
 * The same sum by WebAssembly SIMD: about 20 times faster than {@link logNormalizer}, exp by a polynomial of
 * relative error below 3e-7, partial sums in double precision.
 */
export function createNormalizer(vocabulary: number): Normalizer {
  const floats = Math.ceil(vocabulary / STEP) * STEP
  const memory = new WebAssembly.Memory({ initial: Math.ceil((floats * 4) / PAGE_BYTES) })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(encodeModule()), { env: { memory } })
  const maximum = instance.exports.maximum as (count: number) => number
  const sumExp = instance.exports.sumExp as (count: number, shift: number) => number
  const all = new Float32Array(memory.buffer, 0, floats)
  // exp(−∞ − max) adds 1e-38 at most: the padding does not count.
  all.fill(-Infinity, vocabulary)
  let largest = Number.NaN
  return {
    row: all.subarray(0, vocabulary),
    logNormalizer() {
      largest = maximum(floats)
      return largest + Math.log(sumExp(floats, largest))
    },
    get largest() {
      return largest
    },
  }
}
