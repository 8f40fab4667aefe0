/* AssemblyScript: what single characters are to scan.ts. */

export const REPLACEMENT: i32 = 0xfffd
export const BROKEN: i32 = 0x200000
export const ELLIPSIS: i32 = 0x2026

/**
 * As decodeAt of corpus/names/utf8.ts, but a maximal part of an ill-formed sequence is one character, as TextDecoder has it, and
 * told from a U+FFFD that was written: code point × 8 + bytes. Source: WHATWG Encoding, UTF-8 decoder; Unicode 15, Table 3-7.
 */
export function decodeAt(at: usize, to: usize): i32 {
  const lead: i32 = load<u8>(at)
  const bad = (REPLACEMENT | BROKEN) << 3
  if (lead < 0xc2 || lead > 0xf4 || at + 1 >= to) return bad | 1
  const second: i32 = load<u8>(at, 1)
  if (lead < 0xe0)
    return (second & 0xc0) === 0x80 ? ((((lead & 0x1f) << 6) | (second & 0x3f)) << 3) | 2 : bad | 1
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < low || second > high) return bad | 1
  if (at + 2 >= to) return bad | 2
  const third: i32 = load<u8>(at, 2)
  if ((third & 0xc0) !== 0x80) return bad | 2
  if (lead < 0xf0) return ((((lead & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)) << 3) | 3
  if (at + 3 >= to) return bad | 3
  const fourth: i32 = load<u8>(at, 3)
  if ((fourth & 0xc0) !== 0x80) return bad | 3
  return (
    ((((lead & 0x07) << 18) | ((second & 0x3f) << 12) | ((third & 0x3f) << 6) | (fourth & 0x3f)) << 3) | 4
  )
}

/** Last character before `to`, of what begins at `from` or later; U+FFFD for what is ill-formed. */
export function lastCharacter(from: usize, to: usize): i32 {
  let at = to - 1
  if (load<u8>(at) < 0x80) return load<u8>(at)
  while (at > from && to - at < 4 && (load<u8>(at) & 0xc0) === 0x80) at--
  if (load<u8>(at) < 0x80) return REPLACEMENT
  const decoded = decodeAt(at, to)
  return at + (decoded & 7) === to ? (decoded >> 3) & ~BROKEN : REPLACEMENT
}

/** 。！？ */
export function isWideEnd(code: i32): bool {
  return code === 0x3002 || code === 0xff01 || code === 0xff1f
}

/** What a line of prose ends with. Source: Raffel et al., arXiv:1910.10683, Section 2.2; and its like in other scripts. */
export function endsLine(code: i32): bool {
  return (
    code === 0x2e || code === 0x21 || code === 0x3f || code === 0x22 || code === 0x201d || isWideEnd(code)
  )
}

/** What ends a sentence, or closes one that has ended: .!?…。！？"'”’»」』)]）】*`:;|> */
export function closes(code: i32): bool {
  if (endsLine(code) || code === ELLIPSIS || code === 0x27 || code === 0x2019 || code === 0xbb) return true
  if (code === 0x300d || code === 0x300f || code === 0xff09 || code === 0x3011 || code === 0x29) return true
  if (code === 0x5d || code === 0x2a || code === 0x60 || code === 0x3a || code === 0x3b) return true
  return code === 0x7c || code === 0x3e
}

/** A bullet stands at the beginning; `-` and `*` with a space behind them. */
export function isBullet(from: usize, to: usize): bool {
  const first = load<u8>(from)
  if (first === 0x2d || first === 0x2a) return to - from > 1 && load<u8>(from, 1) === 0x20
  if (first !== 0xe2) return false
  const code = decodeAt(from, to) >> 3
  return code === 0x2022 || code === 0x2023 || code === 0x25aa || code === 0x25cf
}

/** A character that Windows-1252 has at 0x80–0x9F, or one of 0xA0–0xBF: the second half of a letter read twice. */
export function isContinuation(code: i32): bool {
  if (code >= 0x80 && code <= 0xbf) return true
  if (code === 0x20ac || code === 0x201a || code === 0x192 || code === 0x201e || code === ELLIPSIS)
    return true
  if (code === 0x2020 || code === 0x2021 || code === 0x2c6 || code === 0x2030 || code === 0x160) return true
  if (code === 0x2039 || code === 0x152 || code === 0x17d || code === 0x2018 || code === 0x2019) return true
  if (code === 0x201c || code === 0x201d || code === 0x2022 || code === 0x2013 || code === 0x2014) return true
  if (code === 0x2dc || code === 0x2122 || code === 0x161 || code === 0x203a || code === 0x153) return true
  return code === 0x17e || code === 0x178
}

/** … ‘ ’ “ ” – —: these follow a capital letter in good text as well. */
export function isQuote(code: i32): bool {
  if (code === ELLIPSIS || code === 0x2018 || code === 0x2019 || code === 0x201c) return true
  return code === 0x201d || code === 0x2013 || code === 0x2014
}
