import { sharedInt32 } from '../names/entities.js'
import { type CutItems, cutItems, FIXED, PUBLISHED_N, SEED_N, type SoughtItem } from './cut-items.js'
import { buildFilter, buildTable, type NgramTable, numberHashes } from './ngram-table.js'

/** Nats of the words that end a seed: about half the words of a text have more. */
const ANCHOR_NATS = 3
/** What hits must carry before a stretch is compared: nats times 2⁸, at most and at least this share of all its seeds. */
const LEAST_NATS = 6 << 8
const MOST_SHARE = 0.35
const LEAST_SHARE = 0.08
/** A seed that more stretches share tells them from none: it points to no place. */
const MOST_SHARING = 24
/** Where less of a stretch's seeds is left, in nats, or none, its own words may be numbers alone: it is looked for by published n-grams, too. */
const LEAST_OWN = 0.5

/** The items as the matcher sees them, all on shared memory; shapes as in {@link CutItems}. */
export interface ItemIndex extends CutItems {
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
  readonly published: NgramTable
  /** A filter of the least hash of the seeds of each published n-gram. */
  readonly leastOfPublished: Int32Array
}

/** No hash is above. */
const SEED_LIMIT = 2 ** 31 - 1

function seedHash(first: number, second: number, third: number): number {
  const h = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ third
  return Math.imul(h ^ (h >>> 15), 0x27d4eb2f)
}

/** Hash of the last two words of a seed. */
function pairHash(second: number, third: number): number {
  const h = Math.imul(second, 0x9e3779b1) ^ third
  return Math.imul(h ^ (h >>> 15), 0x27d4eb2f)
}

/** n-grams of seeds in a published n-gram: the least of their hashes stands for it, so that few have to be looked up. */
const SEEDS_IN_PUBLISHED = PUBLISHED_N - SEED_N + 1

/** Bit of a word among the anchors, which always have 2²⁰ bits. */
function anchorBit(word: number): number {
  return word & 0xfffff
}

/** Hash of the published n-gram that begins at a word. */
function publishedHash(words: Int32Array, at: number): number {
  let hash = 0
  for (let k = 0; k < PUBLISHED_N; k++) hash = Math.imul(hash ^ words[at + k]!, 0x01000193)
  return hash ^ (hash >>> 15)
}

/** The seeds of stretches, those that few enough share; what they have to carry, and what leads to them. */
function indexSeeds({
  stretchStarts,
  stretchWords,
  weights,
  itemOf,
  decided,
  wholeStarts,
}: CutItems): Pick<ItemIndex, 'decided' | 'needs' | 'versions' | 'anchors' | 'pairs' | 'seeds'> {
  const stretches = itemOf.length
  const hashes = new Int32Array(stretchWords.length)
  const stretchOf = new Int32Array(stretchWords.length)
  const places = new Int32Array(stretchWords.length)
  const nats = new Int32Array(stretchWords.length)
  let seeds = 0
  for (let s = 0; s < stretches; s++)
    for (let at = stretchStarts[s]!; at + SEED_N <= stretchStarts[s + 1]!; at++) {
      if (weights[at + 2]! < ANCHOR_NATS * FIXED) continue
      hashes[seeds] = seedHash(stretchWords[at]!, stretchWords[at + 1]!, stretchWords[at + 2]!)
      stretchOf[seeds] = s
      nats[seeds] = (weights[at]! + weights[at + 1]! + weights[at + 2]!) >> 8
      places[seeds++] = at
    }
  const { numbers, distinct } = numberHashes(hashes.subarray(0, seeds))
  const sharing = new Int32Array(distinct)
  const lastStretch = new Int32Array(distinct).fill(-1)
  for (let i = 0; i < seeds; i++) {
    if (lastStretch[numbers[i]!] !== stretchOf[i]) sharing[numbers[i]!]!++
    lastStretch[numbers[i]!] = stretchOf[i]!
  }
  const isDecided = sharedInt32(decided.length)
  isDecided.set(decided)
  const needs = sharedInt32(stretches)
  const versions = sharedInt32(stretches)
  const anchors = sharedInt32((anchorBit(-1) >>> 5) + 1)
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
    if (own > 0 && own >= LEAST_OWN * every[s]!) continue
    versions[s] = 1
    // Without a published n-gram nobody can tell that the shared part does not stand there.
    const item = itemOf[s]!
    if (wholeStarts[item + 1]! - wholeStarts[item]! < PUBLISHED_N) isDecided[item] = 0
  }
  return {
    decided: isDecided,
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
function indexPublished({
  wholeWords,
  wholeStarts,
}: CutItems): Pick<ItemIndex, 'published' | 'leastOfPublished'> {
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
export function indexItems(items: readonly SoughtItem[], background: readonly string[]): ItemIndex {
  const cut = cutItems(items, background)
  return { ...cut, ...indexSeeds(cut), ...indexPublished(cut) }
}
