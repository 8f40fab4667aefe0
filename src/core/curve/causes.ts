import { median } from '../stats/quantile.js'
import { indexAt } from './curve.js'
import type { CurveEvent } from './event.js'
import type { PreparedRun } from './prepare.js'
import type { Schedule } from './schedule.js'

/** Rows before a spike in which a growing gradient announces it. */
const LEAD = 20
const GROWTH = 3

/** Why a loss spiked, as far as gradient norm and learning rate tell. */
function spikeCause(
  event: CurveEvent,
  prepared: PreparedRun,
  schedule: Schedule | undefined,
): string | undefined {
  const { gradNorm } = prepared
  const at = indexAt(gradNorm, event.fromStep)
  if (gradNorm.step.length > 3 * LEAD && at > 3 * LEAD) {
    const usual = median(gradNorm.value.slice(at - 3 * LEAD, at - LEAD))
    const before = median(gradNorm.value.slice(at - 3, at))
    if (before > GROWTH * usual)
      return `instability: the gradient norm had grown ${(before / usual).toFixed(1)}-fold before the loss moved`
    const here = gradNorm.value[Math.min(at, gradNorm.value.length - 1)]
    if (here < GROWTH * usual && event.code === 'spike')
      return 'unusual data: the loss of single batches jumps while the gradient norm stays in its range'
  }
  if (event.code === 'spike' && event.toStep === event.fromStep)
    return 'most likely unusual data: a single logged loss, back at once'
  if (schedule !== undefined && schedule.rateAt(event.fromStep) > 0.9 * schedule.peak)
    return 'instability near the peak learning rate'
  return undefined
}

const SPIKES: ReadonlySet<string> = new Set(['spike', 'slow-recovery'])

/** The event with its most likely cause, where it has none yet. */
export function withCause(
  event: CurveEvent,
  prepared: PreparedRun,
  schedule: Schedule | undefined,
): CurveEvent {
  if (event.cause !== undefined || !SPIKES.has(event.code)) return event
  const cause = spikeCause(event, prepared, schedule)
  return cause === undefined ? event : { ...event, cause }
}
