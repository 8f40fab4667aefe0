import { normalQuantile } from '../../stats/normal-quantile.js'
import { median } from '../../stats/quantile.js'

/** Shares of the log that a law is fitted on to see how far it is off at the log's end. */
const TRIALS = [0.5, 0.6, 0.7, 0.8] as const
/** Half-width of a 95 % interval in deviations. */
export const Z = normalQuantile(0.975)

/** The end of a log: level of its last twentieth, and the point in its middle. */
export interface End {
  readonly recent: number
  readonly actual: number
  readonly middle: number
}

export function endOf(level: Float64Array): End {
  const n = level.length
  const recent = Math.max(3, Math.round(0.05 * n))
  return { recent, actual: median(level.slice(n - recent)), middle: n - 1 - (recent >> 1) }
}

export interface Foretold {
  readonly value: number
  readonly half: number
  /** How far the law, fitted on shorter parts of the log, missed its end in the mean. */
  readonly missed: number
}

/** Misses of a law at the end of a log, by the share of it that was fitted: their mean, and the largest per e-fold. */
export function backTest(missAfter: (share: number) => number | undefined): { mean: number; rate: number } {
  const misses = TRIALS.flatMap((share) => {
    const miss = missAfter(share)
    return miss === undefined ? [] : [{ share, miss: Math.abs(miss) }]
  })
  return {
    mean: misses.length === 0 ? Infinity : misses.reduce((sum, m) => sum + m.miss, 0) / misses.length,
    rate: misses.reduce((rate, m) => Math.max(rate, m.miss / Math.log(1 / m.share)), 0),
  }
}
