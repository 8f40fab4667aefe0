import { quantised } from '../counts/mutual-information.js'

/** What is read from the counts: SMI (mutual information and model size), mutual information alone, or n_so alone. */
export type Measure = 'smi' | 'mi' | 'cooccurrence'
export const MEASURES: readonly Measure[] = ['smi', 'mi', 'cooccurrence']

/** Bin numbers of the smallest and the largest retained value: the ends of a min–max scale. */
export interface BinRange {
  readonly lowest: number
  readonly highest: number
}

/** One published version of the SMI axis, on which retention is fitted by a straight line. */
export interface LineVariant {
  readonly id: 'v2-v4' | 'v5-v7'
  readonly title: string
  /** Facts with a smaller mutual information are not fitted; the bound itself is kept when `inclusive`. */
  readonly threshold: { readonly mutualInformation: number; readonly inclusive: boolean }
  /** Whether the axis of a measure is stretched over the range of the model's own retained facts. */
  usesRange(measure: Measure): boolean
  /** Place of a bin on the axis; 1 is where the bound on retention is read off. `params` in single parameters. */
  axis(measure: Measure, bin: number, range: BinRange, params: number): number
}

function minMax(bin: number, { lowest, highest }: BinRange): number {
  const low = quantised(lowest)
  return (quantised(bin) - low) / (quantised(highest) - low)
}

/** Width in doublings of the fixed axis of v2–v4: 2^−30 is its zero, 1 bit its one. */
const DOUBLINGS = 30
const BILLION = 1e9

/**
 * The versions of May to August 2025: x = (q + 30)/30 for facts with MI ≥ 2^−30, SMI = x^(1 + 1/N) with N in
 * billions; the co-occurrence baseline is the min–max of q(n_so).
 *
 * Source: arXiv:2502.04066v2–v4 and the authors' code of that time (docs/methods/smi.md#variants; which arXiv version
 * belongs to which state of the code is inferred from dates). Reproduced step by step: test/papers/smi-2025.test.ts
 */
const V2_TO_V4: LineVariant = {
  id: 'v2-v4',
  title: 'SMI of May–August 2025',
  threshold: { mutualInformation: 2 ** -DOUBLINGS, inclusive: true },
  usesRange: (measure) => measure === 'cooccurrence',
  axis(measure, bin, range, params) {
    if (measure === 'cooccurrence') return minMax(bin, range)
    const x = (quantised(bin) + DOUBLINGS) / DOUBLINGS
    return measure === 'mi' ? x : x ** (1 + 1 / (params / BILLION))
  },
}

/**
 * The versions of October 2025 to January 2026: x = min–max of q over the model's retained facts,
 * SMI = x^(1 + 1/log2 N) with N in parameters.
 *
 * Source: arXiv:2502.04066v5–v7 and the authors' code of that time (docs/methods/smi.md#variants).
 * Reproduced step by step: test/papers/smi-2025.test.ts
 */
const V5_TO_V7: LineVariant = {
  id: 'v5-v7',
  title: 'SMI of October 2025–January 2026',
  threshold: { mutualInformation: 0, inclusive: false },
  usesRange: () => true,
  axis(measure, bin, range, params) {
    const x = minMax(bin, range)
    return measure === 'smi' ? x ** (1 + 1 / Math.log2(params)) : x
  },
}

/** Adding a version = one entry; v1 is missing because its binning was never published. */
export const LINE_VARIANTS: readonly LineVariant[] = [V2_TO_V4, V5_TO_V7]

/** Whether a variant fits a fact with this mutual information at all. */
export function retains(variant: LineVariant, mutualInformation: number): boolean {
  const { mutualInformation: bound, inclusive } = variant.threshold
  return mutualInformation > bound || (inclusive && mutualInformation === bound)
}
