import type { Curve, Restart } from './curve.js'
import { discardedTrouble } from './departures.js'
import type { CurveEvent } from './event.js'
import type { PreparedRun } from './prepare.js'

/** Something was wrong with what was thrown away when it stood this far above what replaced it. */
const TROUBLE_NATS = 0.3
const DIVERGED_NATS = 1

/** Loss before the step that the log went back to, and first loss after the restart. */
function around(prepared: PreparedRun, restart: Restart): { before: number; after: number } {
  const { run } = prepared
  const values = run.loss.length > 0 ? run.loss : run.validationLoss
  let after = Number.NaN
  for (let row = restart.rowAfter; row < values.length; row++)
    if (Number.isFinite(values[row])) {
      after = values[row]
      break
    }
  const first = restart.discarded.row[0]
  let before = Number.NaN
  for (let row = first - 1; row >= 0; row--)
    if (Number.isFinite(values[row])) {
      before = values[row]
      break
    }
  return { before, after }
}

function finiteTail(discarded: Curve): boolean {
  return Number.isFinite(discarded.value[discarded.value.length - 1])
}

/**
 * Steps that were thrown away and why: `rolled-back` with the trouble that led to it, or a plain `resumed` when the
 * discarded losses were as good as those that replaced them.
 */
export function restartEvents(prepared: PreparedRun): CurveEvent[] {
  return prepared.restarts.flatMap((restart): CurveEvent[] => {
    const { discarded } = restart
    const { before, after } = around(prepared, restart)
    const { base, peak, tail, peakIndex } = discardedTrouble(discarded, before, after)
    const lost = restart.fromStep - restart.toStep
    const broken = !finiteTail(discarded)
    const tailRise = tail - base
    const peakRise = peak - base
    const trouble = broken || tailRise >= TROUBLE_NATS || peakRise >= DIVERGED_NATS
    const back: CurveEvent = {
      code: trouble ? 'rolled-back' : 'resumed',
      fromStep: restart.toStep,
      toStep: restart.fromStep,
      magnitude: lost,
      unit: 'steps',
      confidence: trouble ? 'strong' : 'weak',
      text: trouble
        ? `rolled back from step ${restart.fromStep} to ${restart.toStep}: ${lost} steps thrown away`
        : `resumed at step ${restart.toStep} after ${restart.fromStep}: ${lost} steps were done twice`,
      ...(trouble
        ? { cause: broken ? 'the loss was no longer finite' : `the loss had risen to ${peak.toFixed(2)}` }
        : { cause: 'a restart from a checkpoint' }),
    }
    if (!trouble) return [back]
    const onset = onsetWithin(discarded, base, peak)
    const diverged = broken || tailRise >= DIVERGED_NATS / 2
    const bad: CurveEvent = {
      code: broken ? 'non-finite' : diverged ? 'diverged' : 'spike',
      fromStep: discarded.step[onset],
      toStep: restart.fromStep,
      magnitude: Number.isFinite(peakRise) ? peakRise : 0,
      unit: 'nats/token',
      confidence: 'strong',
      text: broken
        ? `the loss is not finite from step ${discarded.step[onset]} on`
        : `the loss rises from ${base.toFixed(2)} to ${peak.toFixed(2)} at step ${discarded.step[peakIndex]} and stands at ${tail.toFixed(2)} when the run is rolled back`,
    }
    return [bad, back]
  })
}

function onsetWithin(discarded: Curve, base: number, peak: number): number {
  const { value } = discarded
  for (let i = 0; i < value.length; i++)
    if (!Number.isFinite(value[i]) || value[i] > base + 0.4 * (peak - base)) return i
  return 0
}
