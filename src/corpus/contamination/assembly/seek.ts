/*
 * AssemblyScript, part of words.ts: looks words up in the filters of what is sought (matcher.ts says how). All words of a reading go
 * through one filter before the next, without branches that a processor cannot foresee.
 */

/** As in word-memory.ts. */
const KEPT: usize = 0x1000
const DOCUMENTS: usize = 0x9000
const KEPT_MASK: i32 = 0x1fff
const CHOSEN: usize = 0x11000
/** Words of a reading, and the hashes of the seeds that end with them; before both those of the words before. */
export const TAKEN: usize = 0x19040
const NEARS: usize = 0x22040
const HISTORY: usize = 64
/** Four hashes, the least ones of n-grams. */
const LEASTS: usize = 0xf00
const ANCHORS: usize = 0x180000
const EVENTS: usize = 0x1a0000

const HIT: i32 = 0
const GRAM: i32 = 1
const PUBLISHED_N: i32 = 13
const SEEDS_IN_PUBLISHED: usize = 11
const SEED_LIMIT: i32 = 0x7fffffff

let pairs: usize = 0
let pairMask: i32 = 0
let seeds: usize = 0
let seedMask: i32 = 0
let leasts: usize = 0
let leastMask: i32 = 0
let grams: usize = 0
let gramMask: i32 = 0

/** Of the first word of a reading; behind the last one once it is over. */
let position: i32 = KEPT_MASK + 1
let eventCount: i32 = 0

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
  position = KEPT_MASK + 1
  memory.fill(TAKEN - HISTORY, 0, HISTORY)
  for (let at: usize = NEARS - HISTORY; at < NEARS; at += 4) store<i32>(at, SEED_LIMIT)
}

export function wordsTaken(): i32 {
  return position
}

export function events(): i32 {
  return eventCount
}

function at(list: usize, i: i32): i32 {
  return load<i32>(list + ((<usize>i) << 2))
}

/** As seedHash, pairHash and publishedHash of index-items.ts; holds as filterBits of ngram-table.ts. */
function seedHash(first: i32, second: i32, third: i32): i32 {
  const h = (first * 0x9e3779b1) ^ (second * 0x85ebca6b) ^ third
  return (h ^ (h >>> 15)) * 0x27d4eb2f
}

function pairHash(first: i32, second: i32): i32 {
  const h = (first * 0x9e3779b1) ^ second
  return (h ^ (h >>> 15)) * 0x27d4eb2f
}

function holds(filter: usize, mask: i32, hash: i32): i32 {
  const bits = (1 << (hash & 31)) | (1 << ((hash >>> 5) & 31))
  return <i32>((load<i32>(filter + ((<usize>((hash >>> 10) & mask)) << 2)) & bits) === bits)
}

function tell(kind: i32, hash: i32, i: i32): void {
  const event = EVENTS + <usize>eventCount * 12
  store<i32>(event, kind)
  store<i32>(event, hash, 4)
  store<i32>(event, position + i, 8)
  eventCount++
}

function probe(hash: i32, i: i32): void {
  if (holds(seeds, seedMask, hash) !== 0) tell(HIT, hash, i)
}

/** The hash of the seed that ends with each word, four at a time. */
function hashSeeds(count: i32): void {
  const to = TAKEN + ((<usize>count) << 2)
  for (let word = TAKEN; word < to; word += 16) {
    const h = v128.xor(
      v128.xor(
        i32x4.mul(v128.load(word - 8), i32x4.splat(0x9e3779b1)),
        i32x4.mul(v128.load(word - 4), i32x4.splat(0x85ebca6b)),
      ),
      v128.load(word),
    )
    v128.store(word - TAKEN + NEARS, i32x4.mul(v128.xor(h, i32x4.shr_u(h, 15)), i32x4.splat(0x27d4eb2f)))
  }
}

/** Seeds, with or without a word between any two of theirs. */
function seekSeeds(count: i32): void {
  let anchored: i32 = 0
  for (let i = 0; i < count; i++) {
    const word = at(TAKEN, i)
    store<i32>(CHOSEN + ((<usize>anchored) << 2), i)
    anchored += (at(ANCHORS, (word & 0xfffff) >>> 5) >>> (word & 31)) & 1
  }
  let paired: i32 = 0
  for (let k = 0; k < anchored; k++) {
    const i = at(CHOSEN, k)
    const word = at(TAKEN, i)
    const first = holds(pairs, pairMask, pairHash(at(TAKEN, i - 1), word))
    const second = holds(pairs, pairMask, pairHash(at(TAKEN, i - 2), word))
    store<i32>(CHOSEN + ((<usize>paired) << 2), (i << 2) | (second << 1) | first)
    paired += first | second
  }
  for (let k = 0; k < paired; k++) {
    const chosen = at(CHOSEN, k)
    const i = chosen >> 2
    const word = at(TAKEN, i)
    const second = at(TAKEN, i - 2)
    const third = at(TAKEN, i - 3)
    if ((chosen & 1) !== 0) {
      probe(at(NEARS, i), i)
      probe(seedHash(third, at(TAKEN, i - 1), word), i)
    }
    if ((chosen & 2) !== 0) {
      probe(seedHash(third, second, word), i)
      probe(seedHash(at(TAKEN, i - 4), second, word), i)
    }
  }
}

/** Published n-grams: the least hash of their seeds has to be that of one. */
function seekPublished(count: i32, inDocument: i32): void {
  let chosen: i32 = 0
  for (let from: i32 = 0; from < count; from += 4) {
    const nears = NEARS + ((<usize>from) << 2)
    let least = v128.load(nears)
    for (let back: usize = 1; back < SEEDS_IN_PUBLISHED; back++)
      least = i32x4.min_s(least, v128.load(nears - (back << 2)))
    v128.store(LEASTS, least)
    const to = min<i32>(4, count - from)
    for (let i = max<i32>(0, PUBLISHED_N - 1 - inDocument - from); i < to; i++) {
      store<i32>(CHOSEN + ((<usize>chosen) << 2), from + i)
      chosen += holds(leasts, leastMask, at(LEASTS, i))
    }
  }
  for (let k = 0; k < chosen; k++) {
    const i = at(CHOSEN, k)
    let hash: i32 = 0
    for (let word = i - PUBLISHED_N + 1; word <= i; word++) hash = (hash ^ at(TAKEN, word)) * 0x01000193
    hash ^= hash >>> 15
    if (holds(grams, gramMask, hash) !== 0) tell(GRAM, hash, i)
  }
}

/** Keep the words of a reading in the rings that the host sees. */
function keep(count: i32, document: i32): void {
  for (let i = 0; i < count; i++) {
    const slot = (<usize>((position + i) & KEPT_MASK)) << 2
    store<i32>(KEPT + slot, at(TAKEN, i))
    store<i32>(DOCUMENTS + slot, document)
  }
  const last = ((<usize>count) << 2) - HISTORY
  memory.copy(TAKEN - HISTORY, TAKEN + last, HISTORY)
  memory.copy(NEARS - HISTORY, NEARS + last, HISTORY)
}

/** `count` words were taken of a document that had `inDocument` before them. */
export function seek(count: i32, document: i32, inDocument: i32): void {
  eventCount = 0
  hashSeeds(count)
  seekSeeds(count)
  seekPublished(count, inDocument)
  keep(count, document)
  position += count
}
