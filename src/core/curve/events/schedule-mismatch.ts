import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

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
  if (decays && schedule.unfinished > T.unfinished && prepared.reachedPlan === true)
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
    !prepared.isContinued &&
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
