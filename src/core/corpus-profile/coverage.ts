import { type Estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random/index.js'
import { shareEstimate } from '../stats/index.js'

/** Bands of how often an n-gram stands in the corpus, by their least count. */
const COUNT_BANDS = [0, 1, 10, 100, 1000] as const

/** The n-grams of one document of a target, repeats included, shape (n-grams). */
export type TargetDocument = Int32Array

export interface Coverage {
  /** Of the target's n-grams, counted as often as they stand there: those that the corpus has. */
  readonly covered: Estimate
  /** Documents of the target that are long enough to have one. */
  readonly documents: number
  /** Share by how often the corpus has them: from the least count of the band up to the next; null where there are none. */
  readonly bands: readonly { readonly from: number; readonly share: number | null }[]
}

/** `never`, `1–9`, `1,000+`: how often each band says. */
export const BAND_TITLES: readonly string[] = COUNT_BANDS.map((from, i) => {
  const next = COUNT_BANDS[i + 1]
  return from === 0
    ? 'never'
    : next === undefined
      ? `${from.toLocaleString('en-US')}+`
      : `${from}–${next - 1}`
})

const bandOf = (count: number): number => COUNT_BANDS.findLastIndex((least) => count >= least)

const SINGLE =
  'one document of the target is long enough: how its kind differs from document to document cannot be told'
const NONE = 'no document of the target is long enough'

/**
 * How much of a target's n-grams a corpus has. Intervals are over the target's documents, which stand for others of their
 * kind.
 *
 * @param documents n-grams of each document by number
 * @param counts    occurrences in the corpus by number
 */
export function coverageOf(
  documents: readonly TargetDocument[],
  counts: (ngram: number) => number,
  random: Random,
  level: number,
): Coverage {
  const byBand = COUNT_BANDS.map(() => 0)
  let total = 0
  const units = documents.map((ngrams) => {
    let covered = 0
    for (const ngram of ngrams) {
      const count = counts(ngram)
      if (count > 0) covered++
      byBand[bandOf(count)]!++
    }
    total += ngrams.length
    return { numerator: covered, denominator: ngrams.length }
  })
  const long = units.filter(({ denominator }) => denominator > 0)
  return {
    covered: long.length === 0 ? notEstimable(NONE) : shareEstimate(long, SINGLE, random, level),
    documents: long.length,
    bands: COUNT_BANDS.map((from, band) => ({ from, share: total === 0 ? null : byBand[band]! / total })),
  }
}

/** The bands of {@link coverageOf} with intervals over the target's documents. */
export function bandEstimates(
  documents: readonly TargetDocument[],
  counts: (ngram: number) => number,
  random: Random,
  level: number,
): Estimate[] {
  const long = documents.filter(({ length }) => length > 0)
  const inBand = long.map((ngrams) => {
    const own = COUNT_BANDS.map(() => 0)
    for (const ngram of ngrams) own[bandOf(counts(ngram))]!++
    return own
  })
  return COUNT_BANDS.map((_, band) => {
    const units = long.map(({ length }, i) => ({ numerator: inBand[i]![band]!, denominator: length }))
    return units.length === 0 ? notEstimable(NONE) : shareEstimate(units, SINGLE, random, level)
  })
}
