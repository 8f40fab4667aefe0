import { median } from '../../stats/quantile.js'
import { lastingRise } from '../law/lasting-rise.js'
import type { LawGround } from '../law/run-law.js'
import type { Curve } from '../prepare/curve.js'
import { allStretches, type Stretch } from '../signs/departures.js'
import type { Levels } from '../signs/levels.js'
import { robustOutliers } from '../signs/robust-outliers.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

/** Turn a stretch into an event: a spike that came back fast, slowly, or not. */
function stretchEvent(curve: Curve, stretch: Stretch): CurveEvent {
  const { step, value } = curve
  const from = step[stretch.from]
  const height = value[stretch.peak] - stretch.base
  const rows = (stretch.back < 0 ? value.length : stretch.back) - stretch.from
  const steps = (stretch.back < 0 ? step[step.length - 1] : step[stretch.back]) - from
  const rise = `${stretch.base.toFixed(2)} → ${value[stretch.peak].toFixed(2)} at step ${step[stretch.peak]}`
  if (
    stretch.back >= 0 &&
    rows <= T.fastRows &&
    steps <= 20 * Math.max(1, step[Math.max(1, stretch.from)] - step[Math.max(1, stretch.from) - 1])
  )
    return {
      code: 'spike',
      fromStep: from,
      toStep: step[stretch.to],
      magnitude: height,
      unit: 'nats/token',
      confidence: 'strong',
      text: `spike ${rise}, back after ${steps} step${steps === 1 ? '' : 's'}`,
    }
  return {
    code: stretch.back < 0 ? 'not-recovered' : 'slow-recovery',
    fromStep: from,
    toStep: step[stretch.to],
    magnitude: height,
    unit: 'nats/token',
    confidence: 'strong',
    text: stretch.back < 0 ? `spike ${rise}, never back` : `spike ${rise}, back only after ${steps} steps`,
  }
}

/** Spikes that the law is fitted around, the longest and highest first. */
const MOST_LASTING = 6

/** Losses on either side of a spike that show whether it came straight back. */
const BESIDE = 20

/** Level right behind a spike above the level right before it: what stays shows at once. */
function jumpAt({ step, value }: Curve, spike: CurveEvent): number {
  const from = step.indexOf(spike.fromStep)
  const to = step.indexOf(spike.toStep)
  const after = value.subarray(to + 1, to + 1 + BESIDE)
  if (from < 1 || after.length === 0) return 0
  return median(after) - median(value.subarray(Math.max(0, from - BESIDE), from))
}

/** The first of the large spikes that left the loss higher for good, as an event. */
function lastingEvents(curve: Curve, spikes: readonly CurveEvent[], ground: LawGround): CurveEvent[] {
  const order = [...spikes].sort(
    (a, b) =>
      Number(b.code === 'slow-recovery') - Number(a.code === 'slow-recovery') || b.magnitude - a.magnitude,
  )
  for (const spike of order.slice(0, MOST_LASTING)) {
    const rise = lastingRise(ground, spike)
    if (rise?.kind !== 'estimate') continue
    const { value, interval } = rise
    if (jumpAt(curve, spike) < T.lastingJump * value) continue
    return [
      {
        code: 'not-recovered',
        fromStep: spike.fromStep,
        toStep: ground.smooth.step[ground.smooth.step.length - 1],
        magnitude: value,
        unit: 'nats/token',
        size: rise,
        confidence: 'strong',
        text: `behind the spike at step ${spike.fromStep} the loss runs ${value.toFixed(2)} [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}] above where its own law would have it, to the end`,
        cause: 'the spike damaged weights or optimiser state',
        action: `Go back to a checkpoint before step ${spike.fromStep} and skip the batches there, or lower the learning rate.`,
      },
    ]
  }
  return []
}

function minorEvents(curve: Curve, levels: Levels, stretches: readonly Stretch[]): CurveEvent[] {
  return robustOutliers(curve, levels)
    .filter(({ index }) => !stretches.some((s) => index >= s.from && index <= s.to))
    .slice(0, T.mostMinor)
    .map(
      ({ index, height }): CurveEvent => ({
        code: 'minor-spike',
        fromStep: curve.step[index],
        toStep: curve.step[index],
        magnitude: height,
        unit: 'nats/token',
        confidence: 'weak',
        text: `a single loss of ${curve.value[index].toFixed(2)} at step ${curve.step[index]}`,
      }),
    )
}

/**
 * Spikes with how they came back, what they left for good, and single outliers below the spike's floor.
 * @param ends what the end of the run showed: nothing behind the onset of a divergence is a spike of its own
 */
export function spikeEvents(
  curve: Curve,
  levels: Levels,
  ends: readonly CurveEvent[],
  ground: LawGround | undefined,
): CurveEvent[] {
  const diverged = ends.find((e) => e.code === 'diverged')
  const stretches = allStretches(curve, levels)
  const spikes = stretches
    .map((s) => stretchEvent(curve, s))
    .filter((e) => diverged === undefined || e.toStep < diverged.fromStep)
    // What the end shows to have come back is slow, not lost; what it shows to be lost is named once, by the end.
    .map(
      (e): CurveEvent =>
        e.code === 'not-recovered' ? { ...e, code: ends.length === 0 ? 'slow-recovery' : 'spike' } : e,
    )
  const lasting = ends.length > 0 || ground === undefined ? [] : lastingEvents(curve, spikes, ground)
  const minor = minorEvents(curve, levels, stretches).filter(
    (e) => diverged === undefined || e.fromStep < diverged.fromStep,
  )
  return [...spikes, ...lasting, ...minor]
}
