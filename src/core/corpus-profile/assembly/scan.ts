/*
 * AssemblyScript: one look at a document's bytes for all measures of scan.ts, 64 bytes at a time. `npx tsx
 * scripts/build-wasm.ts` compiles it into scan-wasm.ts; test/corpus/wasm.test.ts holds the two together, and
 * test/corpus/profile-scan.test.ts holds it to the plain version on strings. The host fills the tables, puts the document at TEXT and
 * takes what stands in the buffers as often as they are full (scan-memory.ts says where everything lies).
 */

import { BROKEN, decodeAt, ELLIPSIS, isContinuation, isQuote, isWideEnd, REPLACEMENT } from './character'
import {
  ALPHABETIC_WORDS,
  add,
  CHARACTERS,
  CONTROLS,
  CURLY_BRACKETS,
  clearCounters,
  DIGITS,
  ELLIPSES,
  HASH_SIGNS,
  ILL_FORMED,
  LETTERS,
  MARKUP,
  MOJIBAKE,
  REPLACEMENTS,
  SENTENCES,
  SINGLES,
  SPACES,
  WORDS,
} from './counters'
import { isEntity, isTag } from './html'
import { below, equal, join, letter, within } from './lanes'
import { areLinesFull, beginLines, emptyLines, endLine, endText, ink, TEXT, tellLines } from './lines'
import { areTermsFull, beginTerms, emptyTerms, endTerm, tellTerms } from './terms'

export { leastHashes } from './least-hashes'
export { boundNgrams, repeatedCharacters, topCharacters } from './repetition'

/** As in characters.ts. */
const LETTER: i32 = 1
const DIGIT: i32 = 2
const SPACE: i32 = 3
const SINGLE: i32 = 4

/** As in scan-memory.ts. */
const CLASSES: usize = 0x4000
/** What one step may add to a buffer. */
const STEP: i32 = 64

const CLASS_TABLE: i32 = 0x40000
const UNKNOWN: i32 = 255
const DONE: i32 = -1
const FULL: i32 = -2

let end: usize = TEXT
let cursor: usize = TEXT

/** The term under way: where it began, and its characters. */
let isOpen: bool = false
let openFrom: usize = 0
let openCharacters: i32 = 0
/** Whether a word is under way, and has a letter. */
let isInWord: bool = false
let isAlphabetic: bool = false
let lastDot: usize = 0
let dots: i32 = 0
let previous: i32 = 0
let beforePrevious: i32 = 0
/** A block of 256 characters whose classes are not in the table. */
let wanted: i32 = -1

function endOpen(at: usize): void {
  if (!isOpen) return
  isOpen = false
  endTerm(openFrom, at, openCharacters)
}

function classOf(code: i32): i32 {
  if (code < CLASS_TABLE) return load<u8>(CLASSES + code)
  return code >= 0xe0100 && code <= 0xe01ef ? LETTER : 0
}

/** Whether what follows a full stop lets it end a sentence: white space, a closing mark, or nothing. */
function endsSentence(at: usize): bool {
  if (at >= end) return true
  const byte = load<u8>(at)
  return byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x29 || byte === 0x5d
}

/** A mark of ASCII that means something. */
function mark(at: usize): void {
  const byte = load<u8>(at)
  if (byte === 0x2e) {
    dots = lastDot + 1 === at ? dots + 1 : 1
    lastDot = at
    if (dots === 3) {
      add(ELLIPSES, 1)
      dots = 0
    }
    if (endsSentence(at + 1)) add(SENTENCES, 1)
  } else if (byte === 0x21 || byte === 0x3f) {
    if (endsSentence(at + 1)) add(SENTENCES, 1)
  } else if (byte === 0x3c) {
    if (isTag(at, end)) add(MARKUP, 1)
  } else if (byte === 0x26) {
    if (isEntity(at, end)) add(MARKUP, 1)
  } else add(CONTROLS, 1)
}

function isMojibake(code: i32): bool {
  if (previous === 0xc2 || previous === 0xc3) return isContinuation(code) && !isQuote(code)
  if (beforePrevious === 0xe2)
    return (previous === 0x20ac || previous === 0x201a || previous === 0x201e) && isContinuation(code)
  return (previous === 0xd0 || previous === 0xd1) && isContinuation(beforePrevious) && isContinuation(code)
}

/** The characters from `at` on that are no ASCII; returns where they end. */
function wide(from: usize): usize {
  let at = from
  // One character adds one term at most.
  for (let room = STEP; at < end && load<u8>(at) >= 0x80 && room > 0; room--) {
    const decoded = decodeAt(at, end)
    const next = at + (decoded & 7)
    let code = decoded >> 3
    const isIllFormed = (code & BROKEN) !== 0
    if (isIllFormed) code = REPLACEMENT
    const kind = classOf(code)
    if (kind === UNKNOWN) {
      wanted = code >> 8
      break
    }
    if (isIllFormed) add(ILL_FORMED, 1)
    else if (code === REPLACEMENT) add(REPLACEMENTS, 1)
    if (previous !== 0 && isMojibake(code)) add(MOJIBAKE, 1)
    else if (code < 0xa0 && kind !== SPACE) add(CONTROLS, 1)
    add(CHARACTERS, 1)
    beforePrevious = previous
    previous = code
    if (kind === SPACE) {
      endOpen(at)
      add(SPACES, 1)
      isInWord = false
    } else {
      if (!isInWord) {
        add(WORDS, 1)
        isAlphabetic = false
      }
      isInWord = true
      ink(at, next)
      if (kind === LETTER || kind === SINGLE) {
        add(LETTERS, 1)
        if (!isAlphabetic) add(ALPHABETIC_WORDS, 1)
        isAlphabetic = true
      }
      if (kind === LETTER || kind === DIGIT) {
        if (!isOpen) {
          isOpen = true
          openFrom = at
          openCharacters = 0
        }
        openCharacters++
        if (kind === DIGIT) add(DIGITS, 1)
      } else {
        endOpen(at)
        if (kind === SINGLE) {
          add(SINGLES, 1)
          endTerm(at, next, 1)
        } else if (code === ELLIPSIS) add(ELLIPSES, 1)
        else if (isWideEnd(code)) add(SENTENCES, 1)
      }
    }
    at = next
  }
  return at
}

function space(bytes: v128): v128 {
  return v128.or(i8x16.eq(bytes, i8x16.splat(0x20)), within(bytes, 0x09, 5))
}

/** . ! ? < & and control characters that are no white space. */
function special(bytes: v128, isSpace: v128): v128 {
  const marks = v128.or(
    v128.or(equal(bytes, 0x2e), equal(bytes, 0x21)),
    v128.or(equal(bytes, 0x3f), equal(bytes, 0x3c)),
  )
  const control = v128.andnot(v128.or(within(bytes, 0, 0x20), equal(bytes, 0x7f)), isSpace)
  return v128.or(v128.or(marks, equal(bytes, 0x26)), control)
}

/** As many characters of ASCII as stand at `at`, 64 at most; returns where they end. */
function narrow(at: usize): usize {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  const count = min<i32>(<i32>min<usize>(64, end - at), <i32>ctz(join(a, b, c, d)))
  const ours = below(count)
  const letterBits = join(letter(a), letter(b), letter(c), letter(d)) & ours
  const digitBits =
    join(within(a, 0x30, 10), within(b, 0x30, 10), within(c, 0x30, 10), within(d, 0x30, 10)) & ours
  const sa = space(a)
  const sb = space(b)
  const sc = space(c)
  const sd = space(d)
  const spaceBits = join(sa, sb, sc, sd) & ours
  const inked = ours & ~spaceBits
  add(CHARACTERS, count)
  add(LETTERS, <i32>popcnt(letterBits))
  add(DIGITS, <i32>popcnt(digitBits))
  add(SPACES, <i32>popcnt(spaceBits))
  add(HASH_SIGNS, <i32>popcnt(join(equal(a, 0x23), equal(b, 0x23), equal(c, 0x23), equal(d, 0x23)) & ours))
  add(
    CURLY_BRACKETS,
    <i32>popcnt(join(equal(a, 0x7b), equal(b, 0x7b), equal(c, 0x7b), equal(d, 0x7b)) & ours),
  )

  const wordBits = inked & ~((inked << 1) | <u64>isInWord)
  add(WORDS, <i32>popcnt(wordBits))
  // From the beginning of each word that has no letter yet, a carry runs up to its first one.
  const others = inked & ~letterBits
  const open = <u64>(isInWord && !isAlphabetic) & inked
  const reached = (others + (wordBits | open)) & ~others & letterBits
  add(ALPHABETIC_WORDS, <i32>popcnt(reached))
  const last = inked << (<u64>(64 - count))
  const lastWord = <i32>clz(~last)
  isAlphabetic =
    lastWord > 0 &&
    ((isAlphabetic && isInWord && lastWord >= count) ||
      letterBits >>> <u64>(count - min<i32>(lastWord, count)) !== 0)
  isInWord = lastWord > 0

  const termBits = letterBits | digitBits
  const shifted = (termBits << 1) | <u64>isOpen
  let ends = ~termBits & shifted & ours
  let starts = termBits & ~shifted
  if (isOpen) {
    if (ends === 0) openCharacters += count
    else {
      const to = <i32>ctz(ends)
      ends &= ends - 1
      isOpen = false
      endTerm(openFrom, at + to, openCharacters + to)
    }
  }
  while (ends !== 0) {
    const from = <i32>ctz(starts)
    const to = <i32>ctz(ends)
    starts &= starts - 1
    ends &= ends - 1
    endTerm(at + from, at + to, to - from)
  }
  if (starts !== 0) {
    const from = <i32>ctz(starts)
    isOpen = true
    openFrom = at + from
    openCharacters = count - from
  }

  let breaks = join(equal(a, 0x0a), equal(b, 0x0a), equal(c, 0x0a), equal(d, 0x0a)) & ours
  let rest = inked
  while (breaks !== 0) {
    const own = below(<i32>ctz(breaks))
    const line = rest & own
    if (line !== 0) ink(at + <usize>ctz(line), at + 64 - <usize>clz(line))
    endLine()
    rest &= ~own
    breaks &= breaks - 1
  }
  if (rest !== 0) ink(at + <usize>ctz(rest), at + 64 - <usize>clz(rest))

  let marks = join(special(a, sa), special(b, sb), special(c, sc), special(d, sd)) & ours
  while (marks !== 0) {
    mark(at + <usize>ctz(marks))
    marks &= marks - 1
  }
  previous = 0
  return at + count
}

/** A document of `length` bytes stands at TEXT, and 64 bytes that do not matter behind it. */
export function begin(length: i32): void {
  end = TEXT + <usize>length
  cursor = TEXT
  clearCounters()
  beginTerms()
  beginLines()
  dots = 0
  lastDot = 0
  previous = 0
  beforePrevious = 0
  isOpen = false
  isInWord = false
  isAlphabetic = false
}

/** Look at the document until a buffer is FULL, it is over (DONE), or a block of characters is wanted (its number). */
export function scan(): i32 {
  if (wanted < 0) {
    emptyTerms()
    emptyLines()
  }
  wanted = -1
  let at = cursor
  let isFull = false
  while (at < end) {
    isFull = areTermsFull(2 * STEP) || areLinesFull(2 * STEP)
    if (isFull) break
    at = load<u8>(at) < 0x80 ? narrow(at) : wide(at)
    if (wanted >= 0) {
      cursor = at
      return wanted
    }
  }
  cursor = at
  if (!isFull) {
    endOpen(end)
    endText(end)
  }
  tellTerms()
  tellLines()
  return isFull ? FULL : DONE
}
