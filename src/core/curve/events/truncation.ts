import type { LogNote, TrainingRun } from '../../evidence/index.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

function noteOf(prepared: PreparedRun, code: LogNote['code']): LogNote | undefined {
  return prepared.run.notes.find((n) => n.code === code)
}

const RESUME =
  'Resume from the last checkpoint with the optimiser state and the same schedule; judge again when the run is complete.'

const RESCALE =
  'Go back to a checkpoint before the overflows and train in bfloat16, or lower the learning rate: no loss scale helps where the numbers themselves overflow.'

/** Whether a note tells that the log breaks off: of what the run did behind that nothing is known. */
export function breaksOff({ code, line }: LogNote, run: TrainingRun): boolean {
  return code === 'cut-file' || (code === 'damaged' && line >= (run.line.at(-1) ?? 0))
}

/** The run ended before it was meant to: an interruption, a plan not reached, a missing last evaluation, a decay cut short. */
export function truncationEvent(
  prepared: PreparedRun,
  schedule: Schedule | undefined,
): CurveEvent | undefined {
  const { run, reachedPlan: reached, saysCompleted: completed } = prepared
  if (run.notes.some((note) => breaksOff(note, run))) return undefined
  const lastStep = Math.max(prepared.lastStep, run.reachedStep ?? 0)
  const collapse = noteOf(prepared, 'loss-scale')
  const collapsed = collapse === undefined ? undefined : `the loss scale collapsed: ${collapse.text}`
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
    action: collapse === undefined ? RESUME : RESCALE,
  })
  const missing = run.plannedSteps === undefined ? 0 : Math.max(0, 1 - lastStep / run.plannedSteps)
  const interrupted = noteOf(prepared, 'interrupted')
  const atEnd = interrupted !== undefined && (interrupted.line === 0 || interrupted.line >= lastLine)
  if (atEnd && reached !== true && !completed)
    return event(
      'strong',
      missing,
      `the log ends at step ${lastStep} with "${interrupted.text}"`,
      collapsed ?? interrupted.text,
    )
  if (prepared.fragment || completed) return undefined
  if (reached === false)
    return event(
      'strong',
      missing,
      `the log ends at step ${lastStep} of ${run.plannedSteps} (${Math.round(100 * missing)} % missing)`,
      collapsed ?? 'stopped, or still running',
    )
  if (collapsed !== undefined)
    return event('moderate', missing, `the log ends at step ${lastStep} in overflows`, collapsed)
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
