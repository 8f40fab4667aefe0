import type { Gatherer } from '../job/gathering.js'
import type { Skipped, Unit } from '../readers/unit.js'
import { Aligner } from './align.js'
import { type ItemIndex, PUBLISHED_N, seedNats } from './index-items.js'
import type { Looked, PlaceFound } from './looked.js'
import { keyOf } from './ngram-table.js'
import { OVERLAP_LIMITS } from './verdict.js'
import { HIT, KEPT, type WordMemory } from './word-memory.js'
import { createWordReader } from './words.js'

/** Places below this overlap are not kept: what is less is not told apart from nothing. */
const LEAST_KEPT = 0.3
const NEVER = -(2 ** 30)
const NONE: readonly number[] = []
/** Positions are 32-bit integers, and a compressed file is one unit, however many words it has: behind so many they are counted anew. */
const MOST_WORDS = 2 ** 29

/**
 * Looks for items in documents, in one pass. Three words in a row of which the last is rare enough, with or without one
 * word between any two, point to a stretch of an item; where enough of one's come close together, the stretch is aligned with the text
 * there: common subsequence, weighted by nats, so that other text in between takes nothing off.
 */
export class ItemMatcher implements Gatherer<Looked> {
  readonly #index: ItemIndex
  readonly #reader: WordMemory
  readonly #stretchAt: Int32Array
  /** Stretches of an item that are looked for by its published n-grams. */
  readonly #versionsOf = new Map<number, number[]>()
  /** First and last hit under way of a stretch, the last place within it, and how many; shape (stretches). */
  readonly #first: Int32Array
  readonly #last: Int32Array
  readonly #lastPlace: Int32Array
  readonly #hits: Int32Array
  readonly #aligner: Aligner
  readonly #mostWords: number
  /** Words of the unit before those that positions count. */
  #before = 0
  #pending: number[] = []
  #deadline = Number.POSITIVE_INFINITY
  #documents = 0
  #bytes = 0
  #found = new Map<number, PlaceFound>()
  #grams = new Map<number, number>()
  /** Lists of published n-grams whose every item is found: an instruction before 20,000 items need not be compared again. */
  #settled = new Set<number>()

  constructor(index: ItemIndex, mostWords = MOST_WORDS) {
    const stretches = index.itemOf.length
    this.#index = index
    this.#mostWords = mostWords
    const { anchors, pairs, seeds, leastOfPublished: leasts, published } = index
    this.#reader = createWordReader({ anchors, pairs, seeds: seeds.filter, leasts, grams: published.filter })
    this.#aligner = new Aligner(index)
    this.#stretchAt = new Int32Array(index.stretchWords.length)
    for (let s = 0; s < stretches; s++) {
      this.#stretchAt.fill(s, index.stretchStarts[s]!, index.stretchStarts[s + 1]!)
      const item = index.itemOf[s]!
      if (index.versions[s] === 1) this.#versionsOf.set(item, [...(this.#versionsOf.get(item) ?? []), s])
    }
    this.#first = new Int32Array(stretches).fill(NEVER)
    this.#last = new Int32Array(stretches).fill(NEVER)
    this.#lastPlace = new Int32Array(stretches)
    this.#hits = new Int32Array(stretches)
  }

  begin(): void {
    this.#before = 0
    this.#restart()
  }

  /** Positions begin again: nothing stands before the next word. */
  #restart(): void {
    this.#pending = []
    this.#deadline = Number.POSITIVE_INFINITY
    this.#first.fill(NEVER)
    this.#hits.fill(0)
    this.#reader.reset()
  }

  document(bytes: Uint8Array, begin: number, end: number): void {
    this.#documents++
    this.#bytes += end - begin
    const reader = this.#reader
    if (reader.position() > this.#mostWords) {
      this.#alignPending()
      this.#before += reader.position() - KEPT
      this.#restart()
    }
    reader.begin(bytes, begin, end, this.#documents)
    for (let isFull = true; isFull; ) {
      isFull = reader.read()
      reader.forEvents((kind, hash, position) => {
        while (this.#deadline <= position) this.#settle(this.#deadline)
        if (kind === HIT) this.#hit(hash, position)
        else this.#gram(hash, position)
      })
      while (this.#deadline <= reader.position()) this.#settle(this.#deadline)
    }
  }

  /** A seed of some stretches stands at `position`. */
  #hit(hash: number, position: number): void {
    const { postings, starts } = this.#index.seeds
    const key = keyOf(this.#index.seeds, hash)
    if (key === -1) return
    const { needs, weights } = this.#index
    for (let p = starts[key]!; p < starts[key + 1]!; p++) {
      const place = postings[p]!
      const stretch = this.#stretchAt[place]!
      this.#openSpan(stretch, position)
      if (this.#lastPlace[stretch] === place) continue
      this.#lastPlace[stretch] = place
      this.#last[stretch] = position
      const before = this.#hits[stretch]!
      const nats = before + seedNats(weights, place)
      this.#hits[stretch] = nats
      if (before >= needs[stretch]! || nats < needs[stretch]!) continue
      this.#await(stretch)
    }
  }

  /** What is hit within the span of a first hit counts together. */
  #openSpan(stretch: number, position: number): void {
    if (position - this.#first[stretch]! <= this.#index.spans[stretch]!) return
    this.#first[stretch] = position
    this.#hits[stretch] = 0
    this.#lastPlace[stretch] = -1
  }

  /** Compare a stretch once its span is over. */
  #await(stretch: number): void {
    this.#pending.push(stretch)
    this.#deadline = Math.min(this.#deadline, this.#first[stretch]! + this.#index.spans[stretch]!)
  }

  /** A stretch that shares its seeds with too many is compared where a published n-gram of its item stands. */
  #gramOf(stretch: number, position: number): void {
    this.#openSpan(stretch, position)
    this.#last[stretch] = position
    const needed = this.#index.needs[stretch]!
    if (this.#hits[stretch]! >= needed) return
    this.#hits[stretch] = needed
    this.#await(stretch)
  }

  /** Whether so much of a stretch was found that no other place need be looked at for its verdict. */
  #isWhole(stretch: number): boolean {
    return (this.#found.get(stretch)?.overlap ?? 0) >= OVERLAP_LIMITS.short
  }

  /** A published n-gram stands before and at `position`, if its words do. */
  #gram(hash: number, position: number): void {
    const { postings, starts } = this.#index.published
    const key = keyOf(this.#index.published, hash)
    if (key === -1 || this.#settled.has(key)) return
    const { wholeWords, wholeStarts } = this.#index
    let isSettled = true
    for (let p = starts[key]!; p < starts[key + 1]!; p++) {
      const place = postings[p]!
      const item = itemAt(wholeStarts, place)
      const versions = this.#versionsOf.get(item) ?? NONE
      if (this.#grams.has(item) && versions.every((stretch) => this.#isWhole(stretch))) continue
      let same = 0
      while (
        same < PUBLISHED_N &&
        this.#reader.kept[(position - PUBLISHED_N + 1 + same) & (KEPT - 1)] === wholeWords[place + same]
      )
        same++
      if (same < PUBLISHED_N || versions.length > 0) isSettled = false
      if (same < PUBLISHED_N) continue
      if (!this.#grams.has(item)) this.#grams.set(item, this.#documents)
      for (const stretch of versions) this.#gramOf(stretch, position)
    }
    if (isSettled) this.#settled.add(key)
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
    for (const stretch of due) {
      const last = this.#last[stretch]!
      this.#align(stretch, position)
      const found = this.#found.get(stretch)
      // What stands at the end of a span may go on behind it; where nothing was found, more than half of it would, and is hit there.
      if (found !== undefined && found.overlap < 1 && last > position - this.#lengthOf(stretch))
        this.#goOn(stretch, last)
    }
  }

  #lengthOf(stretch: number): number {
    const { stretchStarts } = this.#index
    return stretchStarts[stretch + 1]! - stretchStarts[stretch]!
  }

  /** Compare a stretch once more, around its last hit. */
  #goOn(stretch: number, last: number): void {
    this.#first[stretch] = last
    this.#hits[stretch] = this.#index.needs[stretch]!
    this.#await(stretch)
  }

  #align(stretch: number, position: number): void {
    const begin = Math.max(KEPT, this.#first[stretch]! - this.#index.spans[stretch]!)
    this.#hits[stretch] = 0
    this.#first[stretch] = NEVER
    const known = this.#found.get(stretch)
    const least = known?.overlap ?? LEAST_KEPT
    const place = this.#aligner.align(stretch, this.#reader.kept, begin, position, least)
    if (
      place === undefined ||
      place.overlap < LEAST_KEPT ||
      (known !== undefined && known.overlap >= place.overlap)
    )
      return
    const { overlap, longest, nats } = place
    const at = this.#last[stretch]!
    const document = this.#documentOf(stretch, begin, position)
    this.#found.set(stretch, { stretch, overlap, longest, nats, document, at: this.#before + at - KEPT })
  }

  /** Of the documents between two positions the one that holds most of a stretch: the last hit may lie in a further one. */
  #documentOf(stretch: number, begin: number, position: number): number {
    const { stretchStarts, stretchWords, weights } = this.#index
    const nats = new Map<number, number>()
    for (let at = stretchStarts[stretch]!; at < stretchStarts[stretch + 1]!; at++)
      nats.set(stretchWords[at]!, weights[at]!)
    const { kept, documents } = this.#reader
    const held = new Map<number, number>()
    for (let at = begin; at < position; at++) {
      const document = documents[at & (KEPT - 1)]!
      held.set(document, (held.get(document) ?? 0) + (nats.get(kept[at & (KEPT - 1)]!) ?? 0))
    }
    return [...held].reduce((most, next) => (next[1] > most[1] ? next : most))[0]
  }

  #alignPending(): void {
    for (const stretch of this.#pending) this.#align(stretch, this.#reader.position())
  }

  finish(unit: Unit, skipped: readonly Skipped[]): Looked {
    this.#alignPending()
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
    this.#settled = new Set()
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
