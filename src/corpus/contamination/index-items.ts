import { sharedInt32 } from '../names/entities.js'
import { wordsOf } from './words.js'

/** What is looked for: a text, or a question with its choices. */
export interface SoughtItem {
  readonly id: string
  readonly task: string
  /** The question, or the whole of a text. */
  readonly text: string
  /** In the order in which they are asked; none for a text. */
  readonly choices: readonly string[]
  /** Position of the right choice; null where it is not told. */
  readonly gold: number | null
}

/** Words of a published n-gram: Brown et al., arXiv:2005.14165, appendix C. */
export const PUBLISHED_N = 13
/** Words of the n-grams that point to where a stretch may stand. */
const SEED_N = 3
/** Words of a stretch: longer texts are cut, so that a part of one is found by itself. */
export const STRETCH_WORDS = 64
/** Nats that a stretch must carry to be told from chance; below, nothing is decided. */
export const LEAST_INFORMATION = 30
/** Nats taken off each word's: words as common as `and` tell nothing. */
const COMMON_NATS = 4
const LEAST_WEIGHT = 0.05
/** Items that tell what is common among them, and how many of them have to share a word. */
const LEAST_ITEMS = 100
const LEAST_SHARING = 5
/** Nats of the words that end a seed: about half the words of a text have more. */
const ANCHOR_NATS = 3
/** What hits must carry before a stretch is compared: nats times 2⁸, at most and at least this share of all its seeds. */
const LEAST_NATS = 6 << 8
const MOST_SHARE = 0.35
const LEAST_SHARE = 0.04
/** A seed that more stretches share tells them from none: it points to no place. */
const MOST_SHARING = 24
/** Where less of a stretch's seeds is left, in nats, its own words may be numbers alone: it is looked for by published n-grams, too. */
const LEAST_OWN = 0.5
const FILTER_BITS_PER_KEY = 8

/** A hash table of n-grams, in typed arrays on shared memory. */
export interface NgramTable {
  /** Two bits of one word per hash (`holdsBits`): settles most n-grams of a text. */
  readonly filter: Int32Array
  /** Open-addressed: hash and first posting, two numbers a slot; posting −1 where free. */
  readonly slots: Int32Array
  /** Postings of one key stand together; the last of them has its next one's key differ (`ends`). */
  readonly postings: Int32Array
  readonly ends: Int32Array
}

/** The items as the matcher sees them, all on shared memory. Shapes: stretches s, words of all stretches w. */
export interface ItemIndex {
  readonly items: number
  readonly stretchStarts: Int32Array
  readonly stretchWords: Int32Array
  /** Nats of each word, times 2¹⁶; shape (w). */
  readonly weights: Int32Array
  readonly itemOf: Int32Array
  /** Whether an item that is not found is clean: not where only its choices make it long enough; shape (items). */
  readonly decided: Int32Array
  /** Words of a text after a first hit in which the rest of a stretch is looked for; shape (s). */
  readonly spans: Int32Array
  /** Nats (times 2⁸) of hits within the span that make a stretch worth comparing; shape (s). */
  readonly needs: Int32Array
  /** Whether most of its seeds are shared by too many: one of some dozen versions of one question; shape (s). */
  readonly versions: Int32Array
  /** One bit per word that ends a seed: small enough for a near cache, it settles most words of a text. */
  readonly anchors: Int32Array
  /** A filter of the last two words of the seeds. */
  readonly pairs: Int32Array
  readonly seeds: NgramTable
  /** Words of whole items, for the published n-grams: item i has `wholeStarts[i]…wholeStarts[i + 1]`. */
  readonly wholeStarts: Int32Array
  readonly wholeWords: Int32Array
  readonly published: NgramTable
  /** A filter of the least hash of the seeds of each published n-gram. */
  readonly leastOfPublished: Int32Array
}

export const FIXED = 1 << 16

/** Nats of the seed that begins at a word, times 2⁸. */
export function seedNats(weights: Int32Array, at: number): number {
  return (weights[at]! + weights[at + 1]! + weights[at + 2]!) >> 8
}

/** No hash is above. */
export const SEED_LIMIT = 2 ** 31 - 1

export function seedHash(first: number, second: number, third: number): number {
  const h = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ third
  return Math.imul(h ^ (h >>> 15), 0x27d4eb2f)
}

/** Hash of the last two words of a seed. */
function pairHash(second: number, third: number): number {
  const h = Math.imul(second, 0x9e3779b1) ^ third
  return Math.imul(h ^ (h >>> 15), 0x27d4eb2f)
}

/** n-grams of seeds in a published n-gram: the least of their hashes stands for it, so that few have to be looked up. */
export const SEEDS_IN_PUBLISHED = PUBLISHED_N - SEED_N + 1

/** Bit of a word among the anchors, which always have 2²⁰ bits. */
export function anchorBit(word: number): number {
  return word & 0xfffff
}

/** Where the bits of a hash stand in a filter of `mask` + 1 words, and which they are. */
export function filterWord(hash: number, mask: number): number {
  return (hash >>> 10) & mask
}

export function filterBits(hash: number): number {
  return (1 << (hash & 31)) | (1 << ((hash >>> 5) & 31))
}

/** Hash of the published n-gram that begins at a word of a ring of `mask` + 1 words. */
export function publishedHash(words: Int32Array, at: number, mask: number): number {
  let hash = 0
  for (let k = 0; k < PUBLISHED_N; k++) hash = Math.imul(hash ^ words[(at + k) & mask]!, 0x01000193)
  return hash ^ (hash >>> 15)
}

/** Slot of a hash among 2ᵏ − 1 = `mask`. */
export function slotOf(hash: number, mask: number): number {
  const h = Math.imul(hash, 0x85ebca6b)
  return (h ^ (h >>> 15)) & mask
}

const powerOfTwo = (atLeast: number): number => 2 ** Math.ceil(Math.log2(Math.max(32, atLeast)))

function buildTable(hashes: Int32Array, values: Int32Array): NgramTable {
  const distinct = new Set(hashes)
  const slots = sharedInt32(2 * powerOfTwo(2 * distinct.size))
  const mask = slots.length / 2 - 1
  for (let slot = 0; slot <= mask; slot++) slots[2 * slot + 1] = -1
  const counts = new Int32Array(mask + 1)
  const own = new Int32Array(hashes.length)
  for (let i = 0; i < hashes.length; i++) {
    let slot = slotOf(hashes[i]!, mask)
    while (counts[slot]! > 0 && slots[2 * slot] !== hashes[i]) slot = (slot + 1) & mask
    slots[2 * slot] = hashes[i]!
    counts[slot]!++
    own[i] = slot
  }
  let posting = 0
  for (let slot = 0; slot <= mask; slot++) {
    if (counts[slot] === 0) continue
    slots[2 * slot + 1] = posting
    posting += counts[slot]!
  }
  const next = Int32Array.from({ length: mask + 1 }, (_, slot) => slots[2 * slot + 1]!)
  const postings = sharedInt32(hashes.length)
  const ends = sharedInt32(hashes.length)
  for (let i = 0; i < hashes.length; i++) postings[next[own[i]!]!++] = values[i]!
  for (let slot = 0; slot <= mask; slot++)
    if (counts[slot]! > 0) ends.fill(next[slot]!, slots[2 * slot + 1]!, next[slot]!)
  return { filter: buildFilter(distinct), slots, postings, ends }
}

function buildFilter(hashes: ReadonlySet<number>): Int32Array {
  const filter = sharedInt32(powerOfTwo((FILTER_BITS_PER_KEY * hashes.size) / 32))
  for (const hash of hashes) filter[filterWord(hash, filter.length - 1)]! |= filterBits(hash)
  return filter
}

/** How common words are: nats, by hash. */
export type WordNats = (word: number) => number

/**
 * Nats of words by how often they stand in a background text and in how many items they stand, whichever is more.
 *
 * @param background words of a text of no particular matter
 */
function measureWords(background: Int32Array, items: readonly Int32Array[]): WordNats {
  const count = (into: Map<number, number>, words: Iterable<number>): void => {
    for (const word of words) into.set(word, (into.get(word) ?? 0) + 1)
  }
  const ofText = new Map<number, number>()
  const ofItems = new Map<number, number>()
  count(ofText, background)
  for (const words of items) count(ofItems, new Set(words))
  return (word) => {
    const inText = ((ofText.get(word) ?? 0) + 1) / (background.length + 1)
    // A word that many items share is as common among them as one in twenty of their words.
    const sharing = ofItems.get(word) ?? 0
    const inItems = sharing < LEAST_SHARING || items.length < LEAST_ITEMS ? 0 : sharing / items.length / 20
    const p = Math.max(inText, inItems)
    return Math.max(LEAST_WEIGHT, -Math.log(p) - COMMON_NATS)
  }
}

function concat(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function share(values: ArrayLike<number>): Int32Array {
  const shared = sharedInt32(values.length)
  shared.set(values)
  return shared
}

function startsOf(parts: readonly Int32Array[]): Int32Array {
  const starts = sharedInt32(parts.length + 1)
  for (const [i, part] of parts.entries()) starts[i + 1] = starts[i]! + part.length
  return starts
}

/** A text in stretches of about equal length. */
function cutText(words: Int32Array): Int32Array[] {
  const pieces = Math.max(1, Math.ceil(words.length / STRETCH_WORDS))
  return Array.from({ length: pieces }, (_, i) =>
    words.subarray(Math.floor((i * words.length) / pieces), Math.floor(((i + 1) * words.length) / pieces)),
  )
}

/**
 * What stands for an item: its question where that can be told from chance, else the question with the answer, else with
 * all choices; and the answer, where it can be told by itself. None = too short to decide.
 */
function stretchesOf(
  item: SoughtItem,
  nats: (words: Int32Array) => number,
): { stretches: Int32Array[]; isDecided: boolean } {
  const decides = (words: Int32Array): boolean =>
    nats(words) >= LEAST_INFORMATION && words.length >= SEED_N + 2
  const text = wordsOf(item.text)
  const answer = item.gold === null ? undefined : item.choices[item.gold]
  const gold = answer === undefined ? new Int32Array(0) : wordsOf(answer)
  const own = cutText(text).filter(decides)
  const byItself = decides(gold) ? cutText(gold).filter(decides) : []
  if (own.length > 0 || byItself.length > 0) return { stretches: [...own, ...byItself], isDecided: true }
  const withGold = concat([text, gold])
  if (decides(withGold)) return { stretches: cutText(withGold).filter(decides), isDecided: true }
  const withAll = concat([text, ...item.choices.map(wordsOf)])
  return { stretches: decides(withAll) ? cutText(withAll).filter(decides) : [], isDecided: false }
}

/** Index the n-grams of items; about a second for 10⁶. */
export function indexItems(items: readonly SoughtItem[], background: string): ItemIndex {
  const whole = items.map(({ text, choices }) => concat([wordsOf(text), ...choices.map(wordsOf)]))
  const natsOf = measureWords(wordsOf(background), whole)
  const sum = (words: Int32Array): number => {
    let total = 0
    for (const word of new Set(words)) total += natsOf(word)
    return total
  }
  const stretches: Int32Array[] = []
  const itemOf: number[] = []
  const decided = sharedInt32(items.length)
  for (const [i, item] of items.entries()) {
    const own = stretchesOf(item, sum)
    decided[i] = own.isDecided && own.stretches.length > 0 ? 1 : 0
    for (const stretch of own.stretches) {
      stretches.push(stretch)
      itemOf.push(i)
    }
  }
  const stretchWords = share(concat(stretches))
  const stretchStarts = startsOf(stretches)
  const weights = share(Int32Array.from(stretchWords, (word) => Math.round(FIXED * natsOf(word))))
  const pairs = new Set<number>()
  const keys: number[] = []
  const places: number[] = []
  const needs = sharedInt32(stretches.length)
  const versions = sharedInt32(stretches.length)
  const anchors = sharedInt32(anchorBit(-1) / 32 + 1)
  const sharing = new Map<number, number>()
  const seedsOf = (s: number): [number, number][] => {
    const found: [number, number][] = []
    for (let at = stretchStarts[s]!; at + SEED_N <= stretchStarts[s + 1]!; at++) {
      const weight = weights[at]! + weights[at + 1]! + weights[at + 2]!
      if (weight >= FIXED && weights[at + 2]! >= ANCHOR_NATS * FIXED)
        found.push([seedHash(stretchWords[at]!, stretchWords[at + 1]!, stretchWords[at + 2]!), at])
    }
    return found
  }
  for (let s = 0; s < stretches.length; s++)
    for (const hash of new Set(seedsOf(s).map(([key]) => key)))
      sharing.set(hash, (sharing.get(hash) ?? 0) + 1)
  for (let s = 0; s < stretches.length; s++) {
    const every = seedsOf(s)
    const seeds = every.filter(([hash]) => sharing.get(hash)! <= MOST_SHARING)
    const natsOfSeeds = (some: typeof every): number =>
      some.reduce((sum, [, at]) => sum + seedNats(weights, at), 0)
    const total = natsOfSeeds(seeds)
    needs[s] = Math.max(1, Math.ceil(Math.max(Math.min(LEAST_NATS, MOST_SHARE * total), LEAST_SHARE * total)))
    if (total < LEAST_OWN * natsOfSeeds(every)) {
      versions[s] = 1
      // Without a published n-gram nobody can tell that the shared part does not stand there.
      if (whole[itemOf[s]!]!.length < PUBLISHED_N) decided[itemOf[s]!] = 0
    }
    for (const [hash, at] of seeds) {
      const bit = anchorBit(stretchWords[at + 2]!)
      anchors[bit >>> 5]! |= 1 << (bit & 31)
      pairs.add(pairHash(stretchWords[at + 1]!, stretchWords[at + 2]!))
      keys.push(hash)
      places.push(at)
    }
  }
  const wholeWords = share(concat(whole))
  const wholeStarts = startsOf(whole)
  const grams: number[] = []
  const leasts = new Set<number>()
  const gramPlaces: number[] = []
  for (let i = 0; i < whole.length; i++)
    for (let at = wholeStarts[i]!; at + PUBLISHED_N <= wholeStarts[i + 1]!; at++) {
      let least = SEED_LIMIT
      for (let k = at; k < at + SEEDS_IN_PUBLISHED; k++)
        least = Math.min(least, seedHash(wholeWords[k]!, wholeWords[k + 1]!, wholeWords[k + 2]!))
      leasts.add(least)
      grams.push(publishedHash(wholeWords, at, -1))
      gramPlaces.push(at)
    }
  return {
    items: items.length,
    stretchStarts,
    stretchWords,
    weights,
    itemOf: share(itemOf),
    decided,
    spans: share(stretches.map(({ length }) => 3 * length + 48)),
    needs,
    versions,
    anchors,
    pairs: buildFilter(pairs),
    seeds: buildTable(Int32Array.from(keys), Int32Array.from(places)),
    wholeStarts,
    wholeWords,
    published: buildTable(Int32Array.from(grams), Int32Array.from(gramPlaces)),
    leastOfPublished: buildFilter(leasts),
  }
}
