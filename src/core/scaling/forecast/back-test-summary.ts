import { meanOrNull, normalQuantile } from '../../stats/index.js'
import type { AccuracyScale } from './accuracy-scale.js'
import type { BackTest } from './back-test.js'
import { copyBaseline } from './baseline.js'
import type { JudgedHeldOut } from './prepare.js'
import type { Widening } from './widening.js'

/** The rolling back-test of the averaged forecast in numbers; null where no fold was possible. */
export interface BackTestSummary {
  readonly folds: number
  readonly points: number
  /** Mean absolute error in accuracy. */
  readonly mae: number | null
  /** Mean of |error| over the observed accuracy. */
  readonly mre: number | null
  /** The same mean, over the same points, for copying the largest fitted run. */
  readonly baselineMae: number | null
  /** Share of held-out points inside their interval, widened by what folds without their runs show. */
  readonly coverage: number | null
}

/** Errors are averaged within folds, then over folds: a fold of many checkpoints counts once. */
export function summarise(
  test: BackTest,
  heldOut: readonly JudgedHeldOut[],
  scale: AccuracyScale,
  widening: Widening,
  level: number,
): BackTestSummary {
  const z = normalQuantile((1 + level) / 2)
  const perFold = test.folds
    .map((_, f) => heldOut.filter((h) => h.fold === f))
    .filter((held) => held.length > 0)
  const error = (h: JudgedHeldOut): number => Math.abs(scale.toAccuracy(h.u) - h.point.accuracy)
  const copied = (h: JudgedHeldOut): number =>
    Math.abs(copyBaseline(test.folds[h.fold].train.usable, h.point) - h.point.accuracy)
  const widenings = test.folds.map(widening.apartFrom)
  return {
    folds: perFold.length,
    points: heldOut.length,
    mae: meanOrNull(perFold.map((held) => meanOrNull(held.map(error)) ?? 0)),
    mre: meanOrNull(perFold.map((held) => meanOrNull(held.map((h) => error(h) / h.point.accuracy)) ?? 0)),
    baselineMae: meanOrNull(perFold.map((held) => meanOrNull(held.map(copied)) ?? 0)),
    coverage: meanOrNull(
      heldOut.map((h) => (Math.abs(h.observedU - h.u) <= z * widenings[h.fold] * h.deviation ? 1 : 0)),
    ),
  }
}
