import type { Curve } from '../../series/curve.js'
import type { Stretch } from '../signs/departures.js'
import type { LossSigns } from '../signs/loss-signs.js'
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

/** Nothing behind the onset of a divergence is a spike of its own. */
function beforeDivergence(events: readonly CurveEvent[], ends: readonly CurveEvent[]): CurveEvent[] {
  const diverged = ends.find((e) => e.code === 'diverged')
  return events.filter((e) => diverged === undefined || e.toStep < diverged.fromStep)
}

/**
 * Spikes with how they came back.
 * @param ends what the end of the run showed
 */
export function spikeEvents({ curve, stretches }: LossSigns, ends: readonly CurveEvent[]): CurveEvent[] {
  const spikes = stretches.map((s) => stretchEvent(curve, s))
  return (
    beforeDivergence(spikes, ends)
      // What the end shows to have come back is slow, not lost; what it shows to be lost is named once, by the end.
      .map(
        (e): CurveEvent =>
          e.code === 'not-recovered' ? { ...e, code: ends.length === 0 ? 'slow-recovery' : 'spike' } : e,
      )
  )
}

/** Single outliers below the spike's floor. */
export function minorEvents(
  { curve, outliers, stretches }: LossSigns,
  ends: readonly CurveEvent[],
): CurveEvent[] {
  const minor = outliers
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
  return beforeDivergence(minor, ends)
}
