const REPLACEMENT = 0xfffd

/**
 * Decode the character that begins at `bytes[at]` (UTF-8, strict as WHATWG's decoder).
 *
 * @returns the code point times 8 plus its length in bytes; an invalid byte is U+FFFD of length 1
 */
export function decodeAt(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return (lead << 3) | 1
  const second = at + 1 < end ? bytes[at + 1]! : 0
  if ((second & 0xc0) !== 0x80) return (REPLACEMENT << 3) | 1
  if (lead >= 0xc2 && lead < 0xe0) return ((((lead & 0x1f) << 6) | (second & 0x3f)) << 3) | 2
  const third = at + 2 < end ? bytes[at + 2]! : 0
  if ((third & 0xc0) !== 0x80) return (REPLACEMENT << 3) | 1
  if ((lead & 0xf0) === 0xe0) {
    const code = ((lead & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)
    const valid = code >= 0x800 && (code < 0xd800 || code > 0xdfff)
    return valid ? (code << 3) | 3 : (REPLACEMENT << 3) | 1
  }
  const fourth = at + 3 < end ? bytes[at + 3]! : 0
  if (lead < 0xf0 || lead > 0xf4 || (fourth & 0xc0) !== 0x80) return (REPLACEMENT << 3) | 1
  const code = ((lead & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f)
  return code >= 0x10000 && code <= 0x10ffff ? (code << 3) | 4 : (REPLACEMENT << 3) | 1
}

/** Code point of the character that ends just before `at`; U+FFFD where the bytes are not UTF-8. `at` > `begin`. */
export function decodeBefore(bytes: Uint8Array, at: number, begin: number): number {
  let start = at - 1
  while (start > begin && at - start < 4 && (bytes[start]! & 0xc0) === 0x80) start--
  const decoded = decodeAt(bytes, start, at)
  return start + (decoded & 7) === at ? decoded >> 3 : REPLACEMENT
}
