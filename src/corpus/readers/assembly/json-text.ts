/*
 * AssemblyScript: the bytes that a JSON string stands for, 16 at a time. `npx tsx scripts/build-wasm.ts` compiles it into
 * json-text-wasm.ts; test/corpus/readers.test.ts holds it to JSON.parse.
 */

const QUOTE: i32 = 0x22
const BACKSLASH: i32 = 0x5c
const ILL_FORMED: i32 = -1

/** Bytes that the last string stands for. */
let length: i32 = 0

export function textLength(): i32 {
  return length
}

function byteOf(mark: i32): i32 {
  if (mark === 0x6e) return 0x0a
  if (mark === QUOTE || mark === BACKSLASH || mark === 0x2f) return mark
  if (mark === 0x74) return 0x09
  if (mark === 0x72) return 0x0d
  if (mark === 0x66) return 0x0c
  return mark === 0x62 ? 0x08 : ILL_FORMED
}

/** Four hexadecimal digits, or less than 0. */
function unitAt(at: usize, to: usize): i32 {
  if (at + 4 > to) return ILL_FORMED
  let unit: i32 = 0
  for (let i: usize = 0; i < 4; i++) {
    const byte: i32 = load<u8>(at + i)
    const folded = byte | 0x20
    const digit: i32 =
      <u32>(byte - 0x30) < 10 ? byte - 0x30 : <u32>(folded - 0x61) < 6 ? folded - 0x57 : ILL_FORMED
    if (digit < 0) return ILL_FORMED
    unit = (unit << 4) | digit
  }
  return unit
}

/** UTF-8 of a code point, at `out`; returns where it ends. */
function write(code: i32, out: usize): usize {
  if (code < 0x80) {
    store<u8>(out, code)
    return out + 1
  }
  if (code < 0x800) {
    store<u8>(out, 0xc0 | (code >> 6))
    store<u8>(out, 0x80 | (code & 0x3f), 1)
    return out + 2
  }
  if (code < 0x10000) {
    store<u8>(out, 0xe0 | (code >> 12))
    store<u8>(out, 0x80 | ((code >> 6) & 0x3f), 1)
    store<u8>(out, 0x80 | (code & 0x3f), 2)
    return out + 3
  }
  store<u8>(out, 0xf0 | (code >> 18))
  store<u8>(out, 0x80 | ((code >> 12) & 0x3f), 1)
  store<u8>(out, 0x80 | ((code >> 6) & 0x3f), 2)
  store<u8>(out, 0x80 | (code & 0x3f), 3)
  return out + 4
}

/**
 * Write what the string whose first byte is at `from` stands for to `out`. Half a surrogate pair becomes U+FFFD, bytes that are no
 * UTF-8 stay as they are.
 *
 * @param to  end of the line; 16 bytes behind it may be read
 * @returns where the string's quotation mark ends it, and behind it; 0 where it is no string of JSON
 */
export function readString(from: usize, to: usize, out: usize): usize {
  let at = from
  let end = out
  while (at < to) {
    const bytes = v128.load(at)
    v128.store(end, bytes)
    const special = v128.or(
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
    )
    const bits = i8x16.bitmask(special)
    const plain: usize = bits === 0 ? 16 : <usize>ctz(bits)
    at += plain
    end += plain
    if (bits === 0) continue
    if (at + 1 > to) return 0
    const byte: i32 = load<u8>(at)
    if (byte === QUOTE) {
      length = <i32>(end - out)
      return at + 1
    }
    if (byte !== BACKSLASH || at + 2 > to) return 0
    const mark: i32 = load<u8>(at, 1)
    at += 2
    if (mark !== 0x75) {
      const meant = byteOf(mark)
      if (meant < 0) return 0
      store<u8>(end++, meant)
      continue
    }
    let code = unitAt(at, to)
    if (code < 0) return 0
    at += 4
    if ((code & 0xf800) === 0xd800) {
      const low = at + 2 <= to && load<u16>(at) === 0x755c ? unitAt(at + 2, to) : ILL_FORMED
      if (code < 0xdc00 && (low & 0xfc00) === 0xdc00) {
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff)
        at += 6
      } else code = 0xfffd
    }
    end = write(code, end)
  }
  return 0
}
