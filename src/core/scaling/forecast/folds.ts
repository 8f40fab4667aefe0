import type { RunPoint } from './point.js'
import type { FitData } from './stages.js'

/** One step of the rolling back-test: fit on `train`, judge on `test`, which is larger. */
export interface Fold {
  readonly train: FitData
  readonly test: readonly RunPoint[]
  /** Runs that `test` is of. */
  readonly held: ReadonlySet<string>
}

/** Whether a run is held out by both, so that what one of them showed is no news to the other. */
export function shareRuns(a: Fold, b: Fold): boolean {
  return [...a.held].some((run) => b.held.has(run))
}

function runsIn(points: readonly RunPoint[]): Set<string> {
  return new Set(points.map((point) => point.run))
}

/** No fold is fitted on fewer points. */
export const MINIMUM_TRAIN = 4
/** Roll back until this share of the points (of sampling, of the runs) has been held out … */
export const HELD_OUT_SHARE = 0.3
/** … and at least this often, where the points allow. */
export const WANTED_FOLDS = 2

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
    const all = data.all.filter((point) => size(point) < sizes[i])
    folds.push({ train: { usable: train, all }, test, held: runsIn(test) })
  }
  return folds
}

/**
 * Hold out the quarter of the points with the most compute, and what equals its least. Fitted are runs that none of
 * these points belong to, and only below the least: earlier checkpoints of a run would tell of its later ones.
 */
function foldByCompute(data: FitData): Fold[] {
  const descending = data.usable.map((point) => point.flops).sort((a, b) => b - a)
  const least = descending[Math.max(1, Math.floor(descending.length / 4)) - 1]
  const test = data.usable.filter((point) => point.flops >= least).sort((a, b) => a.flops - b.flops)
  const held = runsIn(test)
  const below = (points: readonly RunPoint[]): RunPoint[] =>
    points.filter((point) => point.flops < least && !held.has(point.run))
  const usable = below(data.usable)
  return usable.length < MINIMUM_TRAIN ? [] : [{ train: { usable, all: below(data.all) }, test, held }]
}

/**
 * Rolling back-test on the largest fitted models: hold out the largest size and predict it from the smaller
 * ones, then the next. Where sizes are unknown, or too few points lie below the largest, the quarter of the
 * points with the most compute is held out instead, each run on one side alone.
 */
export function rollingFolds(data: FitData): Fold[] {
  const sized = data.all.every((point) => point.params !== null)
  const folds = sized ? foldsBy(data, (point) => point.params ?? 0) : []
  return folds.length > 0 ? folds : foldByCompute(data)
}
