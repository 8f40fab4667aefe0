import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import { normalQuantile } from '../../stats/normal-quantile.js'
import { median, quantile } from '../../stats/quantile.js'
import { expectedAt, type FittedLaw, fitRunLaw, type LawGround } from '../law/run-law.js'
import { type Curve, finite } from '../prepare/curve.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'

/** √(π/2): the median's standard error over the mean's, for normal noise. */
const MEDIAN_FACTOR = 1.2533

/** A gap this many times the usual one between two losses: a fragment begins. */
const BREAK = 20

/** So many gaps tell the usual one: sorting those of millions of steps would take longer than all else here. */
const MOST_GAPS = 10_000

/** Losses at the end without a break: those of an earlier fragment say nothing of the end. */
function unbrokenEnd({ step }: Curve): number {
  const n = step.length
  if (n < 2) return n
  const stride = Math.ceil((n - 1) / MOST_GAPS)
  const usual = median(
    Float64Array.from(
      { length: Math.floor((n - 1) / stride) },
      (_, i) => step[i * stride + 1] - step[i * stride],
    ),
  )
  let first = n - 1
  while (first > 0 && step[first] - step[first - 1] <= BREAK * Math.max(usual, 1)) first--
  return n - first
}

/**
 * Level at the end: median of the last 1 % of losses (five at least), with the interval of that median. Not estimable
 * where the last fragment of a log has fewer.
 */
export function finalLoss(curve: Curve): Estimate {
  const n = curve.value.length
  if (n === 0) return notEstimable('the log gives no finite loss')
  if (n < 5) return notEstimable(`only ${n} finite losses`)
  const unbroken = unbrokenEnd(curve)
  if (unbroken < 5)
    return notEstimable(
      `the log is broken: ${unbroken} loss${unbroken === 1 ? '' : 'es'} behind its last gap, the last ${curve.value[n - 1]}`,
    )
  const window = Math.min(unbroken, Math.max(5, Math.round(0.01 * n)))
  const tail = curve.value.slice(n - window)
  const spread = (quantile(tail, 0.75) - quantile(tail, 0.25)) / 1.349
  const half = (normalQuantile(0.975) * MEDIAN_FACTOR * Math.max(spread, 1e-6)) / Math.sqrt(window)
  const value = median(tail)
  return estimate(value, { low: value - half, high: value + half, level: 0.95 }, 'nats/token', window)
}

/**
 * The last validation loss; its interval is the scatter of the evaluations about their own trend.
 * @param all with NaN where an evaluation gave no finite value
 */
export function finalValidationLoss(all: Curve): Estimate {
  const count = all.value.length
  if (count > 0 && !Number.isFinite(all.value[count - 1]))
    return notEstimable(`the last validation loss (step ${all.step[count - 1]}) is not finite`)
  const curve = finite(all)
  const n = curve.value.length
  if (n === 0) return notEstimable('the log gives no validation loss')
  const value = curve.value[n - 1]
  if (n < 4) return notEstimable(`only ${n} evaluations (the last one ${value}): their scatter is not known`)
  const from = Math.max(2, n - 12)
  const differences: number[] = []
  for (let i = from; i < n; i++)
    differences.push(Math.abs(curve.value[i] - 2 * curve.value[i - 1] + curve.value[i - 2]))
  const half = (normalQuantile(0.975) * 1.4826 * median(differences)) / Math.sqrt(6)
  return estimate(value, { low: value - half, high: value + half, level: 0.95 }, 'nats/token', 1)
}

/** Step that the run is heading for: its plan, else the end of its decay, else where the log ends. */
export function targetStep(prepared: PreparedRun, schedule: Schedule | undefined): number {
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
 * the same log, missed the rest, scaled to how much further the target lies (docs/validation/curve.md: coverage).
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
  return estimate(value, { low: value - half, high: value + half, level: 0.95 }, 'nats/token', fitted.law.n)
}
