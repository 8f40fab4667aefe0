import { normalQuantile, quantile } from '../../stats/index.js'

/** Held-out points of one fold of one benchmark, each as |u observed − u predicted| over its predicted spread. */
export type StandardisedErrors = readonly number[]

/** Folds' worth of evidence that the spread needs no correction. */
const PRIOR_FOLDS = 8
const LIMITS = { low: 0.8, high: 3 } as const
/** Level at which the back-test's errors are compared with the predicted spread. */
const LEVEL = 0.8

/**
 * Factor by which predicted spreads are widened (or, a little, narrowed) so that the rolling back-test's own
 * 80 % intervals hold 80 % of its held-out points. Each fold counts once, however many points it holds, and a
 * few folds only move the factor a little from 1.
 */
export function calibrationFactor(folds: readonly StandardisedErrors[]): number {
  const filled = folds.filter((fold) => fold.length > 0)
  if (filled.length === 0) return 1
  const perFold = filled.map((fold) => quantile(fold, LEVEL) / normalQuantile((1 + LEVEL) / 2))
  // The mean of logarithms: one wild fold must not widen every interval.
  const logMean =
    perFold.reduce((sum, v) => sum + Math.log(Math.max(0.2, v)), 0) / (perFold.length + PRIOR_FOLDS)
  return Math.min(LIMITS.high, Math.max(LIMITS.low, Math.exp(logMean)))
}
