import { FIXED, STRETCH_WORDS } from './cut-items.js'
import type { ItemIndex } from './index-items.js'
import { KEPT } from './word-memory.js'

const MARKS = 1 << 11
/** Overlaps are rounded to half of this. */
const ROUNDING = 1e-6

/** How much of a stretch stands in a text, in order: the common subsequence of the most nats. */
export class Aligner {
  readonly #index: ItemIndex
  readonly #row = new Int32Array(STRETCH_WORDS + 1)
  readonly #run = new Int32Array(STRETCH_WORDS + 1)
  /** First place of a word in the stretch, from 1, by its low bits; the next place of words of the same bits; whether the text has it. */
  readonly #marks = new Uint8Array(MARKS)
  readonly #places = new Uint8Array(STRETCH_WORDS + 1)
  readonly #isThere = new Uint8Array(STRETCH_WORDS + 1)

  constructor(index: ItemIndex) {
    this.#index = index
  }

  /**
   * @param words the text: positions `begin…position` of a ring of {@link KEPT} words
   * @param least what is below is of no interest, and may be undefined
   */
  align(
    stretch: number,
    words: Int32Array,
    begin: number,
    position: number,
    least: number,
  ): { overlap: number; longest: number; nats: number } | undefined {
    const { stretchStarts, stretchWords, weights } = this.#index
    const from = stretchStarts[stretch]!
    const length = stretchStarts[stretch + 1]! - from
    const row = this.#row.fill(0, 0, length + 1)
    const run = this.#run.fill(0, 0, length + 1)
    const marks = this.#marks.fill(0)
    const places = this.#places
    let total = 0
    for (let j = length; j > 0; j--) {
      total += weights[from + j - 1]!
      const mark = stretchWords[from + j - 1]! & (MARKS - 1)
      places[j] = marks[mark]!
      marks[mark] = j
    }
    // All that the text has of the stretch, in whatever order, is the most that it can have in order.
    const isThere = this.#isThere.fill(0, 0, length + 1)
    let most = 0
    for (let at = begin; at < position; at++) {
      const word = words[at & (KEPT - 1)]!
      for (let j = marks[word & (MARKS - 1)]!; j > 0; j = places[j]!) {
        if (isThere[j] === 1 || stretchWords[from + j - 1] !== word) continue
        isThere[j] = 1
        most += weights[from + j - 1]!
      }
    }
    if (most / total < least - ROUNDING) return undefined
    let longest = 0
    let isClear = true
    for (let at = begin; at < position; at++) {
      const word = words[at & (KEPT - 1)]!
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
    return { overlap: Math.round((row[length]! / total) * 1e6) / 1e6, longest, nats: total / FIXED }
  }
}
