import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import type { Signs } from '../signs/signs.js'
import { endEvents } from './ends.js'
import type { CurveEvent } from './event.js'
import { generalisationEvent } from './generalisation.js'
import { gradientEvent, gradientNonFiniteEvent } from './gradient.js'
import { nonFiniteEvents } from './non-finite.js'
import { progressEvent } from './progress.js'
import { regressionEvent } from './regression.js'
import { restartEvents } from './rollbacks.js'
import { scheduleEvents } from './schedule-mismatch.js'
import { skippedEvents } from './skipped.js'
import { minorEvents, spikeEvents } from './spikes.js'
import { tooFewEvent } from './too-few.js'
import { truncationEvent } from './truncation.js'

/** What happened to a run, by kind; each kind in the order of the log. */
export interface RunEvents {
  readonly nonFinite: readonly CurveEvent[]
  /** What the end of the loss shows: diverged, not recovered, drifting; empty for a sound end. */
  readonly ends: readonly CurveEvent[]
  /** The run's course: too short to be judged; or no progress, generalisation, truncation, gradient growth, schedule. */
  readonly course: readonly CurveEvent[]
  readonly spikes: readonly CurveEvent[]
  readonly minor: readonly CurveEvent[]
  readonly skipped: readonly CurveEvent[]
  /** Restarts and what went wrong before them: what was rolled back did not stay. */
  readonly restarts: readonly CurveEvent[]
}

export function eventsOf(
  prepared: PreparedRun,
  schedule: Schedule | undefined,
  { loss, scatter, discarded }: Signs,
): RunEvents {
  const nonFinite = [
    ...nonFiniteEvents(prepared.loss),
    ...nonFiniteEvents(prepared.allValidation, 'validation loss'),
  ]
  const restarts = restartEvents(discarded, prepared.firstStep, scatter)
  if (loss === undefined)
    return {
      nonFinite,
      restarts,
      ends: [],
      course: [tooFewEvent(prepared)],
      spikes: [],
      minor: [],
      skipped: [],
    }
  const ends = endEvents(prepared, loss, schedule)
  const course = [
    ends.length === 0 ? progressEvent(prepared, loss) : undefined,
    generalisationEvent(prepared),
    ends.length === 0 ? regressionEvent(prepared, schedule) : undefined,
    truncationEvent(prepared, schedule),
    gradientEvent(prepared.gradNorm),
    gradientNonFiniteEvent(prepared.allGradNorm, prepared.loss),
  ].filter((e) => e !== undefined)
  return {
    nonFinite,
    ends,
    course: [...course, ...scheduleEvents(prepared, schedule)],
    spikes: spikeEvents(loss, ends, prepared.interval),
    minor: minorEvents(loss, ends),
    skipped: skippedEvents(prepared),
    restarts,
  }
}
