import type { Estimate } from '../../estimate.js'
import type { CurveEvent } from '../events/event.js'
import type { RunEvents } from '../events/events.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import { lawGround } from './ground.js'
import { predictFinalLoss } from './landing.js'
import { lastingEvents } from './lasting-events.js'
import { type FittedLaw, fitRunLaw } from './run-law.js'

/** What the LR-aware law says of a run. */
export interface RunLaw {
  readonly fitted: FittedLaw | undefined
  /** What spikes left for good. */
  readonly lasting: readonly CurveEvent[]
  /** Where the run will land. */
  readonly landing: Estimate
}

export function lawOfRun(
  prepared: PreparedRun,
  schedule: Schedule | undefined,
  { ends, spikes }: RunEvents,
): RunLaw {
  const { curve, all } = prepared.judged
  const ground = lawGround(prepared, schedule)
  // A broken end, or holes in the loss, say more than a step of the law could.
  const isSound = ends.length === 0 && all.value.length === curve.value.length
  const lasting = ground === undefined || !isSound ? [] : lastingEvents(curve, spikes, ground)
  const fitted = ground === undefined ? undefined : fitRunLaw(ground)
  return { fitted, lasting, landing: predictFinalLoss(prepared, schedule, ground, fitted) }
}
