import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { Line } from '../../linear/index.js'
import { dispersionWithin, hullOf, scoreInterval, zOf } from '../accuracy/share-interval.js'
import { type Bin, type LineFit, lineOf, type Weighting } from './line-fit.js'

/** Accuracies this close to 0 or 1 would claim a variance of 0 for a bin of few facts. */
const EDGE = 0.01

/** One fact asked of several models: in which bin each of its accuracies stands. Repeated measures of one unit. */
export interface RepeatedFact {
  readonly bins: readonly number[]
  readonly accuracies: readonly number[]
}

/** How much each fact of a bin moves the bound: the bound is Σ_b c_b·ȳ_b, so a fact has c_b/n_b. Shape (bins). */
function loadingsOf(
  bins: readonly Bin[],
  weighting: Weighting,
  { weight, meanX, spreadX }: Line,
): Float64Array {
  return Float64Array.from(bins, (bin) => {
    const w = weighting === 'bins' ? 1 : bin.facts
    return (w / weight + ((1 - meanX) * w * (bin.x - meanX)) / spreadX) / bin.facts
  })
}

/**
 * Correlation of a fact's residuals in different models, over all pairs, in [0, 1]: a fact that one model keeps
 * against the odds is kept by the next one, too.
 *
 * @param expected μ of every bin, shape (bins)
 */
function correlationOf(facts: readonly RepeatedFact[], expected: Float64Array, dispersion: number): number {
  let products = 0
  let pairs = 0
  for (const { bins, accuracies } of facts) {
    let sum = 0
    let squares = 0
    bins.forEach((b, i) => {
      const z = (accuracies[i] - expected[b]) / Math.sqrt(expected[b] * (1 - expected[b]))
      sum += z
      squares += z * z
    })
    products += sum * sum - squares
    pairs += bins.length * (bins.length - 1)
  }
  return pairs === 0 ? 0 : Math.min(1, Math.max(0, products / pairs / dispersion))
}

/** Σ_ij w_i w_j s_i s_j C_ij with C = 1 on the diagonal and ρ between the measures of one fact. */
function clusteredVariance(
  bins: readonly Bin[],
  facts: readonly RepeatedFact[] | null,
  correlation: number,
  loading: Float64Array,
  deviation: (bin: number) => number,
): number {
  let own = 0
  bins.forEach((bin, b) => {
    own += bin.facts * (loading[b] * deviation(b)) ** 2
  })
  if (facts === null) return own
  let together = 0
  for (const fact of facts) together += fact.bins.reduce((s, b) => s + loading[b] * deviation(b), 0) ** 2
  return (1 - correlation) * own + correlation * together
}

/**
 * Times its own width that a line is extended to 1, at most. The axis of v2–v4 ends at 1e−57 for a million parameters:
 * what a line says at 1 is then no accuracy (1e56 was seen), though its slope and intercept are as published.
 */
const FARTHEST = 1000

/**
 * The bound on retention, slope + intercept (the line where the axis is 1), with its interval over facts.
 *
 * The bound is a linear combination Σ c_b·ȳ_b of the bin means. Its variance is Σ c_b²·σ_b²/n_b with
 * σ_b² = φ·μ_b(1 − μ_b): μ from the count-weighted line, φ (how much facts differ from their band beyond the
 * coin toss) from all facts together, because a bin that holds one fact says nothing of its own variance. A
 * bootstrap over facts loses such bins in a third of its draws and holds the truth in 85–90 % of cases at a
 * nominal 95 % (docs/decisions/0060, 0067, test/coverage/retention-bound.test.ts). Where nearly all answers agree
 * that variance is too small to believe, so the interval also holds the score interval of a share that is measured
 * on as many facts as the bound is worth, 1/Σ(c_b²/n_b).
 *
 * @param facts of a line over several models: which answers are about one fact; null where every answer is its own
 */
export function boundOf(
  bins: readonly Bin[],
  weighting: Weighting,
  fit: LineFit,
  facts: readonly RepeatedFact[] | null = null,
): Estimate {
  const perFact = lineOf(bins, 'facts')
  const line = lineOf(bins, weighting)
  const n = facts?.length ?? fit.facts
  if (perFact === null || line === null || n < 3) return notEstimable('fewer than three facts were fitted')
  const x = bins.map((bin) => bin.x)
  const [lowest, highest] = [Math.min(...x), Math.max(...x)]
  if (1 - highest > FARTHEST * (highest - lowest))
    return notEstimable(
      'the facts end far from 1 on the axis: its exponent is too large for so small a model',
    )
  const expected = Float64Array.from(bins, (bin) =>
    Math.min(1 - EDGE, Math.max(EDGE, perFact.slope * bin.x + perFact.intercept)),
  )
  let squares = 0
  let binomial = 0
  bins.forEach((bin, b) => {
    const mu = expected[b]
    squares += bin.sumOfSquares - 2 * mu * bin.sum + bin.facts * mu * mu
    binomial += bin.facts * mu * (1 - mu)
  })
  const dispersion = squares / binomial
  const correlation = facts === null ? 0 : correlationOf(facts, expected, dispersion)
  const loading = loadingsOf(bins, weighting, line)
  const sigma = (b: number): number => Math.sqrt(dispersion * expected[b] * (1 - expected[b]))
  const half = zOf(DEFAULT_LEVEL) * Math.sqrt(clusteredVariance(bins, facts, correlation, loading, sigma))
  const value = fit.slope + fit.intercept
  const linear = { low: value - half, high: value + half, level: DEFAULT_LEVEL }
  const worth = 1 / clusteredVariance(bins, facts, correlation, loading, () => 1)
  const share = Math.min(1, Math.max(0, value))
  const score = scoreInterval(share, worth, dispersionWithin(bins), DEFAULT_LEVEL)
  return estimate(value, hullOf(linear, score), 'accuracy', n)
}
