import type { FitData } from './candidates.js'
import type { RunPoint } from './point.js'

/** One step of the rolling back-test: fit on `train`, judge on `test`, which is larger. */
export interface Fold {
  readonly train: FitData
  readonly test: readonly RunPoint[]
}

/** No fold is fitted on fewer points. */
export const MINIMUM_TRAIN = 4
/** Roll back until this share of the points has been held out … */
const HELD_OUT_SHARE = 0.3
/** … and at least this often, where the points allow. */
const WANTED_FOLDS = 2

/** Hold out by `size`: the largest value first, then the next one, each predicted from everything below it. */
function foldsBy(data: FitData, size: (point: RunPoint) => number): Fold[] {
  const points = data.usable
  const sizes = [...new Set(points.map(size))].sort((a, b) => a - b)
  const folds: Fold[] = []
  let held = 0
  for (let i = sizes.length - 1; i >= 1; i--) {
    if (folds.length >= WANTED_FOLDS && held >= HELD_OUT_SHARE * points.length) break
    const train = points.filter((point) => size(point) < sizes[i])
    if (train.length < MINIMUM_TRAIN) break
    const test = points.filter((point) => size(point) === sizes[i])
    held += test.length
    folds.push({ train: { usable: train, all: data.all.filter((point) => size(point) < sizes[i]) }, test })
  }
  return folds
}

/**
 * Rolling back-test on the largest fitted models: hold out the largest size and predict it from the smaller
 * ones, then the next. Where sizes are unknown, or too few points lie below the largest, the quarter of the
 * points with the most compute is held out instead.
 */
export function rollingFolds(data: FitData): Fold[] {
  const points = data.usable
  const sized = data.all.every((point) => point.params !== null)
  const folds = sized ? foldsBy(data, (point) => point.params ?? 0) : []
  if (folds.length > 0) return folds
  const byCompute = [...points].sort((a, b) => a.flops - b.flops)
  const held = Math.max(1, Math.floor(points.length / 4))
  if (points.length - held < MINIMUM_TRAIN) return []
  const test = byCompute.slice(points.length - held)
  const all = data.all.filter((point) => point.flops < test[0].flops)
  return [{ train: { usable: byCompute.slice(0, points.length - held), all }, test }]
}
