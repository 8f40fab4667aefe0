import { normalQuantile } from '../../stats/index.js'

/** Held-out points of one fold of one benchmark, each as |u observed − u predicted| over its predicted spread. */
export type StandardisedErrors = readonly number[]

/** Folds' worth of evidence that the spread needs no correction. */
const PRIOR_FOLDS = 8
const WIDEST = 3
/** Level at which the back-test's errors are compared with the predicted spread. */
const LEVEL = 0.8

/** Quantile of values that carry weights, by their cumulated weight. */
function weightedQuantile(values: readonly { value: number; weight: number }[], p: number): number {
  const sorted = [...values].sort((a, b) => a.value - b.value)
  const total = sorted.reduce((sum, v) => sum + v.weight, 0)
  let below = 0
  for (const { value, weight } of sorted) {
    below += weight
    if (below >= p * total) return value
  }
  return sorted[sorted.length - 1].value
}

/**
 * Factor by which predicted spreads are widened, never narrowed, so that the rolling back-test's own 80 %
 * intervals hold 80 % of its held-out points. Each fold counts once, however many points it holds; few folds
 * only move the factor a little from 1.
 */
export function calibrationFactor(folds: readonly StandardisedErrors[]): number {
  const filled = folds.filter((fold) => fold.length > 0)
  if (filled.length === 0) return 1
  const errors = filled.flatMap((fold) => fold.map((value) => ({ value, weight: 1 / fold.length })))
  const factor = weightedQuantile(errors, LEVEL) / normalQuantile((1 + LEVEL) / 2)
  const shrunk = (filled.length * factor + PRIOR_FOLDS) / (filled.length + PRIOR_FOLDS)
  return Math.min(WIDEST, Math.max(1, shrunk))
}
