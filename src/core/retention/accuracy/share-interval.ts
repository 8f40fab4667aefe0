import { DEFAULT_LEVEL, type Estimate, estimate, type Interval, notEstimable } from '../../estimate.js'
import { normalQuantile } from '../../stats/normal-quantile.js'
import { wilsonInterval } from '../../stats/wilson.js'

/** Standard normal quantile of a two-sided interval. */
export const zOf = (level: number): number => normalQuantile((1 + level) / 2)

/** What a share's variance needs to know of values in [0, 1]. */
export interface ShareSums {
  readonly n: number
  readonly sum: number
  readonly sumOfSquares: number
}

/** Facts of one group: their number, Σ accuracy and Σ accuracy². */
type FactSums = Readonly<{ facts: number; sum: number; sumOfSquares: number }>

/** μ(1 − μ) with μ kept off the edges. */
function tossVariance(n: number, sum: number): number {
  const mean = (sum + 0.5) / (n + 1)
  return mean * (1 - mean)
}

/** Values of variance as large as a coin toss that are added to what was seen, so that few facts claim little. */
const PRIOR = 2

/**
 * Variance of values in [0, 1] as a share of that of coin tosses with their mean, μ(1 − μ): 1 where every value is 0
 * or 1, less where a value is itself a mean over templates or samples. Never 0: two tosses are added, and the mean is
 * kept off the edges as by Jeffreys' prior.
 */
export function dispersionOf({ n, sum, sumOfSquares }: ShareSums): number {
  // Σ a(1 − a) is what the values lack to coin tosses; rounding alone could make it negative.
  const lack = Math.max(0, sum - sumOfSquares)
  return 1 - lack / ((n + PRIOR) * tossVariance(n, sum))
}

/** The same over groups that have means of their own. */
export function dispersionWithin(groups: readonly FactSums[]): number {
  let lack = 0
  let tosses = 0
  for (const { facts, sum, sumOfSquares } of groups) {
    lack += Math.max(0, sum - sumOfSquares)
    tosses += facts * tossVariance(facts, sum)
  }
  const facts = groups.reduce((n, g) => n + g.facts, 0)
  return tosses === 0 ? 1 : 1 - lack / (tosses * (1 + PRIOR / facts))
}

/**
 * Wilson's score interval of a mean of n values in [0, 1] whose variance is `dispersion`·μ(1 − μ): the μ that the
 * mean does not contradict. It claims no certainty where all values agree, unlike resampling.
 *
 * Source: {@link wilsonInterval}. Differs: dispersion. Coverage: test/coverage/retention-bound.test.ts
 */
export function scoreInterval(mean: number, n: number, dispersion: number, level: number): Interval {
  // n values of a smaller variance are worth n/dispersion tosses; a sum may end a rounding error above its largest.
  const tosses = n / dispersion
  return wilsonInterval(Math.min(1, mean) * tosses, tosses, level)
}

/** The smallest interval that holds both. */
export function hullOf(a: Interval, b: Interval): Interval {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high), level: a.level }
}

/** Mean accuracy over facts with its interval over facts. */
export function meanAccuracy(values: readonly number[], level: number = DEFAULT_LEVEL): Estimate {
  const n = values.length
  if (n === 0) return notEstimable('no such fact was asked')
  const sum = values.reduce((s, v) => s + v, 0)
  const sumOfSquares = values.reduce((s, v) => s + v * v, 0)
  const dispersion = dispersionOf({ n, sum, sumOfSquares })
  return estimate(sum / n, scoreInterval(sum / n, n, dispersion, level), 'accuracy', n)
}
