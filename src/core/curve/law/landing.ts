import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import { normalQuantile } from '../../stats/normal-quantile.js'
import { median } from '../../stats/quantile.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import type { LawGround } from './ground.js'
import { expectedAt, type FittedLaw, fitRunLaw } from './run-law.js'

/** Step that the run is heading for: its plan, else the end of its decay, else where the log ends. */
function targetStep(prepared: PreparedRun, schedule: Schedule | undefined): number {
  const { plannedSteps } = prepared.run
  if (plannedSteps !== undefined && plannedSteps > prepared.lastStep) return plannedSteps
  const end = schedule?.decayEnd
  return end !== undefined && end > prepared.lastStep && (schedule?.unfinished ?? 0) > 0
    ? end
    : prepared.lastStep
}

/** Shares of the log that the law is fitted on to see how far it is off at the log's end. */
const TRIALS = [0.5, 0.6, 0.7, 0.8] as const
const LEAST_HALF = 0.03
/** Widening that brings the interval's coverage to its level (docs/validation/curve.md). */
const WIDENING = 2.5

/**
 * Where the run will land, by the LR-aware law. The interval comes from how far the law, fitted on shorter parts of
 * the same log, missed the rest, scaled to how much further the target lies (docs/validation/curve.md: coverage). None
 * is told that reaches below 0, where no loss is, or further to a side than all that the run has fallen so far.
 */
export function predictFinalLoss(
  prepared: PreparedRun,
  schedule: Schedule | undefined,
  ground: LawGround | undefined,
  fitted: FittedLaw | undefined,
): Estimate {
  if (ground === undefined || fitted === undefined)
    return notEstimable('too few losses after warm-up to fit the law')
  const target = targetStep(prepared, schedule)
  const last = prepared.lastStep
  if (target > 20 * last)
    return notEstimable(`the log covers only ${((100 * last) / target).toFixed(1)} % of the way`)
  const n = fitted.level.length
  const recent = Math.max(3, Math.round(0.05 * n))
  const actual = median(fitted.level.slice(n - recent))
  const middle = n - 1 - (recent >> 1)
  let rate = 0
  for (const share of TRIALS) {
    const shorter = fitRunLaw(ground, share * last)
    if (shorter === undefined) continue
    // Error per e-fold of training beyond the fitted part.
    rate = Math.max(rate, Math.abs(shorter.expected[middle] - actual) / Math.log(1 / share))
  }
  const [raw] = expectedAt(fitted.law, schedule, Float64Array.of(target))
  // The law's own residual at the end is carried over: it changes slowly.
  const residual = median(fitted.level.slice(n - recent).map((v, i) => v - fitted.expected[n - recent + i]))
  const value = raw + residual
  const half = Math.max(
    LEAST_HALF,
    (normalQuantile(0.975) * fitted.law.deviation) / Math.sqrt(recent),
    WIDENING * rate * Math.log(target / last),
  )
  const fallen = fitted.level[0] - actual
  if (value - half <= 0 || half > Math.max(fallen, LEAST_HALF))
    return notEstimable(
      `the log is too short to tell: fitted on parts of it, the law is off by so much that ± ${half.toFixed(2)} nats/token at step ${target} would say nothing`,
    )
  return estimate(value, { low: value - half, high: value + half, level: 0.95 }, 'nats/token', fitted.law.n)
}
