import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { RatePlan } from '../../evidence/index.js'
import { blockMedians } from '../../series/block-medians.js'
import { normalQuantile } from '../../stats/normal-quantile.js'
import { median } from '../../stats/quantile.js'
import { decayed, type PlannedRates } from '../schedule/planned-rates.js'
import { type Course, courseOf, sumAt } from './course.js'
import {
  type CourseLosses,
  fitMultiPower,
  type LawPrior,
  lossesBy,
  type MultiPowerFit,
} from './fit-multi-power.js'
import type { LawGround } from './ground.js'
import { expectedAt, type FittedLaw, fitRunLaw } from './run-law.js'

/** Where a run will land, under which rates, and by which law. */
export interface Landing {
  readonly loss: Estimate
  readonly step: number
  /** In the words of `--decay`, `plan`, or the kind of the logged schedule that goes on. */
  readonly schedule: string
  /** Nobody told the rates to come: the last one is taken to stay. */
  readonly assumed: boolean
  readonly law: 'annealing' | 'multi-power'
  /** Runs that the law is fitted to, this one among them. */
  readonly runs: number
}

/** Shares of the log that a law is fitted on to see how far it is off at the log's end. */
const TRIALS = [0.5, 0.6, 0.7, 0.8] as const
const LEAST_HALF = 0.03
/** Widening that brings the interval's coverage to its level (docs/validation/curve.md). */
const WIDENING = 2.5
/** Points that the multi-power law is fitted to. */
const POINTS = 100
/** Mean error of the multi-power law on schedules that it was not fitted to, nats: .0038 to .0048 as published. */
export const LAW_ERROR = 0.005
/** The annealing law foretells a fall of the rate up to this many times the one it has seen. */
const FALL_SEEN = 2
const Z = normalQuantile(0.975)

/** The end of a log: level of its last twentieth, and the point in its middle. */
interface End {
  readonly recent: number
  readonly actual: number
  readonly middle: number
}

function endOf(level: Float64Array): End {
  const n = level.length
  const recent = Math.max(3, Math.round(0.05 * n))
  return { recent, actual: median(level.slice(n - recent)), middle: n - 1 - (recent >> 1) }
}

interface Foretold {
  readonly value: number
  readonly half: number
  /** How far the law, fitted on shorter parts of the log, missed its end in the mean. */
  readonly missed: number
}

/** Misses of a law at the end of a log, by the share of it that was fitted: their mean, and the largest per e-fold. */
function backTest(missAfter: (share: number) => number | undefined): { mean: number; rate: number } {
  const misses = TRIALS.flatMap((share) => {
    const miss = missAfter(share)
    return miss === undefined ? [] : [{ share, miss: Math.abs(miss) }]
  })
  return {
    mean: misses.length === 0 ? Infinity : misses.reduce((sum, m) => sum + m.miss, 0) / misses.length,
    rate: misses.reduce((rate, m) => Math.max(rate, m.miss / Math.log(1 / m.share)), 0),
  }
}

function byAnnealing(ground: LawGround, fitted: FittedLaw, target: number, last: number): Foretold {
  const { recent, actual, middle } = endOf(fitted.level)
  const { mean, rate } = backTest((share) => {
    const shorter = fitRunLaw(ground, share * last)
    return shorter === undefined ? undefined : shorter.expected[middle] - actual
  })
  const [raw] = expectedAt(fitted.law, ground.rates, Float64Array.of(target))
  // The law's own residual at the end is carried over: it changes slowly.
  const n = fitted.level.length
  const residual = median(fitted.level.slice(n - recent).map((v, i) => v - fitted.expected[n - recent + i]))
  const half = Math.max(
    LEAST_HALF,
    (Z * fitted.law.deviation) / Math.sqrt(recent),
    WIDENING * rate * Math.log(target / last),
  )
  return { value: raw + residual, half, missed: mean }
}

/** The multi-power law of a run, and of others with it, with what it takes to see how it does on shorter parts. */
interface PowerLaw {
  readonly course: Course
  readonly steps: Float64Array
  readonly losses: CourseLosses
  readonly fit: MultiPowerFit
  readonly misses: { readonly mean: number; readonly rate: number }
}

/** Losses of a run along its course, thinned for the multi-power law; rates in units of `peak`. */
export function courseLosses(
  { smooth, rates, from }: LawGround,
  end: number,
  peak: number = rates.peak,
): CourseLosses & { steps: Float64Array } {
  const scale = rates.peak / peak
  const course = courseOf((step) => scale * rates.rateAt(step), rates.peakStep, end, rates.unlogged)
  const { step, value } = blockMedians(
    { step: smooth.step.subarray(from), value: smooth.value.subarray(from) },
    POINTS,
  )
  return { course, steps: step, sums: step.map((s) => sumAt(course, s)), loss: value }
}

function powerLaw(
  ground: LawGround,
  end: number,
  others: readonly CourseLosses[],
  prior?: LawPrior,
): PowerLaw | undefined {
  const { steps, ...losses } = courseLosses(ground, end)
  const fit = fitMultiPower([losses, ...others], prior)
  if (fit === undefined) return undefined
  const last = steps[steps.length - 1]
  const { actual, middle } = endOf(losses.loss)
  const at = losses.sums.subarray(middle, middle + 1)
  const misses = backTest((share) => {
    const n = steps.findLastIndex((s) => s <= share * last) + 1
    const part = { ...losses, sums: losses.sums.subarray(0, n), loss: losses.loss.subarray(0, n) }
    const shorter = fitMultiPower([part, ...others], prior, fit.theta)
    return shorter === undefined ? undefined : lossesBy(shorter, losses.course, at).loss[0] - actual
  })
  return { course: losses.course, steps, losses, fit, misses }
}

function byMultiPower({ losses, fit, misses, steps }: PowerLaw, course: Course, target: number): Foretold {
  const n = losses.loss.length
  const { recent } = endOf(losses.loss)
  const own = lossesBy(fit, losses.course, losses.sums).loss
  const residual = median(losses.loss.slice(n - recent).map((v, i) => v - own[n - recent + i]))
  const { loss, variance } = lossesBy(fit, course, Float64Array.of(sumAt(course, target)))
  const drift = misses.rate * Math.log(target / steps[n - 1])
  return {
    value: loss[0] + residual,
    half: Z * Math.hypot(Math.sqrt(variance[0]), LAW_ERROR, drift),
    missed: misses.mean,
  }
}

/** Which law foretells: the one that missed less where it was tried, among those that have seen what they foretell. */
function chosen(annealing: Foretold, power: Foretold | undefined, hasSeenFall: boolean): Landing['law'] {
  if (power === undefined) return 'annealing'
  return hasSeenFall && annealing.missed < power.missed ? 'annealing' : 'multi-power'
}

/** Whether the rates fell so far in the log that what is still to come is no more than the annealing law can tell. */
function hasSeenFall({ rateAt, peakStep, target }: PlannedRates, last: number): boolean {
  const fallen = rateAt(peakStep) - rateAt(last)
  return Math.abs(rateAt(last) - rateAt(target)) <= FALL_SEEN * Math.max(0, fallen)
}

/** Told, unless it says nothing: it reaches below 0, where no loss is, or further to a side than the run has fallen. */
function told({ value, half }: Foretold, fallen: number, n: number, target: number): Estimate {
  if (value - half <= 0 || half > Math.max(fallen, LEAST_HALF))
    return notEstimable(
      `the log is too short to tell: fitted on parts of it, the law is off by so much that ± ${half.toFixed(2)} nats/token at step ${target} would say nothing`,
    )
  return estimate(value, { low: value - half, high: value + half, level: 0.95 }, 'nats/token', n)
}

/** A decay of which nobody told the length: linear to a tenth of the peak, over a tenth of the steps so far. */
const USUAL_DECAY = { kind: 'linear', end: 0.1 } as const
const USUAL_SHARE = 0.1
/** A rate this near its peak has not begun to fall. */
const FLAT = 0.98

/** The rates if the decay began at the log's end; undefined where it has begun. */
function annealedNow(
  rates: PlannedRates,
  plan: RatePlan | undefined,
  last: number,
): PlannedRates | undefined {
  const now = rates.rateAt(last)
  if (!rates.known || now < FLAT || last <= rates.peakStep) return undefined
  const { kind, steps, end } = plan?.decay ?? {
    ...USUAL_DECAY,
    steps: Math.max(1, Math.round(USUAL_SHARE * last)),
  }
  return {
    ...rates,
    rateAt: (step) => (step <= last ? rates.rateAt(step) : decayed(kind, now, end, (step - last) / steps)),
    target: last + steps,
    schedule: `${kind}:${steps}:${end}`,
    assumed: plan?.decay === undefined,
  }
}

function landingOf({ target, schedule, assumed }: PlannedRates, runs: number): Omit<Landing, 'loss' | 'law'> {
  return { step: target, schedule, assumed, runs }
}

/** A run of which no landing can be told. */
export function noLanding(rates: PlannedRates, reason: string): Landing {
  return { ...landingOf(rates, 1), law: 'annealing', loss: notEstimable(reason) }
}

/** What is foretold of a run: where its plan ends, and where it would if the decay began now. */
export interface Foretelling {
  readonly landing: Landing
  readonly annealNow?: Landing
}

/**
 * Where the run will land, by the annealing law or the multi-power law, whichever foretold the run's own later part
 * better from shorter parts of it; a fall of the rate that the log has not shown is the multi-power law's, whose prior
 * knows of it. The interval comes from the errors of the law's parameters, from its published error on other schedules,
 * and from how far it, fitted on shorter parts, missed the rest (docs/methods/curve.md#landing).
 *
 * @param others other runs of the same model, in units of this run's peak rate: the law is fitted to all of them
 */
export function foretell(
  ground: LawGround | undefined,
  fitted: FittedLaw | undefined,
  rates: PlannedRates,
  plan: RatePlan | undefined,
  last: number,
  others: readonly CourseLosses[] = [],
  prior?: LawPrior,
): Foretelling {
  const { target } = rates
  const none = (reason: string): Foretelling => ({ landing: noLanding(rates, reason) })
  if (ground === undefined || fitted === undefined) return none('too few losses after warm-up to fit the law')
  if (target > 20 * last)
    return none(`the log covers only ${((100 * last) / target).toFixed(1)} % of the way`)
  const common = landingOf(rates, 1 + others.length)
  const annealing = byAnnealing(ground, fitted, target, last)
  const now = annealedNow(rates, plan, last)
  const isAhead = rates.known && (target > last || now !== undefined)
  const law = isAhead ? powerLaw(ground, Math.max(last, target), others, prior) : undefined
  const power = law === undefined ? undefined : byMultiPower(law, law.course, target)
  const name = chosen(annealing, power, others.length === 0 && hasSeenFall(rates, last))
  const fallen = fitted.level[0] - endOf(fitted.level).actual
  const n = fitted.law.n
  const foretold = name === 'annealing' || power === undefined ? annealing : power
  const landing: Landing = { ...common, law: name, loss: told(foretold, fallen, n, target) }
  if (now === undefined || law === undefined) return { landing }
  const course = courseOf(now.rateAt, now.peakStep, now.target, now.unlogged)
  const loss = told(byMultiPower(law, course, now.target), fallen, n, now.target)
  return { landing, annealNow: { ...landingOf(now, common.runs), law: 'multi-power', loss } }
}
