/** What an ill-formed sequence reads as. */
export const REPLACEMENT = 0xfffd

/** Marks an ill-formed sequence in what {@link decodeAt} returns, so that it differs from a U+FFFD that was written. */
export const ILL_FORMED = 0x200000

/**
 * The character at `at`, whose byte is no ASCII: code point × 8 + bytes. Ill-formed bytes give U+FFFD + {@link ILL_FORMED}
 * for each maximal part of a sequence, as TextDecoder does.
 *
 * Source: WHATWG Encoding, UTF-8 decoder; Unicode 15, Table 3-7.
 */
export function decodeAt(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!
  const bad = (length: number): number => ((REPLACEMENT | ILL_FORMED) << 3) | length
  if (lead < 0xc2 || lead > 0xf4) return bad(1)
  if (at + 1 >= end) return bad(1)
  const second = bytes[at + 1]!
  if (lead < 0xe0)
    return (second & 0xc0) === 0x80 ? ((((lead & 0x1f) << 6) | (second & 0x3f)) << 3) | 2 : bad(1)
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < low || second > high) return bad(1)
  if (at + 2 >= end) return bad(2)
  const third = bytes[at + 2]!
  if ((third & 0xc0) !== 0x80) return bad(2)
  if (lead < 0xf0) return ((((lead & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)) << 3) | 3
  if (at + 3 >= end) return bad(3)
  const fourth = bytes[at + 3]!
  if ((fourth & 0xc0) !== 0x80) return bad(3)
  const code = ((lead & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f)
  return (code << 3) | 4
}
