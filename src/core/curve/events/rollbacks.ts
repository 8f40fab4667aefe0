import { median } from '../../stats/quantile.js'
import type { Curve, Restart } from '../prepare/curve.js'
import type { PreparedRun } from '../prepare/prepare.js'
import { trailing } from '../signs/departures.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

/** Discarded stretches of fewer values are taken as they are, longer ones by medians. */
const SHORT = 20
const AROUND = 10
const MEDIAN_OF_FIVE = 1.2533 / Math.sqrt(5)

interface Discarded {
  readonly base: number
  readonly peak: number
  readonly peakIndex: number
  readonly tail: number
  /** Median of the last three values: a divergence that was stopped at once. */
  readonly last: number
}

/** Up to ten finite losses before the first discarded row, and after the restart. */
function around(prepared: PreparedRun, restart: Restart): { before: number[]; after: number[] } {
  const { run } = prepared
  const values = run.loss.length > 0 ? run.loss : run.validationLoss
  const take = (from: number, by: 1 | -1): number[] => {
    const out: number[] = []
    for (let row = from; row >= 0 && row < values.length && out.length < AROUND; row += by)
      if (Number.isFinite(values[row])) out.push(values[row])
    return out
  }
  return { before: take(restart.discarded.row[0] - 1, -1), after: take(restart.rowAfter, 1) }
}

function measure(discarded: Curve, before: readonly number[], after: readonly number[]): Discarded {
  const values = discarded.value.filter((v) => Number.isFinite(v))
  const short = values.length < SHORT
  const smooth = short ? values : values.map((_, i) => trailing(values, i))
  let peakIndex = 0
  for (let i = 0; i < smooth.length; i++) if (smooth[i] > smooth[peakIndex]) peakIndex = i
  const nearby = short ? [...before.slice(0, 1), ...after.slice(0, 1), ...values] : [...before, ...after]
  return {
    base: nearby.length === 0 ? Number.NaN : short ? Math.min(...nearby) : median(nearby),
    peak: smooth[peakIndex] ?? Number.NaN,
    peakIndex,
    tail: values.length === 0 ? Number.NaN : median(values.slice(short ? -3 : -AROUND)),
    last: values.length === 0 ? Number.NaN : median(values.slice(-3)),
  }
}

function onsetWithin(discarded: Curve, { base, peak }: Discarded): number {
  const { value } = discarded
  for (let i = 0; i < value.length; i++)
    if (!Number.isFinite(value[i]) || value[i] > base + 0.4 * (peak - base)) return i
  return 0
}

/** What was wrong with the discarded steps, if anything. */
function troubleEvent(restart: Restart, prepared: PreparedRun, scatter: number): CurveEvent | undefined {
  const { discarded } = restart
  const { before, after } = around(prepared, restart)
  const found = measure(discarded, before, after)
  const broken = !Number.isFinite(discarded.value[discarded.value.length - 1])
  const noise = T.troubleDeviations * MEDIAN_OF_FIVE * scatter
  const tailRise = found.tail - found.base
  const peakRise = found.peak - found.base
  const rose =
    tailRise >= T.troubleNats + noise ||
    peakRise >= T.troublePeakNats + noise ||
    found.last - found.base >= T.troublePeakNats + T.troubleDeviations * scatter
  if (!broken && !rose) return undefined
  const onset = onsetWithin(discarded, found)
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
 */
export function restartEvents(prepared: PreparedRun, scatter: number): CurveEvent[] {
  return prepared.restarts.flatMap((restart): CurveEvent[] => {
    const trouble = troubleEvent(restart, prepared, scatter)
    const lost = restart.fromStep - restart.toStep
    const share = lost / Math.max(1, restart.fromStep - Math.min(0, prepared.firstStep))
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
          text: `resumed at step ${restart.toStep} after ${restart.fromStep}: ${lost} steps were done twice`,
          cause: 'a restart from a checkpoint',
        },
      ]
    const back: CurveEvent = {
      ...common,
      code: 'rolled-back',
      confidence: trouble === undefined ? 'moderate' : 'strong',
      text: `rolled back from step ${restart.fromStep} to ${restart.toStep}: ${lost} steps thrown away`,
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
