import type { Gatherer } from '../job/gathering.js'
import type { Skipped, Unit } from '../readers/unit.js'
import {
  anchorBit,
  FIXED,
  filterBits,
  filterWord,
  type ItemIndex,
  type NgramTable,
  PUBLISHED_N,
  publishedHash,
  SEED_LIMIT,
  SEEDS_IN_PUBLISHED,
  STRETCH_WORDS,
  seedHash,
  seedNats,
  slotOf,
} from './index-items.js'
import type { Looked, PlaceFound } from './looked.js'
import { WordReader } from './words.js'

/** Words that are kept of the text behind the present one: more than the longest span, and stretch, and buffer. */
const KEPT = 1 << 13
/** Places below this overlap are not kept. */
const LEAST_KEPT = 0.3
const NEVER = -(2 ** 30)
const MARKS = 1 << 11
const LEAST_MASK = 15

function holds(filter: Int32Array, hash: number): boolean {
  const bits = filterBits(hash)
  return (filter[filterWord(hash, filter.length - 1)]! & bits) === bits
}

function setOf(table: NgramTable) {
  return { ...table, filterMask: table.filter.length - 1, mask: table.slots.length / 2 - 1 }
}

/**
 * Looks for items in documents, in one pass. Two words in a row that are rare enough, with or without one word between
 * each, point to a stretch of an item; where enough of one's come close together, the stretch is aligned with the text
 * there: common subsequence, weighted by nats, so that other text in between takes nothing off.
 */
export class ItemMatcher implements Gatherer<Looked> {
  readonly #index: ItemIndex
  readonly #reader = new WordReader()
  readonly #kept = new Int32Array(KEPT)
  readonly #documentOf = new Int32Array(KEPT)
  readonly #seeds
  readonly #published
  readonly #stretchAt: Int32Array
  /** First and last hit under way of a stretch, the last place within it, and how many; shape (stretches). */
  readonly #first: Int32Array
  readonly #last: Int32Array
  readonly #lastPlace: Int32Array
  readonly #hits: Int32Array
  readonly #row = new Int32Array(STRETCH_WORDS + 1)
  readonly #run = new Int32Array(STRETCH_WORDS + 1)
  readonly #marks = new Uint8Array(MARKS)
  /** Hashes of the last seeds, and the least of them: what it is, where, and whether the items may have it. */
  readonly #least = new Int32Array(LEAST_MASK + 1)
  #leastHash = SEED_LIMIT
  #leastAt = NEVER
  #isPublished = false
  #pending: number[] = []
  #deadline = Number.POSITIVE_INFINITY
  #position = 0
  #documents = 0
  #bytes = 0
  #found = new Map<number, PlaceFound>()
  #grams = new Map<number, number>()

  constructor(index: ItemIndex) {
    const stretches = index.itemOf.length
    this.#index = index
    this.#seeds = setOf(index.seeds)
    this.#published = setOf(index.published)
    this.#stretchAt = new Int32Array(index.stretchWords.length)
    for (let s = 0; s < stretches; s++)
      this.#stretchAt.fill(s, index.stretchStarts[s]!, index.stretchStarts[s + 1]!)
    this.#first = new Int32Array(stretches).fill(NEVER)
    this.#last = new Int32Array(stretches).fill(NEVER)
    this.#lastPlace = new Int32Array(stretches)
    this.#hits = new Int32Array(stretches)
  }

  begin(): void {
    this.#pending = []
    this.#deadline = Number.POSITIVE_INFINITY
    this.#first.fill(NEVER)
    this.#hits.fill(0)
    this.#kept.fill(0)
    this.#position = KEPT
    this.#leastAt = NEVER
    this.#leastHash = SEED_LIMIT
    this.#isPublished = false
  }

  document(bytes: Uint8Array, begin: number, end: number): void {
    this.#documents++
    this.#bytes += end - begin
    let before = 0
    for (let at = begin; at < end; ) {
      at = this.#reader.read(bytes, at, end)
      this.#take(this.#reader.words, this.#reader.length, before)
      before += this.#reader.length
    }
  }

  /** @param before words of the document that were taken already */
  #take(words: Int32Array, length: number, before: number): void {
    const kept = this.#kept
    const documentOf = this.#documentOf
    const document = this.#documents
    const least = this.#least
    const { anchors, leastOfPublished } = this.#index
    const { filter, filterMask } = this.#seeds
    const mask = KEPT - 1
    let position = this.#position
    let b = kept[(position - 1) & mask]!
    let c = kept[(position - 2) & mask]!
    let d = kept[(position - 3) & mask]!
    let e = kept[(position - 4) & mask]!
    for (let i = 0; i < length; i++) {
      const word = words[i]!
      kept[position & mask] = word
      documentOf[position & mask] = document
      const near = seedHash(c, b, word)
      const bit = anchorBit(word)
      if ((anchors[bit >>> 5]! & (1 << (bit & 31))) !== 0) {
        const nearBits = filterBits(near)
        if ((filter[filterWord(near, filterMask)]! & nearBits) === nearBits) this.#hit(near, position)
        const far = seedHash(e, c, word)
        const farBits = filterBits(far)
        if ((filter[filterWord(far, filterMask)]! & farBits) === farBits) this.#hit(far, position)
      }
      // The least hash of the last seeds: most words leave it as it is.
      least[position & LEAST_MASK] = near
      if (near <= this.#leastHash) {
        this.#leastHash = near
        this.#leastAt = position
        this.#isPublished = holds(leastOfPublished, near)
      } else if (position - this.#leastAt >= SEEDS_IN_PUBLISHED) this.#findLeast(position)
      if (this.#isPublished && before + i >= PUBLISHED_N - 1) this.#gram(position)
      e = d
      d = c
      c = b
      b = word
      position++
      if (position >= this.#deadline) this.#settle(position)
    }
    this.#position = position
  }

  #findLeast(position: number): void {
    let hash = SEED_LIMIT
    for (let at = position - SEEDS_IN_PUBLISHED + 1; at <= position; at++) {
      const own = this.#least[at & LEAST_MASK]!
      if (own > hash) continue
      hash = own
      this.#leastAt = at
    }
    this.#leastHash = hash
    this.#isPublished = holds(this.#index.leastOfPublished, hash)
  }

  /** A seed of some stretches stands at `position`. */
  #hit(hash: number, position: number): void {
    const { slots, mask, postings, ends } = this.#seeds
    let slot = slotOf(hash, mask)
    while (slots[2 * slot + 1] !== -1 && slots[2 * slot] !== hash) slot = (slot + 1) & mask
    const start = slots[2 * slot + 1]!
    if (start === -1) return
    const { spans, needs, weights } = this.#index
    for (let p = start; p < ends[start]!; p++) {
      const place = postings[p]!
      const stretch = this.#stretchAt[place]!
      if (position - this.#first[stretch]! > spans[stretch]!) {
        this.#first[stretch] = position
        this.#hits[stretch] = 0
        this.#lastPlace[stretch] = -1
      }
      if (this.#lastPlace[stretch] === place) continue
      this.#lastPlace[stretch] = place
      this.#last[stretch] = position
      const before = this.#hits[stretch]!
      const nats = before + seedNats(weights, place)
      this.#hits[stretch] = nats
      if (before >= needs[stretch]! || nats < needs[stretch]!) continue
      this.#pending.push(stretch)
      this.#deadline = Math.min(this.#deadline, this.#first[stretch]! + spans[stretch]!)
    }
  }

  /** A published n-gram stands before and at `position`, if its words do. */
  #gram(position: number): void {
    const { slots, mask, postings, ends, filter } = this.#published
    const hash = publishedHash(this.#kept, position - PUBLISHED_N + 1, KEPT - 1)
    if (!holds(filter, hash)) return
    let slot = slotOf(hash, mask)
    while (slots[2 * slot + 1] !== -1 && slots[2 * slot] !== hash) slot = (slot + 1) & mask
    const start = slots[2 * slot + 1]!
    if (start === -1) return
    const { wholeWords, wholeStarts } = this.#index
    for (let p = start; p < ends[start]!; p++) {
      const place = postings[p]!
      let same = 0
      while (
        same < PUBLISHED_N &&
        this.#kept[(position - PUBLISHED_N + 1 + same) & (KEPT - 1)] === wholeWords[place + same]
      )
        same++
      if (same < PUBLISHED_N) continue
      const item = itemAt(wholeStarts, place)
      if (!this.#grams.has(item)) this.#grams.set(item, this.#documents)
    }
  }

  /** Align the stretches whose spans are over. */
  #settle(position: number): void {
    const { spans } = this.#index
    const due = this.#pending.filter((s) => this.#first[s]! + spans[s]! <= position)
    this.#pending = this.#pending.filter((s) => this.#first[s]! + spans[s]! > position)
    this.#deadline = this.#pending.reduce(
      (least, s) => Math.min(least, this.#first[s]! + spans[s]!),
      Number.POSITIVE_INFINITY,
    )
    for (const stretch of due) this.#align(stretch, position)
  }

  #align(stretch: number, position: number): void {
    const { stretchStarts, stretchWords, weights, spans } = this.#index
    const from = stretchStarts[stretch]!
    const length = stretchStarts[stretch + 1]! - from
    const row = this.#row.fill(0, 0, length + 1)
    const run = this.#run.fill(0, 0, length + 1)
    const marks = this.#marks.fill(0)
    const begin = Math.max(KEPT, this.#first[stretch]! - spans[stretch]!, position - KEPT + 1)
    let total = 0
    for (let j = from; j < from + length; j++) {
      total += weights[j]!
      marks[stretchWords[j]! & (MARKS - 1)] = 1
    }
    let longest = 0
    let isClear = true
    for (let at = begin; at < position; at++) {
      const word = this.#kept[at & (KEPT - 1)]!
      // Most words of a text are none of the stretch's: they change nothing but end every run.
      if (marks[word & (MARKS - 1)] === 0) {
        if (!isClear) run.fill(0, 0, length + 1)
        isClear = true
        continue
      }
      isClear = false
      let diagonal = 0
      let runBefore = 0
      let left = 0
      for (let j = 1; j <= length; j++) {
        const old = row[j]!
        const oldRun = run[j]!
        let best = Math.max(old, left)
        if (stretchWords[from + j - 1] === word) {
          const through = diagonal + weights[from + j - 1]!
          if (through > best) best = through
          run[j] = runBefore + 1
          if (runBefore + 1 > longest) longest = runBefore + 1
        } else run[j] = 0
        row[j] = best
        left = best
        diagonal = old
        runBefore = oldRun
      }
    }
    const overlap = Math.round((row[length]! / total) * 1e6) / 1e6
    const known = this.#found.get(stretch)
    this.#hits[stretch] = 0
    this.#first[stretch] = NEVER
    if (overlap < LEAST_KEPT || (known !== undefined && known.overlap >= overlap)) return
    const middle = this.#last[stretch]!
    this.#found.set(stretch, {
      stretch,
      overlap,
      longest,
      nats: total / FIXED,
      document: this.#documentOf[middle & (KEPT - 1)]!,
      at: middle - KEPT,
    })
  }

  finish(unit: Unit, skipped: readonly Skipped[]): Looked {
    for (const stretch of this.#pending) this.#align(stretch, this.#position)
    const place = { path: unit.path, from: unit.from }
    const looked: Looked = {
      documents: this.#documents,
      bytes: this.#bytes,
      skipped,
      found: [...this.#found.values()].map((found) => ({ ...found, ...place })),
      grams: [...this.#grams].map(([item, document]) => ({ item, document, ...place })),
    }
    this.#documents = 0
    this.#bytes = 0
    this.#found = new Map()
    this.#grams = new Map()
    return looked
  }
}

/** The item whose words hold place `at`. */
function itemAt(starts: Int32Array, at: number): number {
  let low = 0
  let high = starts.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= at) low = middle
    else high = middle
  }
  return low
}
