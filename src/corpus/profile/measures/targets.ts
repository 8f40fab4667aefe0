import { z } from 'zod'
import { forNgrams, numberOf, TARGET_NGRAMS } from '../../../core/index.js'
import { addTo, type Measure, mergeTally, type Tally } from '../measure.js'
import { fileGroup } from './domains.js'

/** The n-gram length by which parts of the corpus are near to a target or not. */
export const NEAREST_NGRAM = 3

export interface Targets {
  /** Occurrences in the corpus by the n-gram's number. */
  readonly counts: Tally
  /** Of each group of files: trigrams in all, and those that a target has. */
  readonly trigrams: Tally
  readonly hits: Tally
}

const tally = z.record(z.string(), z.int())

/** Where the n-grams of the targets stand in the corpus; nothing where no target is named. */
export const targets: Measure<Targets> = {
  id: 'targets',
  state: z.object({ counts: tally, trigrams: tally, hits: tally }),
  start: () => ({ counts: {}, trigrams: {}, hits: {} }),
  add(state, { index, scan, unit }) {
    if (index === null) return
    const { counts } = state
    let hits = 0
    for (const n of TARGET_NGRAMS)
      forNgrams(scan.terms, scan.termLengths, n, (high, low) => {
        const id = numberOf(index, high, low)
        if (id < 0) return
        counts[id] = (counts[id] ?? 0) + 1
        if (n === NEAREST_NGRAM) hits++
      })
    const group = fileGroup(unit.path)
    addTo(state.trigrams, group, Math.max(0, scan.terms.length - NEAREST_NGRAM + 1))
    addTo(state.hits, group, hits)
  },
  merge(into, from) {
    mergeTally(into.counts, from.counts)
    mergeTally(into.trigrams, from.trigrams)
    mergeTally(into.hits, from.hits)
  },
}
