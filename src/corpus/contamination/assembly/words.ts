/*
 * AssemblyScript: cuts a document into normalised words (words.ts says what they are), 64 bytes at a time; seek.ts looks up what they
 * took. `npx tsx scripts/build-wasm.ts` compiles it into words-wasm.ts; src/corpus/contamination/contamination.test.ts holds it to
 * plain strings. The host lays the memory out (word-memory.ts).
 */
import { hashTerm } from '../../../core/corpus-profile/assembly/hash-term'
import { below, equal, join, letter, within } from '../../../core/corpus-profile/assembly/lanes'
import { decodeAt } from '../../names/assembly/decode'
import { seek, TAKEN } from './seek'

export { events, reset, setFilters, wordsTaken } from './seek'

/** As in words.ts. */
const SEPARATOR: i32 = 0
const SKIPPED: i32 = 1
const UNSPACED: i32 = 0x1000000
const SEVERAL: i32 = 0x2000000
/** The characters around one that did not occur yet are wanted. */
const UNKNOWN: i32 = -1

/** As in word-memory.ts. */
const WORD: usize = 0x31000
const WORD_ROOM: i32 = 0x1000
const FOLDED: usize = 0x40000
const SEQUENCES: usize = 0x140000
const WORDS_AT_ONCE: i32 = 0x800

const CODE_TABLE: i32 = 0x40000
const DONE: i32 = -1
const FULL: i32 = -2

let cursor: usize = 0
let end: usize = 0
let document: i32 = 0
/** Words of this reading, and those of the document before them. */
let taken: i32 = 0
let inDocument: i32 = 0
let wanted: i32 = -1
let isOpen: bool = false
let isMixed: bool = false
let openFrom: usize = 0

/** A document of `length` bytes stands at `at`, and 64 bytes that do not matter behind it. */
export function begin(at: usize, length: i32, number: i32): void {
  cursor = at
  end = at + <usize>length
  document = number
  inDocument = 0
  taken = 0
  isOpen = false
}

function take(word: i32): void {
  store<i32>(TAKEN + ((<usize>taken) << 2), word)
  taken++
}

function foldedAt(code: i32): i32 {
  if (code < CODE_TABLE) return load<i32>(FOLDED + ((<usize>code) << 2))
  return code >= 0xe0100 && code <= 0xe01ef ? SKIPPED : SEPARATOR
}

/** Bytes of the word that is put together at WORD; what is too long for it is left out. */
let wordLength: i32 = 0
/** Whether its letters are of a script without spaces. */
let isUnspaced: bool = false

function endWord(): void {
  if (wordLength > 0) take(hashTerm(WORD, WORD + <usize>wordLength))
  wordLength = 0
}

/** Whether a word ends behind a letter of a script without spaces: behind half of them, always the same ones. */
function endsWord(letter: i32): bool {
  return letter >= UNSPACED && letter < SEVERAL && (letter & 0xffffff) * 0x9e3779b1 < 0
}

function putLetter(letter: i32): void {
  if (letter === SKIPPED) return
  if (letter === SEPARATOR || letter >= UNSPACED !== isUnspaced) endWord()
  if (letter === SEPARATOR || wordLength > WORD_ROOM - 16) return
  isUnspaced = letter >= UNSPACED
  const code = letter & 0xffffff
  let at = WORD + <usize>wordLength
  if (code < 0x80) {
    store<u8>(at++, <u8>code)
  } else {
    // Any bytes do that no word of ASCII has.
    store<u8>(at++, <u8>(0x80 | (code >>> 14)))
    store<u8>(at++, <u8>(0x80 | ((code >>> 7) & 0x7f)))
    store<u8>(at++, <u8>(0x80 | (code & 0x7f)))
  }
  wordLength = <i32>(at - WORD)
  if (endsWord(letter)) endWord()
}

/** What stands between separators and holds more than letters and digits of ASCII. */
function mixed(from: usize, to: usize): void {
  wordLength = 0
  for (let at = from; at < to; ) {
    const decoded = decodeAt(at, to)
    const letter = foldedAt(decoded >> 3)
    if (letter < SEVERAL) putLetter(letter)
    else {
      const sequence = SEQUENCES + ((<usize>(letter - SEVERAL)) << 2)
      const length = load<i32>(sequence)
      for (let i = 1; i <= length; i++) putLetter(load<i32>(sequence + ((<usize>i) << 2)))
    }
    at += decoded & 7
  }
  endWord()
}

function endRun(to: usize): void {
  if (!isOpen) return
  isOpen = false
  if (isMixed) mixed(openFrom, to)
  else take(hashTerm(openFrom, to))
}

/** The characters from `at` on that are no ASCII; returns where they end. */
function wide(from: usize): usize {
  let at = from
  while (at < end && load<u8>(at) >= 0x80) {
    const decoded = decodeAt(at, end)
    const letter = foldedAt(decoded >> 3)
    if (letter === UNKNOWN) {
      wanted = decoded >> 11
      break
    }
    if (letter === SEPARATOR) endRun(at)
    else {
      if (!isOpen) openFrom = at
      isOpen = true
      isMixed = true
    }
    at += decoded & 7
    // A text without spaces is one run: it is handed on in pieces, where a word ends if one does; no run has more words than there is room for.
    const length = at - openFrom
    if (isOpen && ((length > 1024 && endsWord(letter)) || length > 2048)) endRun(at)
    if (taken > WORDS_AT_ONCE) break
  }
  return at
}

/** Letters, digits, and the apostrophe, which vanishes. */
function isOfWord(bytes: v128): v128 {
  return v128.or(v128.or(letter(bytes), within(bytes, 0x30, 10)), apostrophe(bytes))
}

function apostrophe(bytes: v128): v128 {
  return equal(bytes, 0x27)
}

/** As many characters of ASCII as stand at `at`, 64 at most; returns where they end. */
function narrow(at: usize): usize {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  const count = min<i32>(<i32>min<usize>(64, end - at), <i32>ctz(join(a, b, c, d)))
  const ours = below(count)
  const words = join(isOfWord(a), isOfWord(b), isOfWord(c), isOfWord(d)) & ours
  const vanishing = join(apostrophe(a), apostrophe(b), apostrophe(c), apostrophe(d)) & ours
  const shifted = (words << 1) | <u64>isOpen
  let ends = ~words & shifted & ours
  let starts = words & ~shifted
  if (isOpen) {
    if (ends === 0) {
      if (vanishing !== 0) isMixed = true
    } else {
      const to = ctz(ends)
      ends &= ends - 1
      if ((vanishing & below(<i32>to)) !== 0) isMixed = true
      endRun(at + <usize>to)
    }
  }
  while (ends !== 0) {
    const from = ctz(starts)
    const to = ctz(ends)
    starts &= starts - 1
    ends &= ends - 1
    if (vanishing !== 0 && (vanishing & below(<i32>to)) >>> from !== 0)
      mixed(at + <usize>from, at + <usize>to)
    else take(hashTerm(at + <usize>from, at + <usize>to))
  }
  if (starts !== 0) {
    const from = ctz(starts)
    isOpen = true
    openFrom = at + <usize>from
    isMixed = vanishing >>> from !== 0
  }
  return at + <usize>count
}

/** Read on until enough words were taken (FULL), the document is over (DONE), or a block of characters is wanted (its number). */
export function read(): i32 {
  if (wanted < 0) {
    inDocument += taken
    taken = 0
  }
  wanted = -1
  let at = cursor
  while (at < end && taken <= WORDS_AT_ONCE) {
    at = load<u8>(at) < 0x80 ? narrow(at) : wide(at)
    if (wanted >= 0) {
      cursor = at
      return wanted
    }
  }
  cursor = at
  const isOver = at >= end
  if (isOver) endRun(end)
  seek(taken, document, inDocument)
  return isOver ? DONE : FULL
}
