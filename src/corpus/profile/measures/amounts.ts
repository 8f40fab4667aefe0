import { z } from 'zod'
import type { Measure } from '../measure.js'

/** Sums over documents. */
export interface Amounts {
  characters: number
  words: number
  /** Stretches of bytes that are no UTF-8. */
  illFormed: number
  /** U+FFFD, which stands where somebody replaced such a stretch before. */
  replacements: number
}

export const AMOUNTS = ['characters', 'words', 'illFormed', 'replacements'] as const

/** How much text there is in other units than bytes, and how much of it is damaged. */
export const amounts: Measure<Amounts> = {
  id: 'amounts',
  state: z.object({ characters: z.int(), words: z.int(), illFormed: z.int(), replacements: z.int() }),
  start: () => ({ characters: 0, words: 0, illFormed: 0, replacements: 0 }),
  add(state, { scan }) {
    for (const name of AMOUNTS) state[name] += scan[name]
  },
  merge(into, from) {
    for (const name of AMOUNTS) into[name] += from[name]
  },
}
