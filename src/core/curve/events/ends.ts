import type { Curve } from '../../series/curve.js'
import { median } from '../../stats/quantile.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import type { EndGap } from '../signs/end-gap.js'
import type { LossSigns } from '../signs/loss-signs.js'
import type { Noise } from '../signs/noise.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

/** The same gap between medians over a twentieth of the run: a dip of a few losses is no best level to drift from. */
function wideGap({ step, value }: Curve, gap: EndGap): number {
  const width = Math.max(5, Math.round(value.length / 20))
  const at = step.findIndex((s) => s >= gap.bestStep)
  const from = Math.max(0, Math.min(at - (width >> 1), value.length - width))
  return median(value.subarray(value.length - width)) - median(value.subarray(from, from + width))
}

/**
 * A slow rise without a spike. Losses of neighbouring batches go together (data come in order), so that a few dozen of
 * them wander by some tenths of a nat while the run goes on falling: in a short log only a plain rise counts.
 */
function isDrift(curve: Curve, gap: EndGap, noise: Noise): boolean {
  if (curve.value.length < T.driftLeastPoints) return gap.gap >= T.liftedShortNats
  return wideGap(curve, gap) >= T.driftShare * noise.lifted
}

/** A learning rate that was raised again explains a loss that rose with it. */
export function raisedRate(schedule: Schedule | undefined, bestStep: number, lastStep: number): boolean {
  return (
    schedule !== undefined &&
    schedule.rateAt(lastStep) > T.raisedRate * schedule.rateAt(bestStep) &&
    bestStep > schedule.warmupSteps
  )
}

/** Step of the best level; a trailing median may place it a few values behind the onset. */
function bestBefore(judged: Curve, gap: EndGap, onset: number): number {
  return Math.min(gap.bestStep, judged.step[Math.max(0, onset - 1)])
}

function raisedEnd(signs: LossSigns, schedule: Schedule | undefined): CurveEvent[] {
  const { curve: judged, gap, noise, onset, stretches } = signs
  if (onset === undefined) return []
  const last = judged.step[judged.step.length - 1]
  const range = { toStep: last, magnitude: gap.gap, unit: 'nats/token' } as const
  if (gap.gap >= noise.diverged)
    return [
      {
        ...range,
        code: 'diverged',
        fromStep: judged.step[onset],
        confidence: 'strong',
        text: `the loss leaves its best level of ${gap.best.toFixed(2)} (step ${bestBefore(judged, gap, onset)}) at step ${judged.step[onset]} and ends at ${gap.end.toFixed(2)}`,
        cause: 'instability: the learning rate is too high for the model, the batch or the precision',
        action: `Go back to a checkpoint before step ${judged.step[onset]}; lower the peak learning rate or lengthen the warm-up, clip the gradient, add QK-norm or z-loss.`,
      },
    ]
  if (gap.gap < noise.lifted || raisedRate(schedule, gap.bestStep, last)) return []
  const spikes = stretches.filter((s) => judged.step[s.to] >= gap.bestStep)
  const spiked = spikes.length > 0
  const highest = spikes
    .filter((s) => s.to >= onset)
    .reduce((peak, s) => (judged.value[s.peak] > judged.value[peak] ? s.peak : peak), onset)
  if (!spiked && !isDrift(judged, gap, noise)) return []
  return [
    {
      ...range,
      code: spiked ? 'not-recovered' : 'drift',
      fromStep: judged.step[onset],
      confidence: 'strong',
      text: spiked
        ? `after its spikes (up to ${judged.value[highest].toFixed(2)} at step ${judged.step[highest]}) the loss ends at ${gap.end.toFixed(2)}, ${gap.gap.toFixed(2)} above its best level of ${gap.best.toFixed(2)} (step ${gap.bestStep})`
        : `the loss drifts up from ${gap.best.toFixed(2)} (step ${gap.bestStep}) to ${gap.end.toFixed(2)}`,
      cause: spiked
        ? 'the spike damaged weights or optimiser state'
        : 'slow instability, or other data from there on',
      action: `Go back to a checkpoint before step ${judged.step[onset]} and skip the batches there, or lower the learning rate.`,
    },
  ]
}

/** A validation loss that was measured behind an onset and stands at its best says that nothing was lost. */
function contradicted(event: CurveEvent, validation: Curve): boolean {
  const n = validation.value.length
  if (n < 3 || validation.step[n - 1] <= event.fromStep) return false
  const best = validation.value.reduce((a, b) => Math.min(a, b))
  return validation.value[n - 1] <= best + T.atBestNats
}

/** What the end of a run says: diverged, not back from its spikes, or drifting up. */
export function endEvents(
  { judged, validation }: PreparedRun,
  signs: LossSigns,
  schedule: Schedule | undefined,
): CurveEvent[] {
  return raisedEnd(signs, schedule).map((event) =>
    !judged.isValidation && contradicted(event, validation)
      ? {
          ...event,
          confidence: 'weak' as const,
          cause: 'the validation loss does not confirm it: it stands at its best',
        }
      : event,
  )
}
