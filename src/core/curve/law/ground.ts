import { blockMedians } from '../../series/block-medians.js'
import type { Curve } from '../../series/curve.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { PlannedRates } from '../schedule/planned-rates.js'
import { annealing } from './annealing.js'
import type { LawPoints } from './law.js'

const POINTS = 400
const LEAST_POINTS = 16
/** The first 1,000 steps are not fitted; short runs leave out a tenth. */
const SKIPPED_STEPS = 1000
const SKIPPED_SHARE = 0.1

/** Smoothed losses of a run with S1 and S2 there: what every fit of its law starts from. */
export interface LawGround {
  readonly smooth: Curve
  readonly points: LawPoints
  readonly rates: PlannedRates
  /** Index of the first point that is fitted. */
  readonly from: number
}

function skippedSteps(prepared: PreparedRun, rates: PlannedRates): number {
  const span = prepared.lastStep - Math.min(0, prepared.firstStep)
  return Math.max(Math.min(SKIPPED_STEPS, SKIPPED_SHARE * span), Math.min(rates.peakStep, 0.3 * span))
}

/** Undefined for fewer than sixteen losses and for excerpts, of which S1 is not known. */
export function lawGround(prepared: PreparedRun, rates: PlannedRates): LawGround | undefined {
  const curve = prepared.finiteLoss.step.length >= LEAST_POINTS ? prepared.finiteLoss : prepared.validation
  if (curve.step.length < LEAST_POINTS || prepared.fragment) return undefined
  const skip = skippedSteps(prepared, rates)
  const smooth = blockMedians(curve, POINTS)
  const { s1, s2 } = annealing(rates.rateAt, rates.peakStep, smooth.step)
  let from = 0
  while (from < smooth.step.length && smooth.step[from] < skip) from++
  return { smooth, points: { loss: smooth.value, s1, s2 }, rates, from }
}
