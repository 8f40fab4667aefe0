import { type Estimate, estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random/index.js'
import { bootstrapRatio, type RatioUnit } from './bootstrap.js'
import { wilsonInterval } from './wilson.js'

/**
 * Σ numerator / Σ denominator with a bootstrap over units ({@link bootstrapRatio}).
 *
 * @param single what to say where one unit is all there is
 * @param n      the estimate's n, where it is not the number of units
 */
export function ratioEstimate(
  units: readonly RatioUnit[],
  unit: string,
  single: string,
  random: Random,
  level: number,
  n: number = units.length,
): Estimate {
  if (units.length < 2) return notEstimable(single)
  const { value, interval } = bootstrapRatio(units, random, level)
  return estimate(value, interval, unit, n)
}

/** As {@link ratioEstimate}, within [0, 1]; where none or all are hit Wilson's interval over the units: resampling would be certain. */
export function shareEstimate(
  units: readonly RatioUnit[],
  single: string,
  random: Random,
  level: number,
): Estimate {
  const drawn = ratioEstimate(units, 'share', single, random, level)
  if (drawn.kind === 'notEstimable') return drawn
  const { value, interval } = drawn
  const bounds =
    value === 0 || value === 1
      ? wilsonInterval(value * units.length, units.length, level)
      : { low: Math.max(0, interval.low), high: Math.min(1, interval.high), level }
  return estimate(value, bounds, 'share', drawn.n)
}
