import type { DecayKind, RatePlan } from '../../evidence/index.js'
import { indexAt } from '../../series/index-at.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from './recognise.js'
import { FALLS } from './shapes.js'

/** The learning rates of a run from its start to where it is heading. */
export interface PlannedRates {
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

/** A decay of a rate from `from` to `to`, `share` of its way in steps gone. */
export function decayed(kind: DecayKind, from: number, to: number, share: number): number {
  const u = Math.min(1, Math.max(0, share))
  return kind === 'exp' ? from * (to / from) ** u : to + (from - to) * FALLS[kind](u)
}

function alongPoints({ step, rate }: NonNullable<RatePlan['points']>): (at: number) => number {
  return (at) => {
    const i = indexAt(step, at)
    if (i === 0) return rate[0]
    if (i === step.length) return rate[i - 1]
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

function given(prepared: PreparedRun, schedule: Schedule | undefined, plan: RatePlan): Course {
  const { lastStep } = prepared
  const logged = schedule === undefined ? undefined : schedule.rateAt
  const withLog = (beyond: (step: number) => number) => (step: number) =>
    logged !== undefined && step <= lastStep ? logged(step) : beyond(step)
  const { points, decay } = plan
  const until =
    plan.untilStep ??
    (loggedTarget(prepared, schedule) > lastStep ? loggedTarget(prepared, schedule) : undefined)
  if (points !== undefined)
    return {
      rateAt: withLog(alongPoints(points)),
      peak: points.rate.reduce((a, b) => Math.max(a, b), schedule?.peak ?? 0),
      target: plan.untilStep ?? points.step[points.step.length - 1],
      schedule: 'plan',
      assumed: false,
    }
  const peak = schedule?.peak ?? 1
  if (decay === undefined) return { ...goingOn(prepared, schedule), target: until ?? lastStep }
  const target = until ?? lastStep + decay.steps
  const start = target - decay.steps
  // What has not begun yet begins from today's rate; what has is under way from the peak.
  const from = start >= lastStep ? (schedule?.end ?? 1) : peak
  return {
    rateAt: withLog((step) => decayed(decay.kind, from, decay.end * peak, (step - start) / decay.steps)),
    peak,
    target,
    schedule: `${decay.kind}:${decay.steps}:${decay.end}`,
    assumed: false,
  }
}

function goingOn(prepared: PreparedRun, schedule: Schedule | undefined): Course {
  const target = loggedTarget(prepared, schedule)
  if (schedule === undefined || schedule.kind === 'unknown')
    return { rateAt: () => 1, peak: 1, target, schedule: 'constant', assumed: target > prepared.lastStep }
  const goesDown = schedule.decayEnd !== undefined || !['constant', 'wsd', 'other'].includes(schedule.kind)
  return {
    rateAt: schedule.rateAt,
    peak: schedule.peak,
    target,
    schedule: goesDown ? schedule.kind : 'constant',
    assumed: !goesDown && target > prepared.lastStep,
  }
}

/** The rates of a run to its planned end: as the user or the log says, else as the logged schedule would go on. */
export function plannedRates(prepared: PreparedRun, schedule: Schedule | undefined): PlannedRates {
  const { plan } = prepared.run
  const course = plan === undefined ? goingOn(prepared, schedule) : given(prepared, schedule, plan)
  return {
    ...course,
    rateAt: (step) => course.rateAt(step) / course.peak,
    peakStep: schedule?.warmupSteps ?? 0,
    unlogged: schedule?.warmupSteps === 0 ? Math.max(0, prepared.learningRate.step[0]) : 0,
    known:
      (schedule !== undefined && schedule.kind !== 'unknown') ||
      plan?.points !== undefined ||
      plan?.decay !== undefined,
  }
}
