import { type Line, lineThrough } from '../../linear/index.js'

/** `bins`: every bin mean counts once (published); `facts`: every fact counts once. */
export type Weighting = 'bins' | 'facts'
export const WEIGHTINGS: readonly Weighting[] = ['bins', 'facts']

/** Facts of one bin: its place on the axis, how many there are, Σ accuracy and Σ accuracy². */
export interface Bin {
  readonly x: number
  readonly facts: number
  readonly sum: number
  readonly sumOfSquares: number
}

export interface LineFit {
  readonly slope: number
  readonly intercept: number
  /** R² of the bin means (weighted as the fit is); null when they do not vary. */
  readonly r2: number | null
  /** `bins`: mean over bins of the mean squared residual of their facts (published); `facts`: mean over facts. */
  readonly mse: number
  /** 1 − Σ(accuracy − line)²/Σ(accuracy − mean)² over single facts; null when they do not vary. */
  readonly r2PerFact: number | null
  readonly facts: number
  readonly bins: number
}

/** v2–v4 raises x to 1 + 1/N with N in billions: of a model of 1e5 parameters nothing is left but 0 and 1e−300. */
const SMALLEST_NORMAL = 2 ** -1022

/**
 * Retention as a straight line: ordinary least squares on the mean accuracy of every bin.
 *
 * @param bins       non-empty bins, at least two different x
 * @param weighting  `bins` is the published, unweighted fit; `facts` weights every mean with its facts, which
 *                   gives the same line as a fit on single facts
 * @returns          null when fewer than two bins differ in x, or by too little for their squares to be held
 *
 * Source: arXiv:2502.04066, authors' code (docs/methods/smi.md#line-and-bound). The bound on retention is slope +
 * intercept.
 */
export function fitLine(bins: readonly Bin[], weighting: Weighting): LineFit | null {
  const line = lineOf(bins, weighting)
  if (line === null) return null
  const { slope, intercept, rSquared } = line
  return { slope, intercept, r2: rSquared, ...residuals(bins, weighting, slope, intercept) }
}

/** The line through the means of bins, with what the variance of a point on it needs of their x. */
export function lineOf(bins: readonly Bin[], weighting: Weighting): Line | null {
  const x = bins.map((bin) => bin.x)
  const span = Math.max(...x) - Math.min(...x)
  if (!(span * span > SMALLEST_NORMAL)) return null
  return lineThrough(
    x,
    bins.map((bin) => bin.sum / bin.facts),
    weighting === 'bins' ? undefined : bins.map((bin) => bin.facts),
  )
}

/** Σ over a bin's facts of (accuracy − line)². */
function squaredResiduals(bin: Bin, slope: number, intercept: number): number {
  const predicted = slope * bin.x + intercept
  return bin.sumOfSquares - 2 * predicted * bin.sum + bin.facts * predicted * predicted
}

function residuals(
  bins: readonly Bin[],
  weighting: Weighting,
  slope: number,
  intercept: number,
): Pick<LineFit, 'mse' | 'r2PerFact' | 'facts' | 'bins'> {
  let facts = 0
  let sum = 0
  let sumOfSquares = 0
  let squares = 0
  let meanSquares = 0
  for (const bin of bins) {
    const inBin = squaredResiduals(bin, slope, intercept)
    facts += bin.facts
    sum += bin.sum
    sumOfSquares += bin.sumOfSquares
    squares += inBin
    meanSquares += inBin / bin.facts
  }
  const total = sumOfSquares - (sum * sum) / facts
  return {
    mse: weighting === 'bins' ? meanSquares / bins.length : squares / facts,
    r2PerFact: total > 1e-12 * facts ? 1 - squares / total : null,
    facts,
    bins: bins.length,
  }
}
