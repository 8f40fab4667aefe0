import type { Curve } from '../../series/curve.js'
import { counted } from '../../text/counted.js'
import type { Stretch } from '../signs/departures.js'
import type { LossSigns } from '../signs/loss-signs.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

/** A gap between two rows of more than so many usual ones: what went on in it is not known. */
const GAP = 2

/** Steps from the start of a stretch to where the loss was back: the most, and across a gap in the log the least. */
function stepsBack(
  { step }: Curve,
  { from, settled }: Stretch,
  interval: number,
): { least: number; most: number } {
  const most = step[settled] - step[from]
  const isAcrossGap = step[settled] - step[settled - 1] > GAP * interval
  return { least: isAcrossGap ? step[settled - 1] - step[from] + 1 : most, most }
}

/**
 * Turn a stretch into an event: a spike that came back fast or slowly. One that is not back at the last loss is slow
 * where the end of the run is not raised: it is back by then, within noise. So is one that came back in a gap of the log
 * too long to tell.
 * @param interval usual distance of logged losses, steps
 */
function stretchEvent(curve: Curve, stretch: Stretch, interval: number): CurveEvent {
  const { step, value } = curve
  const { from, to, peak, base, back, settled } = stretch
  const rise = `${base.toFixed(2)} → ${value[peak].toFixed(2)} at step ${step[peak]}`
  const common = {
    fromStep: step[from],
    toStep: step[to],
    magnitude: value[peak] - base,
    unit: 'nats/token',
    confidence: 'strong',
  } as const
  if (back < 0)
    return {
      ...common,
      code: 'slow-recovery',
      text: `spike ${rise}, back only by the end of the log, ${counted(step[step.length - 1] - step[from], 'step')} later`,
    }
  if (settled < 0)
    return {
      ...common,
      code: 'slow-recovery',
      text: `spike ${rise}, down after ${counted(step[back] - step[from], 'step')}, but not yet to its level before at the end of the log`,
    }
  const { least, most } = stepsBack(curve, stretch, interval)
  const usual = Math.max(1, step[Math.max(1, from)] - step[Math.max(1, from) - 1])
  const isFast = settled - from <= T.fastRows && most <= T.fastRows * usual
  const text =
    least < most
      ? `spike ${rise}, back within ${least} to ${most} steps`
      : `spike ${rise}, back ${isFast ? '' : 'only '}after ${counted(most, 'step')}`
  return { ...common, code: isFast ? 'spike' : 'slow-recovery', text }
}

/** Nothing behind the onset of a divergence is a spike of its own. */
function beforeDivergence(events: readonly CurveEvent[], ends: readonly CurveEvent[]): CurveEvent[] {
  const diverged = ends.find((e) => e.code === 'diverged')
  return events.filter((e) => diverged === undefined || e.toStep < diverged.fromStep)
}

/**
 * Spikes with how they came back.
 * @param ends what the end of the run showed: a spike that it shows to be lost is named once, by the end
 */
export function spikeEvents(
  { curve, stretches }: LossSigns,
  ends: readonly CurveEvent[],
  interval: number,
): CurveEvent[] {
  const isLost = ends.some((e) => e.confidence !== 'weak')
  const spikes = stretches.filter((s) => s.back >= 0 || !isLost).map((s) => stretchEvent(curve, s, interval))
  return beforeDivergence(spikes, ends)
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
