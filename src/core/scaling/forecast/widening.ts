import { calibrationFactor } from './calibration.js'
import { type Fold, shareRuns } from './folds.js'
import type { Prepared } from './prepare.js'

/** How far the spreads of one pool of back-tests are widened (docs/methods/scaling.md#forecast-intervals). */
export interface Widening {
  /** By all folds: that of a forecast. */
  readonly factor: number
  /** By the folds, of every benchmark, that hold out none of a fold's runs: under this the fold itself is judged. */
  apartFrom(fold: Fold): number
}

export function wideningOf(prepared: readonly Prepared[]): Widening {
  const folds = prepared.flatMap(({ test, heldOut }) =>
    test.folds.map((fold, f) => ({
      fold,
      errors: heldOut.filter((h) => h.fold === f).map((h) => Math.abs(h.observedU - h.u) / h.deviation),
    })),
  )
  return {
    factor: calibrationFactor(folds.map(({ errors }) => errors)),
    apartFrom: (own) =>
      calibrationFactor(folds.filter(({ fold }) => !shareRuns(fold, own)).map(({ errors }) => errors)),
  }
}
