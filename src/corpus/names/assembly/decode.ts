/* AssemblyScript: shared by embedded/assembly/matcher.ts and contamination/assembly/words.ts. */

export const REPLACEMENT: i32 = 0xfffd

/** As decodeAt of names/utf8.ts: code point × 8 + length. */
export function decodeAt(at: usize, to: usize): i32 {
  const first: i32 = load<u8>(at)
  const bad = (REPLACEMENT << 3) | 1
  if (first < 0x80) return (first << 3) | 1
  const second: i32 = at + 1 < to ? load<u8>(at, 1) : 0
  if ((second & 0xc0) !== 0x80) return bad
  if (first >= 0xc2 && first < 0xe0) return ((((first & 0x1f) << 6) | (second & 0x3f)) << 3) | 2
  const third: i32 = at + 2 < to ? load<u8>(at, 2) : 0
  if ((third & 0xc0) !== 0x80) return bad
  if ((first & 0xf0) === 0xe0) {
    const code = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)
    return code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? (code << 3) | 3 : bad
  }
  const fourth: i32 = at + 3 < to ? load<u8>(at, 3) : 0
  if (first < 0xf0 || first > 0xf4 || (fourth & 0xc0) !== 0x80) return bad
  const code = ((first & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f)
  return code >= 0x10000 && code <= 0x10ffff ? (code << 3) | 4 : bad
}
