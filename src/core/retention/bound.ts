import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../estimate.js'
import { type Bin, fitLine, type LineFit, type Weighting } from './line-fit.js'

/** Standard normal quantile at 97.5 %, for intervals of level .95. */
const Z95 = 1.959963984540054

/** Accuracies this close to 0 or 1 would claim a variance of 0 for a bin of few facts. */
const EDGE = 0.01

/**
 * The bound on retention, slope + intercept (the line where the axis is 1), with its interval over facts.
 *
 * The bound is a linear combination Σ c_b·ȳ_b of the bin means. Its variance is Σ c_b²·σ_b²/n_b with
 * σ_b² = φ·μ_b(1 − μ_b): μ from the count-weighted line, φ (how much facts differ from their band beyond the
 * coin toss) from all facts together, because a bin that holds one fact says nothing of its own variance. A
 * bootstrap over facts loses such bins in a third of its draws and holds the truth in 85–90 % of cases at a
 * nominal 95 % (docs/decisions/0060, test/coverage/retention-bound.test.ts).
 */
export function boundOf(bins: readonly Bin[], weighting: Weighting, fit: LineFit): Estimate {
  const perFact = fitLine(bins, 'facts')
  if (perFact === null || fit.facts < 3) return notEstimable('fewer than three facts were fitted')
  const expected = (x: number): number =>
    Math.min(1 - EDGE, Math.max(EDGE, perFact.slope * x + perFact.intercept))
  let squares = 0
  let binomial = 0
  let weights = 0
  let mx = 0
  for (const bin of bins) {
    const mu = expected(bin.x)
    squares += bin.sumOfSquares - 2 * mu * bin.sum + bin.facts * mu * mu
    binomial += bin.facts * mu * (1 - mu)
    const w = weighting === 'bins' ? 1 : bin.facts
    weights += w
    mx += w * bin.x
  }
  const dispersion = squares / binomial
  mx /= weights
  let xx = 0
  for (const bin of bins) xx += (weighting === 'bins' ? 1 : bin.facts) * (bin.x - mx) ** 2
  let variance = 0
  for (const bin of bins) {
    const w = weighting === 'bins' ? 1 : bin.facts
    const c = w / weights + ((1 - mx) * w * (bin.x - mx)) / xx
    const mu = expected(bin.x)
    variance += (c * c * dispersion * mu * (1 - mu)) / bin.facts
  }
  const value = fit.slope + fit.intercept
  const half = Z95 * Math.sqrt(variance)
  return estimate(
    value,
    { low: value - half, high: value + half, level: DEFAULT_LEVEL },
    'accuracy',
    fit.facts,
  )
}
