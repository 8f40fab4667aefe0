import { z } from 'zod'
import { addTo, type Measure, mergeTally, type Tally } from '../measure.js'

/** Documents by their length in bytes: exact, and small, since a corpus of n bytes has at most √(2n) different lengths. */
export const lengths: Measure<Tally> = {
  id: 'lengths',
  state: z.record(z.string(), z.int().min(1)),
  start: () => ({}),
  add: (state, { begin, end }) => addTo(state, String(end - begin), 1),
  merge: mergeTally,
}

/** Lengths in ascending order with the documents that have each. */
export function sortedLengths(state: Tally): { bytes: number; documents: number }[] {
  return Object.entries(state)
    .map(([bytes, documents]) => ({ bytes: Number(bytes), documents }))
    .sort((a, b) => a.bytes - b.bytes)
}
