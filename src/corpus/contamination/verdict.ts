import { groupBy } from '../../core/index.js'
import { PUBLISHED_N, type SoughtItem } from './cut-items.js'
import type { ItemIndex } from './index-items.js'
import { type Looked, SLACK } from './looked.js'

/** From which overlap on a stretch stands in the corpus. */
export interface OverlapLimits {
  readonly long: number
  /** Where a stretch carries so few nats that other text may hold most of it. */
  readonly short: number
  /** Where it is of a script without spaces: its words are pieces of words, which other text shares more often. */
  readonly unspaced: number
}
/** Chosen on one half of real items, judged on the other: docs/validation/contamination.md. */
export const OVERLAP_LIMITS: OverlapLimits = { long: 0.5, short: 0.9, unspaced: 0.8 }
const SHORT_NATS = 45
/** A place is laid to the item that it holds this much more of. */
const EXPLAINED_BY = 0.0005
/** Of the words by which another item differs, so much stands at a place that is laid to it, in nats. */
const OWN_SHARE = 0.75
/** Of the items found at one place, so many that most of stands there are held against each other. */
const MOST_AT_A_PLACE = 64
/** Words between two stretches that are found at one place. */
const ONE_PLACE = 256

/** What is known of one item; a row of the table. */
export interface ItemVerdict {
  readonly item_id: string
  readonly task: string
  /**
   * Nats of its words that stand in the corpus, each stretch of it in one place and in order, ÷ all; a stretch of which less
   * than .3 stands there counts as 0. Null where all do, and where it is too short to decide.
   */
  readonly overlap: number | null
  /** Words of the longest run that stands there without a gap; null with `overlap`. */
  readonly longest: number | null
  /** Where: a file and the number of the document in it; null where nothing was found. */
  readonly document: string | null
  /**
   * Whether it does not stand in the corpus; null = unknown: too short to decide, short and found in part, or not found where
   * much of the corpus was not read.
   */
  readonly clean: boolean | null
  /** Whether one of its plain 13-grams stands in the corpus, as published; null where it has fewer words. */
  readonly ngram13: boolean | null
}

type Place = Looked['found'][number]

/** From which overlap on a stretch stands there, whichever it is. */
function limitOf(
  { stretch, nats }: Place,
  index: ItemIndex,
  { long, short, unspaced }: OverlapLimits,
): number {
  if (nats < SHORT_NATS) return short
  return index.unspaced[index.itemOf[stretch]!] === 1 ? unspaced : long
}

function nameOf({ path, from, document }: Pick<Place, 'path' | 'from' | 'document'>): string {
  return from === 0 ? `${path}#${document}` : `${path}@${from}#${document}`
}

/**
 * Whether each place where an item was found holds more of another item, and no more of this one than the two share: of
 * two questions on one passage the one that stands there, of two that differ in a word the one that is spelled out. Where
 * what tells the other apart does not stand there (one question with other numbers, and the corpus has a third version), it
 * explains nothing: which version overlaps a little more is chance, and items would be clean or not by the list they stand in.
 * Of copies of the other it is enough that one of those at which nearly as much of this item stands is known to hold it.
 */
function isExplained(
  own: readonly Place[],
  item: number,
  overlaps: Float64Array,
  near: Neighbours,
  records: ReadonlyMap<number, readonly Place[]>,
): boolean {
  return own.every((best) =>
    (records.get(best.stretch) ?? []).some((place) =>
      near
        .at(place)
        .some(
          (other) =>
            other.item !== item &&
            other.overlap >= place.overlap &&
            overlaps[other.item]! >= overlaps[item]! + EXPLAINED_BY &&
            other.overlap >= ownShare(near.sharedWith(other.stretch, item)) &&
            near.sharedWith(best.stretch, other.item) >= best.overlap - SLACK,
        ),
    ),
  )
}

/** Overlap of a stretch from which on enough of what it does not share stands there; overlaps are rounded. */
function ownShare(shared: number): number {
  return shared + OWN_SHARE * (1 - shared) - 1e-6
}

/** Places by where they stand. */
class Neighbours {
  readonly #byBlock = new Map<string, (Place & { readonly item: number })[]>()

  readonly #index: ItemIndex

  constructor(places: readonly Place[], index: ItemIndex) {
    this.#index = index
    const { itemOf } = index
    for (const place of places) {
      const key = this.#key(place, 0)
      const list = this.#byBlock.get(key)
      const entry = { ...place, item: itemOf[place.stretch]! }
      if (list === undefined) this.#byBlock.set(key, [entry])
      else list.push(entry)
    }
    for (const [key, list] of this.#byBlock)
      if (list.length > MOST_AT_A_PLACE)
        this.#byBlock.set(key, list.sort((a, b) => b.overlap - a.overlap).slice(0, MOST_AT_A_PLACE))
  }

  #key({ path, from, at }: Place, shift: number): string {
    return `${from} ${Math.floor(at / ONE_PLACE) + shift} ${path}`
  }

  /** Nats of a stretch's words that an item has, too, ÷ all. */
  sharedWith(stretch: number, item: number): number {
    const { wholeWords, wholeStarts, stretchWords, stretchStarts, weights } = this.#index
    const has = new Set(wholeWords.subarray(wholeStarts[item]!, wholeStarts[item + 1]!))
    let [shared, all] = [0, 0]
    for (let at = stretchStarts[stretch]!; at < stretchStarts[stretch + 1]!; at++) {
      all += weights[at]!
      if (has.has(stretchWords[at]!)) shared += weights[at]!
    }
    return shared / all
  }

  at(place: Place): (Place & { readonly item: number })[] {
    return [-1, 0, 1].flatMap((shift) =>
      (this.#byBlock.get(this.#key(place, shift)) ?? []).filter(
        (other) => Math.abs(other.at - place.at) <= ONE_PLACE,
      ),
    )
  }
}

/** Judge every item by where its stretches were found. */
export function judgeItems(
  items: readonly SoughtItem[],
  index: ItemIndex,
  looked: Looked,
  limits = OVERLAP_LIMITS,
): ItemVerdict[] {
  const { itemOf, stretchStarts, weights, wholeStarts } = index
  const nats = new Float64Array(items.length)
  const foundNats = new Float64Array(items.length)
  const stretchNats = new Float64Array(itemOf.length)
  for (let s = 0; s < itemOf.length; s++) {
    for (let at = stretchStarts[s]!; at < stretchStarts[s + 1]!; at++) stretchNats[s]! += weights[at]!
    nats[itemOf[s]!]! += stretchNats[s]!
  }
  const records = groupBy(looked.found, ({ stretch }) => stretch)
  const placesOf = new Map<number, Place[]>()
  for (const own of records.values()) {
    const place = own.at(-1)!
    const item = itemOf[place.stretch]!
    foundNats[item]! += place.overlap * stretchNats[place.stretch]!
    placesOf.set(item, [...(placesOf.get(item) ?? []), place])
  }
  const overlaps = foundNats.map((sum, i) => (nats[i]! > 0 ? sum / nats[i]! : 0))
  const stands = (place: Place): boolean => place.overlap >= limitOf(place, index, limits)
  /** More of it than other text is likely to hold, and less than shows that it stands there: a question without its answer. */
  const mayStand = (place: Place): boolean => place.overlap >= limits.long && !stands(place)
  const near = new Neighbours(looked.found.filter(stands), index)
  const nearLong = new Neighbours(
    looked.found.filter(({ overlap }) => overlap >= limits.long),
    index,
  )
  const grams = new Map(looked.grams.map((gram) => [gram.item, gram]))
  return items.map(({ id, task }, i): ItemVerdict => {
    const words = wholeStarts[i + 1]! - wholeStarts[i]!
    const ngram13 = words < PUBLISHED_N ? null : grams.has(i)
    if (nats[i] === 0)
      return { item_id: id, task, overlap: null, longest: null, document: null, clean: null, ngram13 }
    const places = placesOf.get(i) ?? []
    const best = [...places].sort((a, b) => b.overlap - a.overlap || b.longest - a.longest)[0]
    const own = places.filter(stands)
    const isThere = own.length > 0 && !isExplained(own, i, overlaps, near, records)
    const maybe = places.filter(mayStand)
    const isDecided = index.decided[i] === 1 && isExplained(maybe, i, overlaps, nearLong, records)
    return {
      item_id: id,
      task,
      ...(best === undefined
        ? { overlap: null, longest: null, document: null }
        : {
            overlap: Math.round(overlaps[i]! * 1e4) / 1e4,
            longest: Math.max(...places.map(({ longest }) => longest)),
            document: nameOf(best),
          }),
      clean: isThere ? false : isDecided ? true : null,
      ngram13,
    }
  })
}
