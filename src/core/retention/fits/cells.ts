import type { CountedFact, ModelAnswers, Observations } from '../counts/observations.js'
import type { Bin } from './line-fit.js'
import type { BinRange, LineVariant, Measure } from './variants.js'
import { retains } from './variants.js'

/** Facts of one bin of one measure in one model: their number, Σ accuracy and Σ accuracy². */
export interface Cell {
  readonly bin: number
  facts: number
  sum: number
  sumOfSquares: number
}

/** The bin that a measure reads: SMI and mutual information share theirs. */
export function binOf(fact: CountedFact, measure: Measure): number | null {
  return measure === 'cooccurrence' ? fact.pairBin : fact.miBin
}

const binsByFacts = new WeakMap<readonly CountedFact[], Map<string, Float64Array>>()

/** Bins of all facts, NaN where there is none, kept as long as the facts are: resampling reads them hundreds of times. */
export function binsOf(facts: readonly CountedFact[], measure: Measure): Float64Array {
  const made = binsByFacts.get(facts) ?? new Map<string, Float64Array>()
  binsByFacts.set(facts, made)
  const key = measure === 'cooccurrence' ? 'pairs' : 'mi'
  const bins = made.get(key) ?? Float64Array.from(facts, (fact) => binOf(fact, measure) ?? Number.NaN)
  made.set(key, bins)
  return bins
}

/**
 * Which facts a fit uses, shape (facts): asked of the model, and kept by the variant's threshold on the mutual
 * information (for every measure, the co-occurrence baseline included).
 */
export function retainedFacts(
  observations: Observations,
  { positions }: ModelAnswers,
  variant: LineVariant,
): Uint8Array {
  const { facts } = observations
  const out = new Uint8Array(facts.length)
  for (const i of positions) if (facts[i].miBin !== null && retains(variant, facts[i].mi)) out[i] = 1
  return out
}

/**
 * Facts that a model was asked, summed by bin, bins ascending.
 *
 * @param times how often each fact counts, shape (facts): 0/1 for a subset, multiplicities for a resample
 */
export function sumByBin(
  facts: readonly CountedFact[],
  { accuracy, positions }: ModelAnswers,
  measure: Measure,
  times: ArrayLike<number>,
): Cell[] {
  // Bins are small whole numbers: an array indexed by bin is many times faster than a map, and resampling calls this often.
  const cells: (Cell | undefined)[] = []
  const below: (Cell | undefined)[] = []
  const bins = binsOf(facts, measure)
  for (let p = 0; p < positions.length; p++) {
    const i = positions[p]
    const n = times[i]
    const right = accuracy[i]
    if (n === 0) continue
    const bin = bins[i]
    if (Number.isNaN(bin)) continue
    const side = bin < 0 ? below : cells
    const at = bin < 0 ? -bin : bin
    let cell = side[at]
    if (cell === undefined) {
      cell = { bin, facts: 0, sum: 0, sumOfSquares: 0 }
      side[at] = cell
    }
    cell.facts += n
    cell.sum += n * right
    cell.sumOfSquares += n * right * right
  }
  return [...below.reverse(), ...cells].filter((cell) => cell !== undefined)
}

export function rangeOf(cells: readonly Cell[]): BinRange {
  return { lowest: cells[0].bin, highest: cells[cells.length - 1].bin }
}

/** Put cells on a variant's axis; null when its min–max scale has no width. */
export function onAxis(
  cells: readonly Cell[],
  variant: LineVariant,
  measure: Measure,
  range: BinRange,
  params: number,
): Bin[] | null {
  if (variant.usesRange(measure) && range.lowest === range.highest) return null
  return cells.map((cell) => ({ ...cell, x: variant.axis(measure, cell.bin, range, params) }))
}
