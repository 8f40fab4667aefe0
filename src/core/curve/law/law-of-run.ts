import { counted } from '../../text/counted.js'
import type { CurveEvent } from '../events/event.js'
import type { RunEvents } from '../events/events.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { PlannedRates } from '../schedule/planned-rates.js'
import { type LawGround, lawGround } from './ground.js'
import { type Foretelling, foretell, noLanding } from './landing.js'
import { lastingEvents } from './lasting-events.js'
import { type FittedLaw, fitRunLaw } from './run-law.js'

/** What the laws of the loss under its rates say of a run. */
export interface RunLaw extends Foretelling {
  readonly ground: LawGround | undefined
  readonly fitted: FittedLaw | undefined
  /** What spikes left for good. */
  readonly lasting: readonly CurveEvent[]
}

export function lawOfRun(prepared: PreparedRun, rates: PlannedRates, { ends, spikes }: RunEvents): RunLaw {
  const { curve, all } = prepared.judged
  const ground = lawGround(prepared, rates)
  // A broken end, or holes in the loss, say more than a step of the law could.
  const isSound = ends.length === 0 && all.value.length === curve.value.length
  const lasting = ground === undefined || !isSound ? [] : lastingEvents(curve, spikes, ground)
  const fitted = ground === undefined ? undefined : fitRunLaw(ground)
  return { ground, fitted, lasting, ...foretell(ground, fitted, rates, prepared.lastStep) }
}

/** What the laws say of a run that is too short to be judged: nothing. */
export function noLaw(rates: PlannedRates, losses: number): RunLaw {
  const landing = noLanding(rates, `only ${counted(losses, 'finite loss', 'finite losses')}`)
  return { ground: undefined, fitted: undefined, lasting: [], landing }
}
