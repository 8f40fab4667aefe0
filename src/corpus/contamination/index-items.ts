import { sharedInt32 } from '../names/entities.js'
import { buildFilter, buildTable, type NgramTable, numberHashes, range } from './ngram-table.js'
import { WordList, wordsOf } from './words.js'

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
  /** Its columns: stretch, place among the words of all stretches, nats (times 2⁸). */
  readonly seeds: NgramTable
  /** Words of whole items, for the published n-grams: item i has `wholeStarts[i]…wholeStarts[i + 1]`. */
  readonly wholeStarts: Int32Array
  readonly wholeWords: Int32Array
  readonly published: NgramTable
  /** A filter of the least hash of the seeds of each published n-gram. */
  readonly leastOfPublished: Int32Array
}

export const FIXED = 1 << 16

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

/** Hash of the published n-gram that begins at a word. */
function publishedHash(words: Int32Array, at: number): number {
  let hash = 0
  for (let k = 0; k < PUBLISHED_N; k++) hash = Math.imul(hash ^ words[at + k]!, 0x01000193)
  return hash ^ (hash >>> 15)
}

/** How common words are. */
interface WordNats {
  /** Number of each word; shape (words). */
  readonly numbers: Int32Array
  /** Nats by number of a word. */
  readonly nats: Float64Array
}

/**
 * Nats of words by how often they stand in a background text and in how many items they stand, whichever is more.
 *
 * @param background words of a text of no particular matter
 * @param starts item i has the words `starts[i]…starts[i + 1]`
 */
function measureWords(background: Int32Array, words: Int32Array, starts: Int32Array): WordNats {
  const items = starts.length - 1
  const { numbers, distinct } = numberHashes(concat([words, background]))
  const inText = new Int32Array(distinct)
  for (let at = words.length; at < numbers.length; at++) inText[numbers[at]!]!++
  const sharing = new Int32Array(distinct)
  const lastItem = new Int32Array(distinct).fill(-1)
  for (let item = 0; item < items; item++)
    for (let at = starts[item]!; at < starts[item + 1]!; at++) {
      const word = numbers[at]!
      if (lastItem[word] !== item) sharing[word]!++
      lastItem[word] = item
    }
  const nats = Float64Array.from(inText, (times, word) => {
    // A word that many items share is as common among them as one in twenty of their words.
    const inItems = sharing[word]! < LEAST_SHARING || items < LEAST_ITEMS ? 0 : sharing[word]! / items / 20
    const p = Math.max((times + 1) / (background.length + 1), inItems)
    return Math.max(LEAST_WEIGHT, -Math.log(p) - COMMON_NATS)
  })
  return { numbers, nats }
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

/** Positions of words. */
type Places = Int32Array

/** A text in stretches of about equal length. */
function cutText(places: Places): Places[] {
  const pieces = Math.max(1, Math.ceil(places.length / STRETCH_WORDS))
  return Array.from({ length: pieces }, (_, i) =>
    places.subarray(Math.floor((i * places.length) / pieces), Math.floor(((i + 1) * places.length) / pieces)),
  )
}

/**
 * What stands for an item: its question where that can be told from chance, else the question with the answer, else with
 * all choices; and the answer, where it can be told by itself. None = too short to decide.
 *
 * @param parts its text and its choices
 * @param nats of a text that stands at some places
 */
function stretchesOf(
  gold: number | null,
  [text, ...choices]: readonly Places[],
  nats: (places: Places) => number,
): { stretches: Places[]; isDecided: boolean } {
  const decides = (places: Places): boolean =>
    places.length >= SEED_N + 2 && nats(places) >= LEAST_INFORMATION
  const answer = gold === null ? undefined : choices[gold]
  const own = cutText(text!).filter(decides)
  const byItself = answer !== undefined && decides(answer) ? cutText(answer).filter(decides) : []
  if (own.length > 0 || byItself.length > 0) return { stretches: [...own, ...byItself], isDecided: true }
  const withGold = answer === undefined ? text! : concat([text!, answer])
  if (decides(withGold)) return { stretches: cutText(withGold).filter(decides), isDecided: true }
  const withAll = concat([text!, ...choices])
  return { stretches: decides(withAll) ? cutText(withAll).filter(decides) : [], isDecided: false }
}

/** The stretches of all items: what is looked for. */
type Stretches = Pick<
  ItemIndex,
  'stretchStarts' | 'stretchWords' | 'weights' | 'itemOf' | 'decided' | 'spans'
>

function cutItems(
  items: readonly SoughtItem[],
  words: Int32Array,
  partsOf: (item: number) => readonly Places[],
  { numbers, nats }: WordNats,
): Stretches {
  const seenBy = new Int32Array(nats.length)
  let look = 0
  const natsAt = (places: Places): number => {
    look++
    let total = 0
    for (const place of places) {
      const word = numbers[place]!
      if (seenBy[word] !== look) total += nats[word]!
      seenBy[word] = look
    }
    return total
  }
  const stretches: Places[] = []
  const itemOf: number[] = []
  const decided = sharedInt32(items.length)
  for (const [i, { gold }] of items.entries()) {
    const own = stretchesOf(gold, partsOf(i), natsAt)
    decided[i] = own.isDecided && own.stretches.length > 0 ? 1 : 0
    for (const stretch of own.stretches) {
      stretches.push(stretch)
      itemOf.push(i)
    }
  }
  const places = concat(stretches)
  const stretchWords = sharedInt32(places.length)
  const weights = sharedInt32(places.length)
  for (const [at, place] of places.entries()) {
    stretchWords[at] = words[place]!
    weights[at] = Math.round(FIXED * nats[numbers[place]!]!)
  }
  const stretchStarts = sharedInt32(stretches.length + 1)
  for (const [s, { length }] of stretches.entries()) stretchStarts[s + 1] = stretchStarts[s]! + length
  return {
    stretchStarts,
    stretchWords,
    weights,
    itemOf: share(itemOf),
    decided,
    spans: share(stretches.map(({ length }) => 3 * length + 48)),
  }
}

/** The seeds of stretches, those that few enough share; what they have to carry, and what leads to them. */
function indexSeeds(
  { stretchStarts, stretchWords, weights, itemOf, decided }: Stretches,
  wholeStarts: Int32Array,
): Pick<ItemIndex, 'needs' | 'versions' | 'anchors' | 'pairs' | 'seeds'> {
  const stretches = itemOf.length
  const hashes = new Int32Array(stretchWords.length)
  const stretchOf = new Int32Array(stretchWords.length)
  const places = new Int32Array(stretchWords.length)
  const nats = new Int32Array(stretchWords.length)
  let seeds = 0
  for (let s = 0; s < stretches; s++)
    for (let at = stretchStarts[s]!; at + SEED_N <= stretchStarts[s + 1]!; at++) {
      const weight = weights[at]! + weights[at + 1]! + weights[at + 2]!
      if (weight < FIXED || weights[at + 2]! < ANCHOR_NATS * FIXED) continue
      hashes[seeds] = seedHash(stretchWords[at]!, stretchWords[at + 1]!, stretchWords[at + 2]!)
      stretchOf[seeds] = s
      nats[seeds] = weight >> 8
      places[seeds++] = at
    }
  const { numbers, distinct } = numberHashes(hashes.subarray(0, seeds))
  const sharing = new Int32Array(distinct)
  const lastStretch = new Int32Array(distinct).fill(-1)
  for (let i = 0; i < seeds; i++) {
    if (lastStretch[numbers[i]!] !== stretchOf[i]) sharing[numbers[i]!]!++
    lastStretch[numbers[i]!] = stretchOf[i]!
  }
  const needs = sharedInt32(stretches)
  const versions = sharedInt32(stretches)
  const anchors = sharedInt32(anchorBit(-1) / 32 + 1)
  const pairs = new Int32Array(seeds)
  const every = new Float64Array(stretches)
  const ownNats = new Float64Array(stretches)
  let kept = 0
  for (let i = 0; i < seeds; i++) {
    const s = stretchOf[i]!
    every[s]! += nats[i]!
    if (sharing[numbers[i]!]! > MOST_SHARING) continue
    ownNats[s]! += nats[i]!
    const at = places[i]!
    const bit = anchorBit(stretchWords[at + 2]!)
    anchors[bit >>> 5]! |= 1 << (bit & 31)
    pairs[kept] = pairHash(stretchWords[at + 1]!, stretchWords[at + 2]!)
    hashes[kept] = hashes[i]!
    stretchOf[kept] = s
    nats[kept] = nats[i]!
    places[kept++] = at
  }
  for (let s = 0; s < stretches; s++) {
    const own = ownNats[s]!
    needs[s] = Math.max(1, Math.ceil(Math.max(Math.min(LEAST_NATS, MOST_SHARE * own), LEAST_SHARE * own)))
    if (own >= LEAST_OWN * every[s]!) continue
    versions[s] = 1
    // Without a published n-gram nobody can tell that the shared part does not stand there.
    const item = itemOf[s]!
    if (wholeStarts[item + 1]! - wholeStarts[item]! < PUBLISHED_N) decided[item] = 0
  }
  return {
    needs,
    versions,
    anchors,
    pairs: buildFilter(numberHashes(pairs.subarray(0, kept))),
    seeds: buildTable(
      hashes.subarray(0, kept),
      [stretchOf, places, nats].map((column) => column.subarray(0, kept)),
    ),
  }
}

/** The published n-grams of whole items, and the least hash of the seeds of each. */
function indexPublished(
  wholeWords: Int32Array,
  wholeStarts: Int32Array,
): Pick<ItemIndex, 'published' | 'leastOfPublished'> {
  const hashes = new Int32Array(wholeWords.length)
  const leasts = new Int32Array(wholeWords.length)
  const places = new Int32Array(wholeWords.length)
  const seeds = new Int32Array(wholeWords.length)
  for (let at = 0; at + SEED_N <= wholeWords.length; at++)
    seeds[at] = seedHash(wholeWords[at]!, wholeWords[at + 1]!, wholeWords[at + 2]!)
  let [grams, leastCount] = [0, 0]
  for (let item = 0; item + 1 < wholeStarts.length; item++)
    for (let at = wholeStarts[item]!; at + PUBLISHED_N <= wholeStarts[item + 1]!; at++) {
      let least = SEED_LIMIT
      for (let k = at; k < at + SEEDS_IN_PUBLISHED; k++) least = Math.min(least, seeds[k]!)
      // Neighbours mostly have the same.
      if (leastCount === 0 || leasts[leastCount - 1] !== least) leasts[leastCount++] = least
      hashes[grams] = publishedHash(wholeWords, at)
      places[grams++] = at
    }
  return {
    published: buildTable(hashes.subarray(0, grams), [places.subarray(0, grams)]),
    leastOfPublished: buildFilter(numberHashes(leasts.subarray(0, leastCount))),
  }
}

/** Index the n-grams of items; half a second to a second for 10⁶. */
export function indexItems(items: readonly SoughtItem[], background: string): ItemIndex {
  const list = new WordList()
  /** Where the texts and choices of all items begin, in order; and the first of each item's. */
  const partStarts = [0]
  const firstParts = items.map(({ text, choices }) => {
    const first = partStarts.length - 1
    for (const part of [text, ...choices]) partStarts.push(list.add(part))
    return first
  })
  firstParts.push(partStarts.length - 1)
  const wholeWords = share(list.words())
  const wholeStarts = share(firstParts.map((part) => partStarts[part]!))
  const partsOf = (item: number): Places[] =>
    Array.from({ length: firstParts[item + 1]! - firstParts[item]! }, (_, i) => {
      const part = firstParts[item]! + i
      return range(partStarts[part]!, partStarts[part + 1]!)
    })
  const nats = measureWords(wordsOf(background), wholeWords, wholeStarts)
  const stretches = cutItems(items, wholeWords, partsOf, nats)
  return {
    items: items.length,
    ...stretches,
    ...indexSeeds(stretches, wholeStarts),
    wholeStarts,
    wholeWords,
    ...indexPublished(wholeWords, wholeStarts),
  }
}
