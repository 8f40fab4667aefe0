import { counted } from '../../text/counted.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { CurveEvent } from './event.js'

/** A run of fewer losses than are judged. */
export function tooFewEvent(prepared: PreparedRun): CurveEvent {
  const { leastLosses: least } = prepared
  const n = prepared.judged.curve.value.length
  return {
    code: 'not-enough-data',
    fromStep: prepared.firstStep,
    toStep: prepared.lastStep,
    magnitude: n,
    unit: 'losses',
    confidence: 'strong',
    text: `only ${counted(n, 'loss', 'losses')}: ${least} or more are needed`,
    action: 'Judge again when the run has gone further, or log more often.',
  }
}
