import type { CurveEvent } from '../events/event.js'
import type { RunEvents } from '../events/events.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import type { GradientOutlier } from '../signs/zclip.js'
import { withCause } from './causes.js'
import { withCost } from './cost.js'
import { leadOf } from './lead.js'
import { leadEvents } from './lead-events.js'

/** What happened, with causes and costs. */
interface Explained {
  readonly events: readonly CurveEvent[]
  /** The events that decide the verdict: those of attempts that were rolled back are left out. */
  readonly verdictEvents: readonly CurveEvent[]
}

/**
 * Events with their warnings, causes and costs.
 * @param lasting what spikes left for good
 */
export function explain(
  prepared: PreparedRun,
  schedule: Schedule | undefined,
  outliers: readonly GradientOutlier[],
  found: RunEvents,
  lasting: readonly CurveEvent[],
): Explained {
  const { nonFinite, ends, course, spikes, minor, skipped, restarts } = found
  const rises = [...ends, ...spikes, ...lasting]
  const leads = new Map(
    [...nonFinite, ...rises, ...restarts].flatMap((event) => {
      const lead = leadOf(event, prepared.gradNorm, outliers)
      return lead === undefined ? [] : [[event, lead] as const]
    }),
  )
  const warned = leadEvents(rises, leads)
  const settled = [...nonFinite, ...ends, ...course, ...spikes, ...lasting, ...minor, ...warned, ...skipped]
  const caused = [...settled, ...restarts].map((event) => withCause(event, leads.get(event), schedule))
  // What went wrong before a roll-back cost what the roll-back threw away: counted once, there.
  const isCounted = (event: CurveEvent, i: number): boolean =>
    i < settled.length || event.code === 'rolled-back' || event.code === 'resumed'
  return {
    events: caused.map((event, i) => (isCounted(event, i) ? withCost(event, prepared) : event)),
    // What was rolled back did not stay: only the fact of the roll-back counts for the verdict.
    verdictEvents: [...settled, ...restarts.filter((e) => e.code === 'rolled-back')],
  }
}

/** A run that is too short to be judged: what is not finite in it is said all the same. */
export function explainShort({ nonFinite, course, restarts }: RunEvents): Explained {
  const isBroken = nonFinite.some((e) => e.code === 'non-finite')
  const events = [...(isBroken ? nonFinite : course), ...restarts]
  return { events, verdictEvents: isBroken ? [...nonFinite, ...restarts] : course }
}
