import type { AccuracyScale } from './accuracy-scale.js'
import { averageU, candidateFitter, type FittedSet } from './average.js'
import { copyBaseline } from './baseline.js'
import { CANDIDATES } from './candidates.js'
import { type Fold, rollingFolds } from './folds.js'
import type { RunPoint } from './point.js'
import type { FitData } from './stages.js'
import type { FoldErrors } from './weights.js'

/** One fold with every candidate fitted to its training part. */
export interface FittedFold extends Fold {
  readonly set: FittedSet
  /** Compute of the largest held-out run over that of the largest fitted one. */
  readonly ratio: number
}

/** Rolling back-test of one benchmark. */
export interface BackTest {
  readonly folds: readonly FittedFold[]
  /** Mean absolute error in accuracy, shape (folds, candidates). */
  readonly errors: FoldErrors
  readonly baselineErrors: readonly number[]
}

function meanError(test: readonly RunPoint[], predict: (point: RunPoint) => number | null): number | null {
  let sum = 0
  for (const point of test) {
    const predicted = predict(point)
    if (predicted === null) return null
    sum += Math.abs(predicted - point.accuracy)
  }
  return sum / test.length
}

function largest(points: readonly RunPoint[]): number {
  return Math.max(...points.map((point) => point.flops))
}

export function backTest(data: FitData, scale: AccuracyScale, averagedOnly = false): BackTest {
  const folds = rollingFolds(data).map(
    (fold): FittedFold => ({
      ...fold,
      set: candidateFitter(fold.train, scale, averagedOnly)(fold.test[0]),
      ratio: largest(fold.test) / largest(fold.train.usable),
    }),
  )
  return {
    folds,
    errors: folds.map((fold) =>
      CANDIDATES.map((_, i) => {
        const fit = fold.set.fits[i]
        if (fit === null) return null
        return meanError(fold.test, (point) => {
          const u = fit.predict(point)
          return u === null ? null : scale.toAccuracy(u)
        })
      }),
    ),
    baselineErrors: folds.map(
      (fold) => meanError(fold.test, (point) => copyBaseline(fold.train.usable, point)) ?? 0,
    ),
  }
}

/** What the averaged forecast would have said of every held-out point. */
export interface HeldOut {
  readonly point: RunPoint
  readonly predicted: number
  readonly u: number
  readonly fold: number
}

export function heldOutOf(
  test: BackTest,
  scale: AccuracyScale,
  weightsOf: (fold: number) => readonly number[],
): HeldOut[] {
  return test.folds.flatMap((fold, f) =>
    fold.test.flatMap((point): HeldOut[] => {
      const u = averageU(fold.set.fits, weightsOf(f), point)
      return u === null ? [] : [{ point, predicted: scale.toAccuracy(u), u, fold: f }]
    }),
  )
}
