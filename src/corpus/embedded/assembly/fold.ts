/* AssemblyScript: foldText of names/fold.ts over 16 bytes at a time. */

import { decodeAt, REPLACEMENT } from '../../names/assembly/decode'
import { classOf, NONE } from './classes'

const FOLD_SPACE: i32 = 1
const FOLD_INVISIBLE: i32 = 2
const FOLD_PUNCTUATION: i32 = 4
const FOLD_WIDTH: i32 = 8
const FOLD_LIGATURE: i32 = 16
const FOLD_EMPHASIS: i32 = 32
const LINE_BREAK: i32 = 0x0a
const HYPHEN: i32 = 0x2d
const UNDERSCORE: i32 = 0x5f
const GONE: i32 = -1

let folds: i32 = 0
let foldEnd: usize = 0

function isSpace(c: i32): bool {
  if (c <= 0xa0) return c === 0x20 || (c >= 0x09 && c <= 0x0d) || c === 0x85 || c === 0xa0
  if (c < 0x2000 || c > 0x3000) return false
  return c <= 0x200a || c === 0x2028 || c === 0x2029 || c === 0x202f || c === 0x205f || c === 0x3000
}

function isEastAsian(c: i32): bool {
  if (c < 0x2e80) return false
  return (
    c <= 0x312f ||
    (c >= 0x3190 && c <= 0xa4cf) ||
    (c >= 0xf900 && c <= 0xfaff) ||
    (c >= 0x20000 && c <= 0x3ffff)
  )
}

/** What a character is folded to by itself; GONE where it vanishes. Ligatures stay: they are letters, too. */
function folded(c: i32): i32 {
  if (c < 0xa1) return c
  if (
    (folds & FOLD_INVISIBLE) !== 0 &&
    (c === 0xad ||
      c === 0x200b ||
      c === 0x200e ||
      c === 0x200f ||
      (c >= 0x202a && c <= 0x202e) ||
      c === 0x2060 ||
      (c >= 0x2066 && c <= 0x2069) ||
      c === 0xfeff)
  )
    return GONE
  if ((folds & FOLD_WIDTH) !== 0 && c >= 0xff01 && c <= 0xff5e && c !== 0xff3f) return c - 0xfee0
  if ((folds & FOLD_PUNCTUATION) !== 0) {
    if (c === 0x2bb || c === 0x2bc || c === 0x2018 || c === 0x2019 || c === 0x201b) return 0x27
    if (c >= 0x201c && c <= 0x201f) return 0x22
    if ((c >= 0x2010 && c <= 0x2013) || c === 0x2212) return 0x2d
  }
  return c
}

/** The first character at or after `at` that stays, folded; −1 at the end. `peekedAt` and `peekedEnd` are its edges. */
let peekedAt: usize = 0
let peekedEnd: usize = 0
function peek(at: usize): i32 {
  let here = at
  while (here < foldEnd) {
    const decoded = decodeAt(here, foldEnd)
    const c = folded(decoded >> 3)
    peekedAt = here
    peekedEnd = here + (decoded & 7)
    if (c !== GONE) return c
    here = peekedEnd
  }
  peekedAt = foldEnd
  peekedEnd = foldEnd
  return -1
}

/** Code point that ends before `at`, −1 at `begin`. */
function charBefore(begin: usize, at: usize): i32 {
  if (at <= begin) return -1
  let start = at - 1
  while (start > begin && at - start < 4 && (load<u8>(start) & 0xc0) === 0x80) start--
  const decoded = decodeAt(start, at)
  return start + (decoded & 7) === at ? decoded >> 3 : REPLACEMENT
}

function isWordCharacter(c: i32): bool {
  return c >= 0 && classOf(c) !== NONE
}

function ligature(c: i32, to: usize): usize {
  if (c >= 0xfb05) {
    store<u8>(to, 0x73)
    store<u8>(to, 0x74, 1)
    return to + 2
  }
  const isDouble = c === 0xfb00 || c >= 0xfb03
  store<u8>(to, 0x66)
  let end = to + 1
  if (isDouble) {
    store<u8>(end, 0x66)
    end++
  }
  if (c === 0xfb00) return end
  store<u8>(end, c === 0xfb01 || c === 0xfb03 ? 0x69 : 0x6c)
  return end + 1
}

function is(bytes: v128, value: i32): v128 {
  return i8x16.eq(bytes, i8x16.splat(<i8>value))
}

/** Line breaks between a character of ASCII that is no hyphen and a visible one, which are folded to one space. */
function loneBreaks(at: usize, bytes: v128, next: v128): v128 {
  if ((folds & FOLD_SPACE) === 0) return i8x16.splat(0)
  const before = v128.load(at - 1)
  const plain = v128.andnot(i8x16.ge_s(before, i8x16.splat(0)), is(before, HYPHEN))
  return v128.and(v128.and(is(bytes, LINE_BREAK), plain), i8x16.gt_s(next, i8x16.splat(0x20)))
}

/** Bytes at which something may have to be folded, as bits; others of the 16 are copied (a lone line break as a space). */
function specialBytes(at: usize): i32 {
  const bytes = v128.load(at)
  const next = v128.load(at, 1)
  const spaces = i8x16.eq(bytes, i8x16.splat(0x20))
  let special = v128.or(
    v128.andnot(i8x16.lt_u(bytes, i8x16.splat(0x20)), loneBreaks(at, bytes, next)),
    v128.and(spaces, i8x16.le_u(next, i8x16.splat(0x20))),
  )
  if ((folds & FOLD_EMPHASIS) !== 0) special = v128.or(special, i8x16.eq(bytes, i8x16.splat(0x5f)))
  if (i8x16.bitmask(v128.or(bytes, next)) === 0) return i8x16.bitmask(special)
  const lead = v128.or(v128.or(is(next, 0xc2), is(next, 0xe2)), v128.or(is(next, 0xe3), is(next, 0xef)))
  special = v128.or(special, v128.and(spaces, lead))
  const c2 = v128.and(is(bytes, 0xc2), v128.or(v128.or(is(next, 0x85), is(next, 0xa0)), is(next, 0xad)))
  const ca = v128.and(is(bytes, 0xca), v128.or(is(next, 0xbb), is(next, 0xbc)))
  const e2 = v128.and(is(bytes, 0xe2), v128.or(v128.or(is(next, 0x80), is(next, 0x81)), is(next, 0x88)))
  const e3 = v128.and(is(bytes, 0xe3), is(next, 0x80))
  const ef = v128.and(
    is(bytes, 0xef),
    v128.or(v128.or(is(next, 0xac), is(next, 0xbb)), v128.or(is(next, 0xbc), is(next, 0xbd))),
  )
  return i8x16.bitmask(v128.or(v128.or(special, v128.or(c2, ca)), v128.or(e2, v128.or(e3, ef))))
}

/**
 * As foldText of names/fold.ts: the text at from…end folded to `to`, which must have as much room; 32 bytes of 0 must
 * follow the text.
 *
 * @param bits  of what is folded, in the order of FOLDS
 * @returns     end of the folded text
 */
export function fold(from: usize, end: usize, to: usize, bits: i32): usize {
  folds = bits
  foldEnd = end
  let at = from
  let out = to
  // Underscores that are dropped stand between a line break and what is before it all the same.
  let afterUnderscore = false
  while (at < end) {
    const special = specialBytes(at)
    const plain = min<usize>(special === 0 ? 16 : ctz(special), end - at)
    if (plain > 0) {
      const bytes = v128.load(at)
      v128.store(out, v128.bitselect(i8x16.splat(0x20), bytes, loneBreaks(at, bytes, v128.load(at, 1))))
      at += plain
      out += plain
      afterUnderscore = false
      continue
    }
    const c = peek(at)
    if (c < 0) break
    const isSoft = peekedAt - at === 2 && load<u8>(at) === 0xc2 && load<u8>(at, 1) === 0xad
    at = peekedAt
    if ((folds & FOLD_SPACE) !== 0 && isSpace(c)) {
      let breaks = 0
      let next = c
      while (isSpace(next)) {
        if (next === LINE_BREAK) breaks++
        at = peekedEnd
        next = peek(at)
      }
      const before = charBefore(to, out)
      const joins =
        breaks === 1 &&
        !afterUnderscore &&
        ((isSoft && before !== UNDERSCORE) ||
          (isEastAsian(next) && isEastAsian(before)) ||
          (before === HYPHEN && isWordCharacter(next) && isWordCharacter(charBefore(to, out - 1))))
      if (!joins) {
        store<u8>(out, breaks > 1 ? 0x0a : 0x20)
        out++
      }
      afterUnderscore = false
    } else if ((folds & FOLD_EMPHASIS) !== 0 && c === UNDERSCORE) {
      let count = 0
      let next = c
      while (next === UNDERSCORE) {
        count++
        at = peekedEnd
        next = peek(at)
      }
      afterUnderscore = isWordCharacter(charBefore(to, out)) !== isWordCharacter(next)
      if (!afterUnderscore) {
        memory.fill(out, 0x5f, count)
        out += count
      }
    } else if ((folds & FOLD_LIGATURE) !== 0 && c >= 0xfb00 && c <= 0xfb06) {
      out = ligature(c, out)
      at = peekedEnd
      afterUnderscore = false
    } else {
      if (c < 0x80 && load<u8>(at) >= 0x80) {
        store<u8>(out, <u8>c)
        out++
      } else {
        memory.copy(out, at, peekedEnd - at)
        out += peekedEnd - at
      }
      at = peekedEnd
      afterUnderscore = false
    }
  }
  return out
}
