import { counted } from '../../text/counted.js'
import type { Discarded } from '../signs/discarded.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

/** Standard error of a median of five values of unit deviation. */
const MEDIAN_OF_FIVE = 1.2533 / Math.sqrt(5)

/** What was wrong with the discarded steps, if anything. */
function troubleEvent(found: Discarded, scatter: number): CurveEvent | undefined {
  const { onset, restart } = found
  const { discarded } = restart
  const broken = !Number.isFinite(discarded.value[discarded.value.length - 1])
  const noise = T.troubleDeviations * MEDIAN_OF_FIVE * scatter
  const tailRise = found.tail - found.base
  const peakRise = found.peak - found.base
  const rose =
    tailRise >= T.troubleNats + noise ||
    peakRise >= T.troublePeakNats + noise ||
    found.last - found.base >= T.troublePeakNats + T.troubleDeviations * scatter
  if (!broken && !rose) return undefined
  const range = {
    fromStep: discarded.step[onset],
    toStep: restart.fromStep,
    // Without a finite loss among them no rise is known: the size is the count of rows, as for a run that ends so.
    ...(Number.isFinite(peakRise)
      ? { magnitude: peakRise, unit: 'nats/token' }
      : { magnitude: discarded.value.filter((v) => !Number.isFinite(v)).length, unit: 'rows' }),
    confidence: 'strong' as const,
  }
  if (broken)
    return {
      ...range,
      code: 'non-finite',
      text: `the loss is not finite from step ${discarded.step[onset]} on`,
    }
  return {
    ...range,
    code: tailRise >= T.troublePeakNats / 2 ? 'diverged' : 'spike',
    text: `the loss rises from ${found.base.toFixed(2)} to ${found.peak.toFixed(2)} at step ${discarded.step[found.peakIndex]} and stands at ${found.tail.toFixed(2)} when the run is rolled back`,
  }
}

/**
 * Steps that were thrown away and why: `rolled-back` with the trouble that led to it, or without one when a quarter of
 * the run or more went; a plain `resumed` when few steps were done twice and their losses were sound.
 * @param scatter of single losses, nats
 */
export function restartEvents(
  discarded: readonly Discarded[],
  firstStep: number,
  scatter: number,
): CurveEvent[] {
  return discarded.flatMap((found): CurveEvent[] => {
    const { restart } = found
    const trouble = troubleEvent(found, scatter)
    const lost = restart.fromStep - restart.toStep
    const share = lost / Math.max(1, restart.fromStep - Math.min(0, firstStep))
    const rolledBack = trouble !== undefined || share >= T.rolledBackShare
    const common = {
      fromStep: restart.toStep,
      toStep: restart.fromStep,
      magnitude: lost,
      unit: 'steps',
    }
    if (!rolledBack)
      return [
        {
          ...common,
          code: 'resumed',
          confidence: 'weak',
          text: `resumed at step ${restart.toStep} after ${restart.fromStep}: ${counted(lost, 'step was', 'steps were')} done twice`,
          cause: 'a restart from a checkpoint',
        },
      ]
    const back: CurveEvent = {
      ...common,
      code: 'rolled-back',
      confidence: trouble === undefined ? 'moderate' : 'strong',
      text: `rolled back from step ${restart.fromStep} to ${restart.toStep}: ${counted(lost, 'step')} thrown away`,
      cause:
        trouble === undefined
          ? 'not visible in the loss: a restart from an old checkpoint'
          : trouble.code === 'non-finite'
            ? 'the loss was no longer finite'
            : `the loss had risen by ${trouble.magnitude.toFixed(2)}`,
      action:
        'Keep checkpoints closer together; after a roll-back skip the batches that led to it, or lower the learning rate.',
    }
    return trouble === undefined ? [back] : [trouble, back]
  })
}
