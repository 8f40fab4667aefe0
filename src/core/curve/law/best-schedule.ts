import { type Estimate, estimate } from '../../estimate.js'
import type { DecayKind } from '../../evidence/index.js'
import type { RunJudgement } from '../judgement.js'
import { decayed, type RatesAhead } from '../schedule/planned-rates.js'
import { Z } from './back-test.js'
import { Course } from './course.js'
import { fitMultiPower, type LawPrior } from './fit-multi-power.js'
import { NearSchedules } from './near-schedules.js'
import { ACROSS_ERROR, courseLosses } from './power-law.js'

/** The schedule that the law of some runs prefers for their budget. */
export interface BestSchedule {
  /** Steps of the longest run. */
  readonly steps: number
  /** In the words of `--decay`: behind a warm-up and the peak rate until then. */
  readonly schedule: string
  readonly loss: number
  /** Loss of the best run's own schedule at that step less that of this one, both by the law. */
  readonly gain: Estimate
  /** The run whose schedule it is held against. */
  readonly over: string
}

const KINDS: readonly DecayKind[] = ['linear', 'cosine', 'exp', 'sqrt']
/** Shares of the steps that a decay is tried over, and ends as shares of the peak. */
const SHARES = [0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.9]
const ENDS = [0.1, 0.03]

/** The rates of a run until its decay would begin, and down from there. */
function withDecay(own: RatesAhead, kind: DecayKind, steps: number, length: number, end: number): RatesAhead {
  const start = steps - length
  const rateAt = (step: number): number =>
    step < own.peakStep ? own.rateAt(step) : decayed(kind, 1, end, (step - start) / length)
  return { ...own, rateAt, target: steps, schedule: `${kind}:${length}:${end}`, assumed: false }
}

/**
 * Of schedules that hold the peak rate and then decay, the one that the multi-power law, fitted to all runs at once,
 * foretells the lowest loss for, at the steps of the longest run. Undefined for fewer than two runs with rates, and where
 * the law cannot be fitted.
 *
 * Source: arXiv:2503.12811 derives the best schedule from its law. Differs: only schedules of these shapes are tried,
 * none that ends below .03 of the peak, where no published run has been.
 */
export function bestSchedule(runs: readonly RunJudgement[], prior?: LawPrior): BestSchedule | undefined {
  const known = runs.flatMap((run) =>
    run.ground === undefined || !run.rates.known
      ? []
      : [{ ...run, ground: run.ground, last: run.prepared.lastStep }],
  )
  if (known.length < 2) return undefined
  const longest = known.reduce((a, b) => (b.last > a.last ? b : a))
  const { last: steps } = longest
  const { peak } = longest.rates
  const runsOf = known.map(({ ground, last }) => courseLosses(ground, last, peak))
  const fit = fitMultiPower(runsOf, prior)
  if (fit === undefined) return undefined
  const near = new NearSchedules(fit, runsOf)
  const at = (rates: RatesAhead): { course: Course; sum: number; loss: number; left: number } => {
    const scale = rates.peak / peak
    const course = new Course({ ...rates, rateAt: (step) => scale * rates.rateAt(step) }, steps)
    const sum = course.sumAt(steps)
    const { residual, left } = near.at(course)
    return { course, sum, loss: fit.lossesAt(course, Float64Array.of(sum)).loss[0] + residual, left }
  }
  const owns = known
    .filter(({ last }) => last >= 0.99 * steps)
    .map(({ run, rates }) => ({ id: run.id, ...at(rates) }))
  const own = owns.reduce((a, b) => (b.loss < a.loss ? b : a))
  const tried = KINDS.flatMap((kind) =>
    SHARES.flatMap((share) =>
      ENDS.map((end) => {
        const rates = withDecay(longest.rates, kind, steps, Math.round(share * steps), end)
        return { rates, ...at(rates) }
      }),
    ),
  )
  const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a))
  const value = own.loss - best.loss
  const half = Z * Math.hypot(fit.deviationOf(own, best), ACROSS_ERROR * own.left, ACROSS_ERROR * best.left)
  const n = known.length
  const interval = { low: value - half, high: value + half, level: 0.95 }
  const gain = estimate(value, interval, 'nats/token', n)
  return { steps, schedule: best.rates.schedule, loss: best.loss, gain, over: own.id }
}
