import { counted } from '../../text/counted.js'
import type { CurveEvent } from '../events/event.js'
import type { Schedule } from '../schedule/recognise.js'
import type { Lead } from './lead.js'

/** Why a loss spiked, as far as gradient norm and learning rate tell. */
function spikeCause(event: CurveEvent, lead: Lead, schedule: Schedule | undefined): string | undefined {
  if (lead.kind === 'growth')
    return `instability: the gradient norm grew ${lead.ratio.toPrecision(2)}-fold from step ${lead.fromStep} on, ${counted(lead.rows, 'logged step')} before the loss`
  if (lead.kind === 'outliers')
    return `instability: ${lead.count} of the 10 gradient norms before it are outliers (z up to ${lead.largest.toPrecision(2)})`
  if (event.code === 'spike' && lead.kind === 'quiet')
    return 'unusual data: the loss of single batches jumps while the gradient norm stays in its range'
  if (event.code === 'spike' && event.toStep === event.fromStep)
    return 'most likely unusual data: a single logged loss, back at once'
  if (schedule !== undefined && schedule.rateAt(event.fromStep) > 0.9 * schedule.peak)
    return 'instability near the peak learning rate'
  return undefined
}

const DEFAULT_CAUSE = 'instability'

/** The event with its most likely cause, where it has none yet. */
export function withCause(
  event: CurveEvent,
  lead: Lead | undefined,
  schedule: Schedule | undefined,
): CurveEvent {
  if (lead === undefined || (event.cause !== undefined && !event.cause.startsWith(DEFAULT_CAUSE)))
    return event
  const cause = spikeCause(event, lead, schedule)
  return cause === undefined ? event : { ...event, cause }
}
