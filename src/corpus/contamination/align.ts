import { FIXED, type ItemIndex, STRETCH_WORDS } from './index-items.js'
import { KEPT } from './word-memory.js'

const MARKS = 1 << 11

/** How much of a stretch stands in a text, in order: the common subsequence of the most nats. */
export class Aligner {
  readonly #index: ItemIndex
  readonly #row = new Int32Array(STRETCH_WORDS + 1)
  readonly #run = new Int32Array(STRETCH_WORDS + 1)
  readonly #marks = new Uint8Array(MARKS)

  constructor(index: ItemIndex) {
    this.#index = index
  }

  /** @param words the text: positions `begin…position` of a ring of {@link KEPT} words */
  align(
    stretch: number,
    words: Int32Array,
    begin: number,
    position: number,
  ): { overlap: number; longest: number; nats: number } {
    const { stretchStarts, stretchWords, weights } = this.#index
    const from = stretchStarts[stretch]!
    const length = stretchStarts[stretch + 1]! - from
    const row = this.#row.fill(0, 0, length + 1)
    const run = this.#run.fill(0, 0, length + 1)
    const marks = this.#marks.fill(0)
    let total = 0
    for (let j = from; j < from + length; j++) {
      total += weights[j]!
      marks[stretchWords[j]! & (MARKS - 1)] = 1
    }
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
