import type { DecayKind, RatePlan } from '../../evidence/index.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from './recognise.js'
import { FALLS } from './shapes.js'

/** The learning rates of a run from its start to where it is heading. */
export interface RatesAhead {
  /** Rate at any step ≥ 0 as a share of `peak`. */
  readonly rateAt: (step: number) => number
  readonly peak: number
  /** Steps of the warm-up: falls of the rate count from there on. */
  readonly peakStep: number
  /** Steps before the log's first rate, where that is at its peak already: how far they were warm-up is not known. */
  readonly unlogged: number
  /** Whether the log or the plan tells rates; else each is 1. */
  readonly known: boolean
  /** Step that the run is heading for. */
  readonly target: number
  /** In the words of `--decay`, or `plan`, or the kind of the logged schedule that goes on. */
  readonly schedule: string
  /** Nobody said so: the last rate is taken to stay. */
  readonly assumed: boolean
}

/** The rates of a run as planned, and as they would be if the decay began now. */
export interface PlannedRates extends RatesAhead {
  /** The same if the decay of the rate began at the log's end; undefined where it has begun. */
  readonly now: RatesAhead | undefined
  /** Where what was said of the rates contradicts the log, and which of them is taken: a sentence each. */
  readonly differs: readonly string[]
}

/** A decay of a rate from `from` to `to`, `share` of its way in steps gone. */
export function decayed(kind: DecayKind, from: number, to: number, share: number): number {
  const u = Math.min(1, Math.max(0, share))
  return kind === 'exp' ? from * (to / from) ** u : to + (from - to) * FALLS[kind](u)
}

function alongPoints({ step, rate }: NonNullable<RatePlan['points']>): (at: number) => number {
  return (at) => {
    const i = step.findIndex((s) => s >= at)
    if (i <= 0) return rate[i === 0 ? 0 : rate.length - 1]
    return rate[i - 1] + ((rate[i] - rate[i - 1]) * (at - step[i - 1])) / (step[i] - step[i - 1])
  }
}

/** Step that the log itself says the run is heading for: its plan, else the end of its decay, else its end. */
function loggedTarget({ run, lastStep }: PreparedRun, schedule: Schedule | undefined): number {
  if (run.plannedSteps !== undefined && run.plannedSteps > lastStep) return run.plannedSteps
  const end = schedule?.decayEnd
  return end !== undefined && end > lastStep && (schedule?.unfinished ?? 0) > 0 ? end : lastStep
}

/** Rates in the scale of the log (of 1 where it has none), within the log as logged. */
type Course = Pick<PlannedRates, 'rateAt' | 'target' | 'schedule' | 'assumed'> & { readonly peak: number }

/** A decay from a rate to its share of the peak, over the last steps before the target. */
function downwards(
  { kind, steps, end }: NonNullable<RatePlan['decay']>,
  from: number,
  peak: number,
  target: number,
) {
  return (step: number): number => decayed(kind, from, end * peak, (step - target + steps) / steps)
}

function given(prepared: PreparedRun, schedule: Schedule | undefined, plan: RatePlan): Course {
  const { lastStep } = prepared
  const { points, decay, untilStep } = plan
  const logged = schedule?.rateAt
  const withLog = (beyond: (step: number) => number) => (step: number) =>
    logged !== undefined && step <= lastStep ? logged(step) : beyond(step)
  const own = goingOn(prepared, schedule)
  const until = untilStep ?? (own.target > lastStep ? own.target : undefined)
  if (points !== undefined)
    return {
      rateAt: withLog(alongPoints(points)),
      peak: points.rate.reduce((a, b) => Math.max(a, b), schedule?.peak ?? 0),
      target: Math.max(lastStep, untilStep ?? points.step[points.step.length - 1]),
      schedule: 'plan',
      assumed: false,
    }
  const target = Math.max(lastStep, until ?? lastStep + (decay?.steps ?? 0))
  if (decay === undefined)
    return { ...own, target, assumed: own.schedule === 'constant' && target > lastStep }
  const { peak } = own
  const start = target - decay.steps
  // What has not begun yet begins from today's rate; what has is under way from the peak.
  const from = start >= lastStep ? (schedule?.end ?? 1) : peak
  return {
    rateAt: withLog(downwards(decay, from, peak, target)),
    peak,
    target,
    schedule: `${decay.kind}:${decay.steps}:${decay.end}`,
    assumed: false,
  }
}

function goingOn(prepared: PreparedRun, schedule: Schedule | undefined): Course {
  const target = loggedTarget(prepared, schedule)
  if (schedule === undefined)
    return { rateAt: () => 1, peak: 1, target, schedule: 'constant', assumed: target > prepared.lastStep }
  const { kind, decay, decayEnd } = schedule
  const goesDown = decayEnd !== undefined || decay === 'exp' || !['constant', 'wsd', 'other'].includes(kind)
  return {
    rateAt: schedule.rateAt,
    peak: schedule.peak,
    target,
    schedule: goesDown ? schedule.kind : 'constant',
    assumed: !goesDown && target > prepared.lastStep,
  }
}

/** Rates told and logged that lie this share of the peak apart are other rates. */
const APART = 0.05
const LOOKS = 200

/** What the user says of the rates, held against what the log itself says: the user is believed, but not in silence. */
function contradictions(
  prepared: PreparedRun,
  schedule: Schedule | undefined,
  plan: RatePlan,
  { target }: Course,
): string[] {
  const { lastStep, learningRate } = prepared
  const { untilStep, decay, points } = plan
  const found: string[] = []
  const own = goingOn(prepared, schedule)
  const end = untilStep ?? points?.step[points.step.length - 1]
  const flag = untilStep === undefined ? '--plan' : '--until-step'
  if (end !== undefined && end < lastStep)
    found.push(`${flag} ends at step ${end}, and the log has gone on to ${lastStep}: the log’s end is taken`)
  else if (end !== undefined && own.target > lastStep && own.target !== end)
    found.push(`${flag} ends at step ${end}, and the log itself at ${own.target}: ${end} is taken`)
  const told = decay !== undefined ? '--decay' : '--plan'
  if (decay !== undefined && target - decay.steps < 0)
    found.push(
      `--decay takes ${decay.steps} steps, and the run has ${target}: it would begin before the first`,
    )
  if (schedule === undefined) return found
  const { peak, warmupSteps } = schedule
  const course =
    points !== undefined
      ? { rateAt: alongPoints(points), from: points.step[0] }
      : decay === undefined
        ? undefined
        : { rateAt: downwards(decay, peak, peak, target), from: Math.max(warmupSteps, target - decay.steps) }
  if (course === undefined) return found
  const { rateAt, from } = course
  const { step, value } = learningRate
  const stride = Math.max(1, Math.floor(step.length / LOOKS))
  let at = -1
  for (let i = step.length - 1; i >= 0 && at < 0; i -= stride)
    if (step[i] >= from && step[i] <= target && Math.abs(rateAt(step[i]) - value[i]) > APART * peak) at = i
  if (at >= 0)
    found.push(
      `by ${told} the rate is ${rateAt(step[at]).toPrecision(3)} at step ${step[at]}, and the log has ${value[at].toPrecision(3)}: up to the log’s end the log is taken, behind it ${told}`,
    )
  else if (decay !== undefined && own.schedule !== 'constant' && own.target > lastStep)
    found.push(
      `the log’s own schedule is ${own.schedule}, which falls by itself until step ${own.target}: --decay is taken`,
    )
  return found
}

/** A decay of which nobody told the length: linear to a tenth of the peak, over a tenth of the steps so far. */
const USUAL_DECAY = { kind: 'linear', end: 0.1 } as const
const USUAL_SHARE = 0.1
/** A rate this near its peak has not begun to fall. */
const FLAT = 0.98

/** The rates if the decay began at the log's end; undefined where it has begun. */
function annealedNow(rates: RatesAhead, plan: RatePlan | undefined, last: number): RatesAhead | undefined {
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

/** The rates of a run to its planned end: as the user or the log says, else as the logged schedule would go on. */
export function plannedRates(prepared: PreparedRun, logged: Schedule | undefined): PlannedRates {
  const { plan } = prepared.run
  // A handful of rates tells neither a peak nor a course.
  const schedule = logged?.kind === 'unknown' ? undefined : logged
  const course = plan === undefined ? goingOn(prepared, schedule) : given(prepared, schedule, plan)
  const heading = {
    ...course,
    rateAt: (step: number) => course.rateAt(step) / course.peak,
    peakStep: schedule?.warmupSteps ?? 0,
    unlogged: schedule?.warmupSteps === 0 ? Math.max(0, prepared.learningRate.step[0]) : 0,
    known: schedule !== undefined || plan?.points !== undefined || plan?.decay !== undefined,
  }
  const differs = plan === undefined ? [] : contradictions(prepared, schedule, plan, course)
  return { ...heading, now: annealedNow(heading, plan, prepared.lastStep), differs }
}
