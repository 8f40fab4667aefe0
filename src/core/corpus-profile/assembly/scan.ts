/*
 * AssemblyScript: one look at a document's bytes for all measures of scan.ts, 64 bytes at a time. `npx tsx
 * scripts/build-wasm.ts` compiles it into scan-wasm.ts; test/corpus/wasm.test.ts holds the two together, and
 * test/corpus/profile-scan.test.ts holds it to the plain version on strings. The host fills the tables, puts the document at TEXT and
 * takes what stands in the buffers as often as they are full (scan-memory.ts says where everything lies).
 */

import {
  BROKEN,
  closes,
  decodeAt,
  ELLIPSIS,
  endsLine,
  isBullet,
  isContinuation,
  isQuote,
  isWideEnd,
  lastCharacter,
  REPLACEMENT,
} from './character'
import { hashTerm } from './hash-term'
import { isEntity, isTag } from './html'
import { below, equal, join, letter, within } from './lanes'

export { leastHashes } from './least-hashes'
export { boundNgrams, repeatedCharacters, topCharacters } from './repetition'

/** As in characters.ts. */
const LETTER: i32 = 1
const DIGIT: i32 = 2
const SPACE: i32 = 3
const SINGLE: i32 = 4

/** As in scan-memory.ts. */
const COUNTERS: usize = 0x400
const WATCHED: usize = 0xc00
const SLOTS: usize = 0x2000
const CLASSES: usize = 0x4000
const TERMS: usize = 0x50000
const LENGTHS: usize = 0x90000
const LINE_HASHES: usize = 0xd0000
const LINE_SIZES: usize = 0xe0000
const PARAGRAPHS: usize = 0xf0000
const EVENTS: usize = 0x130000
const TEXT: usize = 0x780000
const TERM_ROOM: i32 = 0x10000
const LINE_ROOM: i32 = 0x4000
const EVENT_ROOM: i32 = 0x1000
/** What one step may add to a buffer. */
const STEP: i32 = 64

const CLASS_TABLE: i32 = 0x40000
const UNKNOWN: i32 = 255
const DONE: i32 = -1
const FULL: i32 = -2
const STOP_KINDS: i32 = 8
const C1: i32 = 0x239b961b
const C2: i32 = 0xab0e9789

/** Counters, in the order of COUNTER_NAMES of scan-memory.ts. */
const CHARACTERS: i32 = 0
const LETTERS: i32 = 1
const SINGLES: i32 = 2
const DIGITS: i32 = 3
const SPACES: i32 = 4
const ILL_FORMED: i32 = 5
const REPLACEMENTS: i32 = 6
const CONTROLS: i32 = 7
const MOJIBAKE: i32 = 8
const WORDS: i32 = 9
const ALPHABETIC_WORDS: i32 = 10
const HASH_SIGNS: i32 = 11
const ELLIPSES: i32 = 12
const CURLY_BRACKETS: i32 = 13
const SENTENCES: i32 = 14
const MARKUP: i32 = 15
const STOP_WORDS: i32 = 16
const STOP_WORD_TERMS: i32 = 17
const LINES: i32 = 18
const BULLET_LINES: i32 = 19
const ELLIPSIS_LINES: i32 = 20
const TERMINAL_LINES: i32 = 21
const LINE_BYTES: i32 = 22
const HASH_HIGH: i32 = 23
const HASH_LOW: i32 = 24
const ENDS_CLOSED: i32 = 25
const TERM_COUNT: i32 = 26
const LINE_COUNT: i32 = 27
const PARAGRAPH_COUNT: i32 = 28
const EVENT_COUNT: i32 = 29
const COUNTER_ROOM: usize = 4 * 30

let end: usize = TEXT
let cursor: usize = TEXT

let termCount: i32 = 0
let lineCount: i32 = 0
let paragraphCount: i32 = 0
let eventCount: i32 = 0
/** Hashes of the two terms before the next. */
let before: i32 = 0
let beforeThat: i32 = 0
/** The term under way: where it began, its characters, whether a letter is among them. */
let isOpen: bool = false
let openFrom: usize = 0
let openCharacters: i32 = 0
let openLetters: bool = false
/** Number of the last word that has a letter. */
let lastAlphabetic: i32 = 0
let isInWord: bool = false
/** The line under way without the white space around it; from = 0: nothing yet. */
let lineFrom: usize = 0
let lineTo: usize = 0
let lastTo: usize = 0
let lastDot: usize = 0
let dots: i32 = 0
let previous: i32 = 0
let beforePrevious: i32 = 0
let lineHigh: i32 = 0
let lineLow: i32 = 0
let paragraphLines: i32 = 0
let paragraphBytes: i32 = 0
let hashHigh: i32 = 0
let hashLow: i32 = 0
/** A block of 256 characters whose classes are not in the table. */
let wanted: i32 = -1

function get(counter: i32): i32 {
  return load<i32>(COUNTERS + ((<usize>counter) << 2))
}

function put(counter: i32, value: i32): void {
  store<i32>(COUNTERS + ((<usize>counter) << 2), value)
}

function add(counter: i32, by: i32): void {
  put(counter, get(counter) + by)
}

function rotate(x: i32, by: i32): i32 {
  return (x << by) | (x >>> (32 - by))
}

function finalMix(value: i32): i32 {
  let h = value ^ (value >>> 16)
  h = h * 0x85ebca6b
  h ^= h >>> 13
  h = h * 0xc2b2ae35
  return h ^ (h >>> 16)
}

/** 64-bit hash of bytes: two lanes of MurmurHash3_x86_128 (A. Appleby, public domain), mixed into each other. */
function hashBytes(from: usize, to: usize): void {
  let h1: i32 = 0x9e3779b9
  let h2: i32 = <i32>(to - from)
  let at = from
  for (; at + 8 <= to; at += 8) {
    h1 ^= rotate(load<i32>(at) * C1, 15) * C2
    h1 = (rotate(h1, 19) + h2) * 5 + 0x561ccd1b
    h2 ^= rotate(load<i32>(at, 4) * C2, 16) * C1
    h2 = (rotate(h2, 17) + h1) * 5 + 0x0bcaa747
  }
  for (; at < to; at++) {
    h1 = (h1 ^ <i32>load<u8>(at)) * C1
    h2 = h2 * 31 + rotate(h1, 13)
  }
  h1 += h2
  h2 += h1
  h1 = finalMix(h1)
  h2 = finalMix(h2)
  hashHigh = h1 + h2
  hashLow = h2 + hashHigh
}

/** @param word number of the word that it stands in */
function endTerm(from: usize, to: usize, length: i32, hasLetter: bool, word: i32): void {
  const hash = hashTerm(from, to)
  store<i32>(TERMS + ((<usize>termCount) << 2), hash)
  store<i32>(LENGTHS + ((<usize>termCount) << 2), length)
  termCount++
  const isNew = hasLetter && word !== lastAlphabetic
  add(ALPHABETIC_WORDS, <i32>isNew)
  lastAlphabetic = isNew ? word : lastAlphabetic
  const watched = <i32>load<u8>(SLOTS + (hash & 0xfff))
  if (watched !== 0 && load<i32>(WATCHED + ((<usize>watched) << 2)) === hash) {
    if (watched <= STOP_KINDS) {
      put(STOP_WORDS, get(STOP_WORDS) | (1 << (watched - 1)))
      add(STOP_WORD_TERMS, 1)
    } else {
      const event = EVENTS + <usize>eventCount * 12
      store<i32>(event, watched)
      store<i32>(event, before, 4)
      store<i32>(event, beforeThat, 8)
      eventCount++
    }
  }
  beforeThat = before
  before = hash
}

function endOpen(at: usize): void {
  if (!isOpen) return
  isOpen = false
  endTerm(openFrom, at, openCharacters, openLetters, get(WORDS))
}

function classOf(code: i32): i32 {
  if (code < CLASS_TABLE) return load<u8>(CLASSES + code)
  return code >= 0xe0100 && code <= 0xe01ef ? LETTER : 0
}

function endParagraph(): void {
  if (paragraphLines === 0) return
  const at = PARAGRAPHS + ((<usize>paragraphCount) << 4)
  store<i32>(at, finalMix(lineHigh))
  store<i32>(at, finalMix(lineLow), 4)
  store<i32>(at, paragraphBytes, 8)
  paragraphCount++
  lineHigh = 0
  lineLow = 0
  paragraphLines = 0
  paragraphBytes = 0
}

/** The line under way is over. */
function endLine(): void {
  if (lineFrom === 0) {
    endParagraph()
    return
  }
  const from = lineFrom
  const to = lineTo
  const length = <i32>(to - from)
  lastTo = to
  lineFrom = 0
  hashBytes(from, to)
  add(LINES, 1)
  add(LINE_BYTES, length)
  store<i32>(LINE_HASHES + ((<usize>lineCount) << 2), hashHigh)
  store<i32>(LINE_SIZES + ((<usize>lineCount) << 2), length)
  lineCount++
  const last = lastCharacter(from, to)
  if (last === ELLIPSIS || (last === 0x2e && length >= 3 && load<u16>(to - 3) === 0x2e2e))
    add(ELLIPSIS_LINES, 1)
  if (endsLine(last)) add(TERMINAL_LINES, 1)
  if (isBullet(from, to)) add(BULLET_LINES, 1)
  lineHigh = (lineHigh ^ hashHigh) * 0x85ebca6b + paragraphLines
  lineLow = (lineLow ^ hashLow) * 0xc2b2ae35 + hashHigh
  if (paragraphLines++ === 0) store<i32>(PARAGRAPHS + ((<usize>paragraphCount) << 4), <i32>(from - TEXT), 12)
  paragraphBytes += length
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
      if (!isInWord) add(WORDS, 1)
      isInWord = true
      if (lineFrom === 0) lineFrom = at
      lineTo = next
      if (kind === LETTER || kind === DIGIT) {
        if (!isOpen) {
          isOpen = true
          openFrom = at
          openCharacters = 0
          openLetters = false
        }
        openCharacters++
        if (kind === LETTER) {
          add(LETTERS, 1)
          openLetters = true
        } else add(DIGITS, 1)
      } else {
        endOpen(at)
        if (kind === SINGLE) {
          add(LETTERS, 1)
          add(SINGLES, 1)
          endTerm(at, next, 1, true, get(WORDS))
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

  const firstWord = get(WORDS)
  const wordBits = inked & ~((inked << 1) | <u64>isInWord)
  add(WORDS, <i32>popcnt(wordBits))
  isInWord = ((inked >>> <u64>(count - 1)) & 1) !== 0

  const termBits = letterBits | digitBits
  const shifted = (termBits << 1) | <u64>isOpen
  let ends = ~termBits & shifted & ours
  let starts = termBits & ~shifted
  if (isOpen) {
    if (ends === 0) {
      openCharacters += count
      if (letterBits !== 0) openLetters = true
    } else {
      const to = <i32>ctz(ends)
      ends &= ends - 1
      isOpen = false
      const own = below(to)
      const word = firstWord + <i32>popcnt(wordBits & own)
      endTerm(openFrom, at + to, openCharacters + to, openLetters || (letterBits & own) !== 0, word)
    }
  }
  while (ends !== 0) {
    const from = <i32>ctz(starts)
    const to = <i32>ctz(ends)
    starts &= starts - 1
    ends &= ends - 1
    const own = below(to)
    endTerm(
      at + from,
      at + to,
      to - from,
      (letterBits & own) >>> <u64>from !== 0,
      firstWord + <i32>popcnt(wordBits & own),
    )
  }
  if (starts !== 0) {
    const from = <i32>ctz(starts)
    isOpen = true
    openFrom = at + from
    openCharacters = count - from
    openLetters = letterBits >>> <u64>from !== 0
  }

  let breaks = join(equal(a, 0x0a), equal(b, 0x0a), equal(c, 0x0a), equal(d, 0x0a)) & ours
  let rest = inked
  while (breaks !== 0) {
    const own = below(<i32>ctz(breaks))
    const line = rest & own
    if (line !== 0) {
      if (lineFrom === 0) lineFrom = at + <usize>ctz(line)
      lineTo = at + 64 - <usize>clz(line)
    }
    endLine()
    rest &= ~own
    breaks &= breaks - 1
  }
  if (rest !== 0) {
    if (lineFrom === 0) lineFrom = at + <usize>ctz(rest)
    lineTo = at + 64 - <usize>clz(rest)
  }

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
  memory.fill(COUNTERS, 0, COUNTER_ROOM)
  before = 0
  beforeThat = 0
  lastAlphabetic = 0
  dots = 0
  previous = 0
  beforePrevious = 0
  lineHigh = 0
  lineLow = 0
  paragraphLines = 0
  paragraphBytes = 0
  isOpen = false
  isInWord = false
  lineFrom = 0
  lineTo = 0
  lastTo = 0
  lastDot = 0
}

/** Look at the document until a buffer is FULL, it is over (DONE), or a block of characters is wanted (its number). */
export function scan(): i32 {
  if (wanted < 0) {
    termCount = 0
    lineCount = 0
    paragraphCount = 0
    eventCount = 0
  }
  wanted = -1
  let at = cursor
  let isFull = false
  while (at < end) {
    isFull =
      termCount > TERM_ROOM - 2 * STEP ||
      lineCount > LINE_ROOM - 2 * STEP ||
      paragraphCount > LINE_ROOM - 2 * STEP ||
      eventCount > EVENT_ROOM - 2 * STEP
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
    endLine()
    endParagraph()
    hashBytes(TEXT, end)
  }
  put(HASH_HIGH, hashHigh)
  put(HASH_LOW, hashLow)
  put(ENDS_CLOSED, <i32>(lastTo === 0 || closes(lastCharacter(TEXT, lastTo))))
  put(TERM_COUNT, termCount)
  put(LINE_COUNT, lineCount)
  put(PARAGRAPH_COUNT, paragraphCount)
  put(EVENT_COUNT, eventCount)
  return isFull ? FULL : DONE
}
