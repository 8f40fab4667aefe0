import type { LogNote } from '../../evidence/index.js'
import { isContinued } from '../explain/cost.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

function noteOf(prepared: PreparedRun, code: LogNote['code']): LogNote | undefined {
  return prepared.run.notes.find((n) => n.code === code)
}

const RESUME =
  'Resume from the last checkpoint with the optimiser state and the same schedule; judge again when the run is complete.'

/** Whether the trainer reached what it had planned; undefined when the log does not tell. */
export function reachedPlan(prepared: PreparedRun): boolean | undefined {
  const { plannedSteps } = prepared.run
  if (plannedSteps === undefined) return undefined
  return prepared.lastStep + 1 + 2 * prepared.interval >= plannedSteps * (1 - T.truncatedShare)
}

/** The run ended before it was meant to: an interruption, a plan not reached, a missing last evaluation, a decay cut short. */
export function truncationEvent(
  prepared: PreparedRun,
  schedule: Schedule | undefined,
): CurveEvent | undefined {
  const { run, lastStep } = prepared
  const reached = reachedPlan(prepared)
  const completed = noteOf(prepared, 'completed') !== undefined
  const lastLine = run.line[run.line.length - 1] ?? 0
  const event = (
    confidence: CurveEvent['confidence'],
    magnitude: number,
    text: string,
    cause: string,
  ): CurveEvent => ({
    code: 'truncated',
    fromStep: lastStep,
    toStep: lastStep,
    magnitude,
    unit: 'share of the run missing',
    confidence,
    text,
    cause,
    action: RESUME,
  })
  const missing = run.plannedSteps === undefined ? 0 : Math.max(0, 1 - lastStep / run.plannedSteps)
  const interrupted = noteOf(prepared, 'interrupted')
  const atEnd = interrupted !== undefined && (interrupted.line === 0 || interrupted.line >= lastLine)
  if (atEnd && reached !== true && !completed)
    return event(
      'strong',
      missing,
      `the log ends at step ${lastStep} with "${interrupted.text}"`,
      interrupted.text,
    )
  if (prepared.fragment || completed) return undefined
  if (reached === false)
    return event(
      'strong',
      missing,
      `the log ends at step ${lastStep} of ${run.plannedSteps} (${Math.round(100 * missing)} % missing)`,
      'stopped, or still running',
    )
  const noEvaluation = noteOf(prepared, 'no-final-evaluation')
  if (noEvaluation !== undefined && reached !== true)
    return event('moderate', missing, noEvaluation.text, 'a time limit or a kill: the log does not say')
  if (
    schedule !== undefined &&
    reached === undefined &&
    schedule.kind === 'cosine' &&
    schedule.unfinished > T.unfinished
  )
    return event(
      'moderate',
      schedule.decayEnd === undefined ? 0 : 1 - lastStep / schedule.decayEnd,
      `the learning rate ends at ${((100 * schedule.end) / schedule.peak).toFixed(0)} % of its peak in the middle of a cosine that would end near step ${Math.round(schedule.decayEnd ?? lastStep)}`,
      'stopped before its decay was done',
    )
  return undefined
}

/** The schedule does not fit the run: it ends before the run does, or the run ends before it does. */
export function scheduleEvents(prepared: PreparedRun, schedule: Schedule | undefined): CurveEvent[] {
  if (schedule === undefined) return []
  const { lastStep } = prepared
  const out: CurveEvent[] = []
  const decays = schedule.kind === 'cosine' || schedule.kind === 'linear' || schedule.kind === 'wsd'
  if (decays && schedule.flatFrom !== undefined && schedule.decayEnd !== undefined) {
    const share = Math.min(schedule.flatShare, 1 - schedule.decayEnd / Math.max(1, lastStep))
    if (share >= T.flatTailNote)
      out.push({
        code: 'schedule-mismatch',
        // A cosine is flat to the eye before it ends; a line is not.
        fromStep:
          schedule.kind === 'cosine'
            ? Math.max(schedule.flatFrom, Math.round(schedule.decayEnd))
            : schedule.flatFrom,
        toStep: lastStep,
        magnitude: share,
        unit: 'share of the run',
        confidence: share >= T.flatTail ? 'strong' : 'weak',
        text: `the ${schedule.kind} schedule is at its lowest rate from step ${Math.round(schedule.kind === 'cosine' ? Math.max(schedule.flatFrom, schedule.decayEnd) : schedule.flatFrom)} on, ${Math.round(100 * share)} % of the run before its end`,
        cause: 'the schedule was set up for fewer steps than the run took',
        action: 'Set the decay to end with the run; a longer decay of the same budget ends lower.',
      })
  }
  if (decays && schedule.unfinished > T.unfinished && reachedPlan(prepared) === true)
    out.push({
      code: 'schedule-mismatch',
      fromStep: lastStep,
      toStep: lastStep,
      magnitude: schedule.unfinished,
      unit: 'share of the peak rate',
      confidence: 'strong',
      text: `the run is complete, but its learning rate is still ${((100 * schedule.end) / schedule.peak).toFixed(0)} % of the peak`,
      cause: 'the schedule was set up for more steps than the run took',
      action: 'Anneal from the last checkpoint: a short decay to a tenth of the peak or below.',
    })
  const startsHigh =
    schedule.warmupSteps === 0 && prepared.firstStep <= Math.max(prepared.interval, T.startShare * lastStep)
  const fromScratch =
    !isContinued(prepared) &&
    prepared.finiteLoss.value.length > 0 &&
    prepared.finiteLoss.value[0] >= T.scratchNats
  if (startsHigh && fromScratch && prepared.interval <= T.warmupRowsShare * lastStep)
    out.push({
      code: 'no-warmup',
      fromStep: prepared.firstStep,
      toStep: prepared.firstStep,
      magnitude: 0,
      unit: 'steps',
      confidence: 'weak',
      text: 'the learning rate starts at its peak: there is no warm-up',
      cause: 'training from scratch without warm-up can cost a tenth of a nat without any spike',
      action: 'Warm up over 1–2 % of the steps; hold this run against one with warm-up (--reference).',
    })
  return out
}
