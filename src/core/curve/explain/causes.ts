import { median } from '../../stats/quantile.js'
import type { CurveEvent } from '../events/event.js'
import { gradientLead } from '../events/gradient.js'
import { indexAt } from '../prepare/curve.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import { forerunnersOf, type GradientOutlier } from '../signs/zclip.js'

/** Norms before a spike that give the usual one, and the factor that stands out from it. */
const USUAL = 30
const GROWTH = 3

/** Why a loss spiked, as far as gradient norm and learning rate tell. */
function spikeCause(
  event: CurveEvent,
  prepared: PreparedRun,
  outliers: readonly GradientOutlier[],
  schedule: Schedule | undefined,
): string | undefined {
  const { gradNorm } = prepared
  const lead = gradientLead(gradNorm, event.fromStep, event.toStep)
  if (lead !== undefined)
    return `instability: the gradient norm grew ${lead.ratio.toPrecision(2)}-fold from step ${lead.fromStep} on, ${lead.rows} logged step${lead.rows === 1 ? '' : 's'} before the loss`
  const forerunners = forerunnersOf(gradNorm, outliers, event.fromStep)
  if (forerunners !== undefined)
    return `instability: ${forerunners.count} of the 10 gradient norms before it are outliers (z up to ${forerunners.largest.toPrecision(2)})`
  const at = indexAt(gradNorm, event.fromStep)
  if (event.code === 'spike' && at > USUAL && at < gradNorm.value.length) {
    const usual = median(gradNorm.value.slice(at - USUAL, at))
    if (gradNorm.value[at] < GROWTH * usual)
      return 'unusual data: the loss of single batches jumps while the gradient norm stays in its range'
  }
  if (event.code === 'spike' && event.toStep === event.fromStep)
    return 'most likely unusual data: a single logged loss, back at once'
  if (schedule !== undefined && schedule.rateAt(event.fromStep) > 0.9 * schedule.peak)
    return 'instability near the peak learning rate'
  return undefined
}

const SPIKES: ReadonlySet<string> = new Set(['spike', 'slow-recovery', 'diverged', 'not-recovered'])

const DEFAULT_CAUSE = 'instability'

/** The event with its most likely cause, where it has none yet. */
export function withCause(
  event: CurveEvent,
  prepared: PreparedRun,
  outliers: readonly GradientOutlier[],
  schedule: Schedule | undefined,
): CurveEvent {
  if (!SPIKES.has(event.code) || (event.cause !== undefined && !event.cause.startsWith(DEFAULT_CAUSE)))
    return event
  const cause = spikeCause(event, prepared, outliers, schedule)
  return cause === undefined ? event : { ...event, cause }
}
