/*
 * AssemblyScript: cuts a document into normalised words (words.ts says what they are), 64 bytes at a time, and looks each three of
 * them up in the filters of what is sought (matcher.ts says how). `npx tsx scripts/build-wasm.ts` compiles it into words-wasm.ts;
 * src/corpus/contamination/contamination.test.ts holds it to plain strings. The host lays the memory out (word-memory.ts).
 */
import { hashTerm } from '../../../core/corpus-profile/assembly/hash-term'
import { below, equal, join, letter, within } from '../../../core/corpus-profile/assembly/lanes'
import { decodeAt } from '../../names/assembly/decode'

/** As in words.ts. */
const SEPARATOR: i32 = 0
const SKIPPED: i32 = 1
const ALONE: i32 = 0x1000000
const SEVERAL: i32 = 0x2000000
/** The characters around one that did not occur yet are wanted. */
const UNKNOWN: i32 = -1

/** As in word-memory.ts. */
const NEAR: usize = 0xf00
const KEPT: usize = 0x1000
const DOCUMENTS: usize = 0x9000
const KEPT_MASK: i32 = 0x1fff
const EVENTS: usize = 0x11000
const WORD: usize = 0x31000
const WORD_ROOM: i32 = 0x1000
const FOLDED: usize = 0x40000
const SEQUENCES: usize = 0x140000
const ANCHORS: usize = 0x180000
const WORDS_AT_ONCE: i32 = 0x800

const CODE_TABLE: i32 = 0x40000
const DONE: i32 = -1
const FULL: i32 = -2
const HIT: i32 = 0
const GRAM: i32 = 1
const PUBLISHED_N: i32 = 13
const SEEDS_IN_PUBLISHED: i32 = 11
const SEED_LIMIT: i32 = 0x7fffffff
const NEVER: i32 = -0x40000000

let pairs: usize = 0
let pairMask: i32 = 0
let seeds: usize = 0
let seedMask: i32 = 0
let leasts: usize = 0
let leastMask: i32 = 0
let grams: usize = 0
let gramMask: i32 = 0

let cursor: usize = 0
let end: usize = 0
let document: i32 = 0
let position: i32 = KEPT_MASK + 1
let taken: i32 = 0
let inDocument: i32 = 0
let eventCount: i32 = 0
let wanted: i32 = -1
let isOpen: bool = false
let isMixed: bool = false
let openFrom: usize = 0
let leastHash: i32 = SEED_LIMIT
let leastAt: i32 = NEVER
let isPublished: bool = false

export function setFilters(
  pairs_: usize,
  pairMask_: i32,
  seeds_: usize,
  seedMask_: i32,
  leasts_: usize,
  leastMask_: i32,
  grams_: usize,
  gramMask_: i32,
): void {
  pairs = pairs_
  pairMask = pairMask_
  seeds = seeds_
  seedMask = seedMask_
  leasts = leasts_
  leastMask = leastMask_
  grams = grams_
  gramMask = gramMask_
}

/** A unit begins: nothing stands before its first word. */
export function reset(): void {
  memory.fill(KEPT, 0, (<usize>(KEPT_MASK + 1)) << 2)
  position = KEPT_MASK + 1
  leastAt = NEVER
  leastHash = SEED_LIMIT
  isPublished = false
}

/** A document of `length` bytes stands at `at`, and 64 bytes that do not matter behind it. */
export function begin(at: usize, length: i32, number: i32): void {
  cursor = at
  end = at + <usize>length
  document = number
  inDocument = 0
  isOpen = false
}

export function wordsTaken(): i32 {
  return position
}

export function events(): i32 {
  return eventCount
}

function wordAt(at: i32): i32 {
  return load<i32>(KEPT + ((<usize>(at & KEPT_MASK)) << 2))
}

/** As seedHash, pairHash, holds and publishedHash of index-items.ts. */
function seedHash(first: i32, second: i32, third: i32): i32 {
  const h = (first * 0x9e3779b1) ^ (second * 0x85ebca6b) ^ third
  return (h ^ (h >>> 15)) * 0x27d4eb2f
}

function pairHash(first: i32, second: i32): i32 {
  const h = (first * 0x9e3779b1) ^ second
  return (h ^ (h >>> 15)) * 0x27d4eb2f
}

function holds(filter: usize, mask: i32, hash: i32): bool {
  const bits = (1 << (hash & 31)) | (1 << ((hash >>> 5) & 31))
  return (load<i32>(filter + ((<usize>((hash >>> 10) & mask)) << 2)) & bits) === bits
}

function tell(kind: i32, hash: i32): void {
  const at = EVENTS + <usize>eventCount * 12
  store<i32>(at, kind)
  store<i32>(at, hash, 4)
  store<i32>(at, position, 8)
  eventCount++
}

function probe(hash: i32): void {
  if (holds(seeds, seedMask, hash)) tell(HIT, hash)
}

/** The least hash of the last seeds, where it is and whether a published n-gram may have it. */
function findLeast(): void {
  let hash = SEED_LIMIT
  for (let at = position - SEEDS_IN_PUBLISHED + 1; at <= position; at++) {
    const own = load<i32>(NEAR + ((<usize>(at & 15)) << 2))
    if (own > hash) continue
    hash = own
    leastAt = at
  }
  leastHash = hash
  isPublished = holds(leasts, leastMask, hash)
}

function take(word: i32): void {
  const slot = (<usize>(position & KEPT_MASK)) << 2
  store<i32>(KEPT + slot, word)
  store<i32>(DOCUMENTS + slot, document)
  const first = wordAt(position - 1)
  const second = wordAt(position - 2)
  const near = seedHash(second, first, word)
  store<i32>(NEAR + ((<usize>(position & 15)) << 2), near)
  if ((load<i32>(ANCHORS + ((<usize>((word & 0xfffff) >>> 5)) << 2)) & (1 << (word & 31))) !== 0) {
    const third = wordAt(position - 3)
    if (holds(pairs, pairMask, pairHash(first, word))) {
      probe(near)
      probe(seedHash(third, first, word))
    }
    if (holds(pairs, pairMask, pairHash(second, word))) {
      probe(seedHash(third, second, word))
      probe(seedHash(wordAt(position - 4), second, word))
    }
  }
  if (near <= leastHash) {
    leastHash = near
    leastAt = position
    isPublished = holds(leasts, leastMask, near)
  } else if (position - leastAt >= SEEDS_IN_PUBLISHED) findLeast()
  if (isPublished && inDocument >= PUBLISHED_N - 1) {
    let hash: i32 = 0
    for (let at = position - PUBLISHED_N + 1; at <= position; at++) hash = (hash ^ wordAt(at)) * 0x01000193
    hash ^= hash >>> 15
    if (holds(grams, gramMask, hash)) tell(GRAM, hash)
  }
  position++
  inDocument++
  taken++
}

function foldedAt(code: i32): i32 {
  if (code < CODE_TABLE) return load<i32>(FOLDED + ((<usize>code) << 2))
  return code >= 0xe0100 && code <= 0xe01ef ? SKIPPED : SEPARATOR
}

/** Bytes of the word that is put together at WORD; what is too long for it is left out. */
let wordLength: i32 = 0

function endWord(): void {
  if (wordLength > 0) take(hashTerm(WORD, WORD + <usize>wordLength))
  wordLength = 0
}

function putLetter(letter: i32): void {
  if (letter === SKIPPED) return
  if (letter === SEPARATOR || letter >= ALONE) endWord()
  if (letter === SEPARATOR || wordLength > WORD_ROOM - 16) return
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
  if (letter >= ALONE) endWord()
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
      // A run of letters that are words by themselves may be long: it is handed on in pieces.
      else if (at - openFrom > 1024 && letter >= ALONE) {
        endRun(at)
        openFrom = at
      }
      isOpen = true
      isMixed = true
    }
    at += decoded & 7
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
    taken = 0
    eventCount = 0
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
  if (at < end) return FULL
  endRun(end)
  return DONE
}
