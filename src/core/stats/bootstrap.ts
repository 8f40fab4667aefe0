import type { Interval } from '../estimate.js'
import type { Random } from '../random/index.js'
import { quantileSorted } from './quantile.js'
import { studentFactor } from './student.js'

export const DEFAULT_RESAMPLES = 1000

/**
 * Non-parametric bootstrap over independent units: draws n unit indices with replacement and calls `statistic`
 * with how often each unit was drawn. Draws where the statistic is not finite are left out; more than half of
 * them is an error, since the interval would then describe the survivors alone.
 *
 * @returns resampled statistics, ascending
 */
export function bootstrap(
  n: number,
  statistic: (drawn: Int32Array) => number,
  random: Random,
  resamples: number = DEFAULT_RESAMPLES,
): Float64Array {
  if (n < 1) throw new RangeError('bootstrap of no units')
  const drawn = new Int32Array(n)
  const out = new Float64Array(resamples)
  let kept = 0
  for (let r = 0; r < resamples; r++) {
    drawn.fill(0)
    for (let i = 0; i < n; i++) drawn[random.integer(n)]++
    const value = statistic(drawn)
    if (Number.isFinite(value)) out[kept++] = value
  }
  if (kept < resamples / 2)
    throw new RangeError(`the statistic was finite in only ${kept} of ${resamples} resamples`)
  return out.slice(0, kept).sort()
}

/** Equal-tailed percentile interval of sorted resamples. */
export function percentileInterval(sorted: ArrayLike<number>, level: number): Interval {
  const tail = (1 - level) / 2
  return { low: quantileSorted(sorted, tail), high: quantileSorted(sorted, 1 - tail), level }
}

/**
 * What a ratio estimator adds up: Σ numerator / Σ denominator over units (docs/methods/statistics.md#bootstrap: sums,
 * never means of means).
 */
export interface RatioUnit {
  readonly numerator: number
  readonly denominator: number
}

function ratioOf(units: readonly RatioUnit[], drawn?: Int32Array): number {
  let numerator = 0
  let denominator = 0
  for (let i = 0; i < units.length; i++) {
    const times = drawn === undefined ? 1 : drawn[i]
    numerator += times * units[i].numerator
    denominator += times * units[i].denominator
  }
  return numerator / denominator
}

/**
 * Σa/Σb with a bootstrap interval over units, each end stretched by √(n/(n−1)) and Student's factor, which the
 * plain percentile interval lacks for small n: of 8 documents at a nominal 95 % it holds the truth 88 times of 100
 * without and 92–98 times with them (test/coverage/bootstrap.test.ts).
 */
export function bootstrapRatio(
  units: readonly RatioUnit[],
  random: Random,
  level: number,
  resamples: number = DEFAULT_RESAMPLES,
): { value: number; interval: Interval; resamples: Float64Array } {
  const value = ratioOf(units)
  const draws = bootstrap(units.length, (drawn) => ratioOf(units, drawn), random, resamples)
  return { value, interval: stretch(percentileInterval(draws, level), value, units.length), resamples: draws }
}

/**
 * Paired difference of two ratios on the same units (two models on the same documents): each resample draws
 * units once for both sides, so what makes a document hard cancels out.
 */
export function bootstrapPairedRatio(
  a: readonly RatioUnit[],
  b: readonly RatioUnit[],
  random: Random,
  level: number,
  resamples: number = DEFAULT_RESAMPLES,
): { value: number; interval: Interval } {
  if (a.length !== b.length) throw new RangeError(`paired units of lengths ${a.length} and ${b.length}`)
  const value = ratioOf(a) - ratioOf(b)
  const draws = bootstrap(a.length, (drawn) => ratioOf(a, drawn) - ratioOf(b, drawn), random, resamples)
  return { value, interval: stretch(percentileInterval(draws, level), value, a.length) }
}

/** An interval of resamples as few units make it: wider about its value by √(n/(n−1)) and Student's factor over the normal's. */
export function stretch(interval: Interval, value: number, n: number): Interval {
  if (n < 2) return interval
  const factor = Math.sqrt(n / (n - 1)) * studentFactor(n - 1, interval.level)
  return {
    low: value - factor * (value - interval.low),
    high: value + factor * (interval.high - value),
    level: interval.level,
  }
}

/** Cut a sequence of per-token (or per-line) units into consecutive blocks, for documents too few to resample. */
export function blocksOf(units: readonly RatioUnit[], blocks: number): RatioUnit[] {
  const count = Math.max(1, Math.min(blocks, units.length))
  const out: RatioUnit[] = []
  for (let b = 0; b < count; b++) {
    let numerator = 0
    let denominator = 0
    const end = Math.floor(((b + 1) * units.length) / count)
    for (let i = Math.floor((b * units.length) / count); i < end; i++) {
      numerator += units[i].numerator
      denominator += units[i].denominator
    }
    out.push({ numerator, denominator })
  }
  return out
}
