import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import { blockMedians } from '../../series/block-medians.js'
import type { Curve } from '../../series/curve.js'
import { indexAt } from '../../series/index-at.js'
import { mean, variance } from '../../stats/moments.js'
import { median } from '../../stats/quantile.js'
import { studentQuantile } from '../../stats/student.js'
import { counted } from '../../text/counted.js'
import type { CurveEvent } from '../events/event.js'
import { costOfSteps } from '../explain/cost.js'
import type { RunJudgement } from '../judgement.js'
import { fitMultiPower } from '../law/fit-multi-power.js'
import type { LawGround } from '../law/ground.js'
import { ACROSS_ERROR, courseLosses } from '../law/power-law.js'
import { expectedAt, type FittedLaw } from '../law/run-law.js'
import type { Schedule } from '../schedule/recognise.js'
import { THRESHOLDS as T } from '../thresholds.js'
import { atBothEnds, haveOtherPlans } from './both-ends.js'

/** How a run's end compares with a reference run's. Positive: worse. */
export interface ReferenceComparison {
  readonly reference: string
  /** Difference that is reported: direct where the runs end alike, else by the law. */
  readonly difference: Estimate
  readonly method:
    | 'validation loss at the same steps'
    | 'training loss at the same steps'
    | 'law of the reference'
    | 'losses at both ends'
  /** Loss above what the reference's law expects under the run's own schedule, nats. */
  readonly byLaw: Estimate
  /** Step at which the reference had reached the run's level at `until`. */
  readonly reachedAt: number | undefined
  /** Last step that both logs cover: what is compared stands before it. */
  readonly until: number
}

const BLOCKS = 400
const TAIL = 0.1
const LEAST_PAIRS = 4
const LEVEL = 0.95
/** Losses less parameters that a law is fitted to, at least: its error is as good as known. */
const LAW_DEGREES = 100
/** Variance of a median over that of the mean of the same values, for normal noise. */
const MEDIAN_VARIANCE = Math.PI / 2

/** A value with the variance of its error and the degrees of freedom that the variance was estimated with. */
interface Uncertain {
  readonly value: number
  readonly variance: number
  readonly degrees: number
}

/** Student's interval about a value, its errors' variances added by Welch and Satterthwaite. */
function studentInterval(value: number, errors: readonly Uncertain[], unit: string, n: number): Estimate {
  const total = errors.reduce((sum, e) => sum + e.variance, 0)
  const squares = errors.reduce((sum, e) => sum + e.variance ** 2 / e.degrees, 0)
  const degrees = squares > 0 ? total ** 2 / squares : n - 1
  const half = studentQuantile((1 + LEVEL) / 2, degrees) * Math.sqrt(total)
  return estimate(value, { low: value - half, high: value + half, level: LEVEL }, unit, n)
}

function meanOf(values: readonly number[]): Uncertain {
  const n = values.length
  return { value: mean(values), variance: variance(values) / n, degrees: n - 1 }
}

function meanDifference(differences: readonly number[], unit: string): Estimate {
  const n = differences.length
  if (n < LEAST_PAIRS)
    return notEstimable(`only ${counted(n, 'step that both logs give', 'steps that both logs give')}`)
  const found = meanOf(differences)
  return studentInterval(found.value, [found], unit, n)
}

/** Differences of two curves at the steps that both have, over the last part of the run. */
function pairedTail(a: Curve, b: Curve, from: number): number[] {
  const out: number[] = []
  for (let i = indexAt(a.step, from); i < a.step.length; i++) {
    const k = indexAt(b.step, a.step[i])
    if (k < b.step.length && b.step[k] === a.step[i]) out.push(a.value[i] - b.value[k])
  }
  return out
}

/** Medians of single-step differences in twenty blocks, so that one bad batch does not move them. */
function blocked(differences: readonly number[]): number[] {
  if (differences.length < 40) return [...differences]
  const size = Math.ceil(differences.length / 20)
  const out: number[] = []
  for (let i = 0; i < differences.length; i += size) out.push(median(differences.slice(i, i + size)))
  return out
}

/** The law of a reference held against a run: what it expects there, with the variance of that, and its own residual. */
interface Expectation {
  /** Losses of the run's smooth less what the law expects there. */
  readonly above: readonly number[]
  readonly lawVariance: number
  /** Losses of the reference above its own law, over its last tenth. */
  readonly residuals: Float64Array
}

/** Without rates the annealing law counts steps, which nothing anneals. */
function byStepsAlone(run: RunJudgement, reference: RunJudgement, law: FittedLaw): Expectation {
  const whole = blockMedians(run.curve, BLOCKS)
  // Beyond the reference's end its law would be extrapolated, with an error that no interval here knows.
  const shared = indexAt(whole.step, 1.01 * reference.prepared.lastStep)
  const steps = whole.step.subarray(Math.floor(shared * (1 - TAIL)), shared)
  const expected = expectedAt(law.law, reference.rates, steps)
  const own = Math.floor(law.step.length * (1 - TAIL))
  return {
    above: Array.from(whole.value.subarray(shared - steps.length, shared), (v, i) => v - expected[i]),
    lawVariance: 0,
    residuals: law.level.slice(own).map((v, i) => v - law.expected[own + i]),
  }
}

/** By the multi-power law of the reference under the run's own rates. */
function byRates(run: LawGround, reference: LawGround): Expectation | undefined {
  const ends = [run, reference].map(({ smooth }) => smooth.step[smooth.step.length - 1])
  const own = courseLosses(reference, ends[1])
  const fit = fitMultiPower([own])
  if (fit === undefined) return undefined
  const other = courseLosses(run, ends[0], reference.rates.peak)
  const tail = (n: number): number => Math.floor(n * (1 - TAIL))
  const at = tail(other.loss.length)
  const { loss, variance } = fit.lossesAt(other.course, other.sums)
  const from = tail(own.loss.length)
  const expected = fit.lossesAt(own.course, own.sums).loss
  return {
    above: Array.from(other.loss.subarray(at), (v, i) => v - loss[at + i]),
    // Errors of one law go together along the tail.
    lawVariance: variance[variance.length - 1] + ACROSS_ERROR ** 2,
    residuals: own.loss.slice(from).map((v, i) => v - expected[from + i]),
  }
}

function excessByLaw(run: RunJudgement, reference: RunJudgement): Estimate {
  const { law, ground } = reference
  if (law === undefined || ground === undefined)
    return notEstimable('no law could be fitted to the reference')
  if (!run.rates.known && reference.rates.known)
    return notEstimable('the run’s log tells no learning-rate schedule to put into the law of the reference')
  const found =
    reference.rates.known && run.ground !== undefined
      ? byRates(run.ground, ground)
      : byStepsAlone(run, reference, law)
  if (found === undefined) return notEstimable('the law could not be fitted to the reference')
  const { above, lawVariance, residuals } = found
  const n = above.length
  if (Math.min(n, residuals.length) < LEAST_PAIRS)
    return notEstimable(`only ${Math.min(n, residuals.length)} levels at the end of a log`)
  const level = meanOf(above)
  const ownResidual = {
    value: median(residuals),
    variance: (MEDIAN_VARIANCE * variance(residuals)) / residuals.length,
    degrees: residuals.length - 1,
  }
  const ofLaw = { value: 0, variance: lawVariance, degrees: LAW_DEGREES }
  return studentInterval(level.value - ownResidual.value, [level, ownResidual, ofLaw], 'nats/token', n)
}

/** The run's smooth at the last step that both have. */
function levelAt({ levels }: RunJudgement, step: number): number | undefined {
  if (levels === undefined) return undefined
  const at = levels.step.findLastIndex((s) => s <= step)
  return at < 0 ? undefined : levels.level[at]
}

/** First step from which the reference's smooth stays at or below a level. */
function reached(reference: RunJudgement, level: number): number | undefined {
  const { levels } = reference
  if (levels === undefined) return undefined
  const i = levels.level.findIndex((v) => v <= level)
  return i < 0 ? undefined : levels.step[i]
}

const GRID = 40
/** Rates that differ by less than this share of the peak are alike. */
const ALIKE = 0.1

/** Whether two runs had the same learning rates between two steps. */
function sameRates(a: Schedule, b: Schedule, from: number, last: number): boolean {
  const peak = Math.max(a.peak, b.peak)
  for (let i = 1; i <= GRID; i++) {
    const step = from + ((last - from) * i) / GRID
    if (step < Math.max(a.warmupSteps, b.warmupSteps)) continue
    if (Math.abs(a.rateAt(step) - b.rateAt(step)) > ALIKE * peak) return false
  }
  return true
}

/**
 * Whether losses at the same steps can be held against each other: both runs end there and had the same rates over
 * the last tenth, or one goes further and both had the same rates until then. Runs that log no rate must end together.
 */
function comparableAt(run: RunJudgement, reference: RunJudgement, last: number): boolean {
  const [a, b] = [run.schedule, reference.schedule]
  const together = Math.abs(run.prepared.lastStep - reference.prepared.lastStep) <= 0.01 * last
  if (a === undefined || b === undefined) return together
  return sameRates(a, b, together ? (1 - TAIL) * last : 0, last)
}

/**
 * Hold a run against a reference: at the same steps where that is fair, at both ends where only their plans are known, else
 * through the reference's law.
 */
export function compareWithReference(run: RunJudgement, reference: RunJudgement): ReferenceComparison {
  const last = Math.min(run.prepared.lastStep, reference.prepared.lastStep)
  if (haveOtherPlans(run, reference))
    return {
      reference: reference.run.id,
      difference: atBothEnds(run, reference),
      method: 'losses at both ends',
      byLaw: notEstimable('the plans differ and no rate is logged'),
      reachedAt: undefined,
      until: run.prepared.lastStep,
    }
  const byLaw = excessByLaw(run, reference)
  const alike = comparableAt(run, reference, last)
  const from = (1 - TAIL) * last
  const validation = meanDifference(
    pairedTail(run.prepared.validation, reference.prepared.validation, from),
    'nats/token',
  )
  const training = meanDifference(
    blocked(pairedTail(run.prepared.finiteLoss, reference.prepared.finiteLoss, from)),
    'nats/token',
  )
  const level = levelAt(run, last)
  const common = {
    reference: reference.run.id,
    byLaw,
    until: last,
    reachedAt: level === undefined ? undefined : reached(reference, level),
  }
  if (alike && validation.kind === 'estimate')
    return { ...common, difference: validation, method: 'validation loss at the same steps' }
  if (alike && training.kind === 'estimate')
    return { ...common, difference: training, method: 'training loss at the same steps' }
  return { ...common, difference: byLaw, method: 'law of the reference' }
}

/** The finding of a comparison: `degraded` when the whole interval lies above the bound. */
export function degradedEvent(run: RunJudgement, comparison: ReferenceComparison): CurveEvent | undefined {
  const { difference, reachedAt, until } = comparison
  if (difference.kind === 'notEstimable' || difference.value < T.degradedNats || difference.interval.low <= 0)
    return undefined
  const lost = reachedAt === undefined ? undefined : until - reachedAt
  const noWarmup = run.events.some((e) => e.code === 'no-warmup')
  return {
    code: 'degraded',
    fromStep: run.prepared.firstStep,
    toStep: until,
    magnitude: difference.value,
    size: difference,
    unit: 'nats/token',
    confidence: 'strong',
    text: `${until >= 0.99 * run.prepared.lastStep ? 'ends' : `stands at step ${until}`} ${difference.value.toFixed(3)} nats/token above ${comparison.reference} (${comparison.method}; by the LR-aware law ${comparison.byLaw.kind === 'estimate' ? `+${comparison.byLaw.value.toFixed(3)}` : 'not estimable'})${reachedAt === undefined ? '' : `; the reference was there at step ${reachedAt}`}`,
    ...(noWarmup ? { cause: 'no warm-up: the reference differs in that' } : {}),
    action: noWarmup
      ? 'Restart with a warm-up of 1–2 % of the steps; no later step makes this up.'
      : 'Compare data order, warm-up, peak rate, clipping and initialisation with the reference.',
    cost: {
      ...(lost === undefined || lost <= 0 ? {} : costOfSteps(run.prepared, lost)),
      nats: difference.value,
    },
  }
}
