import type { Interval } from '../estimate.js'
import { normalQuantile } from './normal-quantile.js'

/**
 * Wilson's score interval of a share: keeps a width where all of n trials agree, as resampling does not.
 *
 * @param hits in [0, n]
 * @param n    independent trials, ≥ 1
 *
 * Source: E. B. Wilson, JASA 22 (1927) 209.
 */
export function wilsonInterval(hits: number, n: number, level: number): Interval {
  if (!(n > 0) || hits < 0 || hits > n) throw new RangeError(`Wilson's interval of ${hits} of ${n}`)
  const z = normalQuantile((1 + level) / 2)
  const p = hits / n
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  // At 0 and n the share is an end of its own interval, which rounding may miss by a bit.
  return {
    low: Math.max(0, Math.min(p, centre - half)),
    high: Math.min(1, Math.max(p, centre + half)),
    level,
  }
}
