import type { Gatherer } from '../job/gathering.js'
import type { Skipped, Unit } from '../readers/unit.js'
import { Aligner } from './align.js'
import { PUBLISHED_N } from './cut-items.js'
import type { ItemIndex } from './index-items.js'
import { type Looked, type PlaceFound, recordsOf } from './looked.js'
import { keyOf } from './ngram-table.js'
import { OVERLAP_LIMITS } from './verdict.js'
import { HIT, KEPT, type WordMemory } from './word-memory.js'
import { createWordReader } from './words.js'

/** Places below this overlap are not kept: what is less is not told apart from nothing. */
const LEAST_KEPT = 0.3
const NEVER = -(2 ** 30)
const NONE: readonly number[] = []
/** What is under way of a stretch: first and last hit, the last place within it, nats of its hits; and words of its span, nats that it needs. */
const FIRST = 0
const LAST = 1
const LAST_PLACE = 2
const HITS = 3
const SPAN = 4
const NEED = 5
/** A power of two: no row lies across two lines of a cache. */
const COLUMNS = 8
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
  /** Stretches of an item that are looked for by its published n-grams. */
  readonly #versionsOf = new Map<number, number[]>()
  /** What is under way of each stretch; shape (stretches × {@link COLUMNS}), so that what is told of one lies together. */
  readonly #state: Int32Array
  readonly #aligner: Aligner
  readonly #mostWords: number
  /** Words of the unit before those that positions count. */
  #before = 0
  #pending: number[] = []
  #deadline = Number.POSITIVE_INFINITY
  #documents = 0
  #bytes = 0
  /** Of each stretch the places that are better than all before them. */
  #found = new Map<number, PlaceFound[]>()
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
    this.#state = new Int32Array(COLUMNS * stretches)
    for (let s = 0; s < stretches; s++) {
      this.#state[COLUMNS * s + SPAN] = index.spans[s]!
      this.#state[COLUMNS * s + NEED] = index.needs[s]!
      const item = index.itemOf[s]!
      if (index.versions[s] === 1) this.#versionsOf.set(item, [...(this.#versionsOf.get(item) ?? []), s])
    }
  }

  begin(): void {
    this.#before = 0
    this.#restart()
  }

  /** Positions begin again: nothing stands before the next word. */
  #restart(): void {
    this.#pending = []
    this.#deadline = Number.POSITIVE_INFINITY
    for (let at = 0; at < this.#state.length; at += COLUMNS) {
      this.#state[at + FIRST] = NEVER
      this.#state[at + HITS] = 0
    }
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
    const state = this.#state
    for (let p = 3 * starts[key]!; p < 3 * starts[key + 1]!; p += 3) {
      const stretch = postings[p]!
      const place = postings[p + 1]!
      this.#openSpan(stretch, position)
      const at = COLUMNS * stretch
      if (state[at + LAST_PLACE] === place) continue
      state[at + LAST_PLACE] = place
      state[at + LAST] = position
      const before = state[at + HITS]!
      const nats = before + postings[p + 2]!
      state[at + HITS] = nats
      if (before < state[at + NEED]! && nats >= state[at + NEED]!) this.#await(stretch)
    }
  }

  /** What is hit within the span of a first hit counts together. */
  #openSpan(stretch: number, position: number): void {
    const state = this.#state
    const at = COLUMNS * stretch
    if (position - state[at + FIRST]! <= state[at + SPAN]!) return
    state[at + FIRST] = position
    state[at + HITS] = 0
    state[at + LAST_PLACE] = -1
  }

  /** Position at which the span of a stretch is over. */
  #endOf(stretch: number): number {
    return this.#state[COLUMNS * stretch + FIRST]! + this.#state[COLUMNS * stretch + SPAN]!
  }

  /** Compare a stretch once its span is over. */
  #await(stretch: number): void {
    this.#pending.push(stretch)
    this.#deadline = Math.min(this.#deadline, this.#endOf(stretch))
  }

  /** A stretch that shares its seeds with too many is compared where a published n-gram of its item stands. */
  #gramOf(stretch: number, position: number): void {
    this.#openSpan(stretch, position)
    const at = COLUMNS * stretch
    this.#state[at + LAST] = position
    const needed = this.#state[at + NEED]!
    if (this.#state[at + HITS]! >= needed) return
    this.#state[at + HITS] = needed
    this.#await(stretch)
  }

  /** Whether so much of a stretch was found that no other place need be looked at for its verdict. */
  #isWhole(stretch: number): boolean {
    return (this.#bestOf(stretch)?.overlap ?? 0) >= OVERLAP_LIMITS.short
  }

  #bestOf(stretch: number): PlaceFound | undefined {
    return this.#found.get(stretch)?.at(-1)
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
    const due = this.#pending.filter((stretch) => this.#endOf(stretch) <= position)
    this.#pending = this.#pending.filter((stretch) => this.#endOf(stretch) > position)
    this.#deadline = this.#pending.reduce(
      (least, stretch) => Math.min(least, this.#endOf(stretch)),
      Number.POSITIVE_INFINITY,
    )
    for (const stretch of due) {
      const last = this.#state[COLUMNS * stretch + LAST]!
      this.#align(stretch, position)
      const found = this.#bestOf(stretch)
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
    const at = COLUMNS * stretch
    this.#state[at + FIRST] = last
    this.#state[at + HITS] = this.#state[at + NEED]!
    this.#await(stretch)
  }

  #align(stretch: number, position: number): void {
    const own = COLUMNS * stretch
    const begin = Math.max(KEPT, this.#state[own + FIRST]! - this.#state[own + SPAN]!)
    this.#state[own + HITS] = 0
    this.#state[own + FIRST] = NEVER
    const known = this.#bestOf(stretch)
    const least = known?.overlap ?? LEAST_KEPT
    const place = this.#aligner.align(stretch, this.#reader.kept, begin, position, least)
    if (
      place === undefined ||
      place.overlap < LEAST_KEPT ||
      (known !== undefined && known.overlap >= place.overlap)
    )
      return
    const { overlap, longest, nats } = place
    const at = this.#state[own + LAST]!
    const document = this.#documentOf(stretch, begin, position)
    const found = { stretch, overlap, longest, nats, document, at: this.#before + at - KEPT }
    this.#found.set(stretch, [...(this.#found.get(stretch) ?? []), found])
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
      found: [...this.#found.values()].flatMap((places) =>
        recordsOf(places).map((found) => ({ ...found, ...place })),
      ),
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
