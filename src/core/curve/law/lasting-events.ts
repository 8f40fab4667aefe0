import type { Curve } from '../../series/curve.js'
import { median } from '../../stats/quantile.js'
import type { CurveEvent } from '../events/event.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { LawGround } from './ground.js'
import { lastingRise } from './lasting-rise.js'

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
export function lastingEvents(curve: Curve, spikes: readonly CurveEvent[], ground: LawGround): CurveEvent[] {
  const order = [...spikes].sort(
    (a, b) =>
      Number(b.code === 'slow-recovery') - Number(a.code === 'slow-recovery') || b.magnitude - a.magnitude,
  )
  for (const spike of order.slice(0, MOST_LASTING)) {
    const jump = jumpAt(curve, spike)
    const rise = lastingRise(ground, spike)
    if (rise?.size.kind !== 'estimate') continue
    const { value, interval } = rise.size
    if (jump < T.lastingJump * value && !rise.shows) continue
    return [
      {
        code: 'not-recovered',
        fromStep: spike.fromStep,
        toStep: ground.smooth.step[ground.smooth.step.length - 1],
        magnitude: value,
        unit: 'nats/token',
        size: rise.size,
        confidence: 'strong',
        text: `behind the spike at step ${spike.fromStep} the loss runs ${value.toFixed(2)} [${interval.low.toFixed(2)}, ${interval.high.toFixed(2)}] above where its own law would have it, to the end`,
        cause: 'the spike damaged weights or optimiser state',
        action: `Go back to a checkpoint before step ${spike.fromStep} and skip the batches there, or lower the learning rate.`,
      },
    ]
  }
  return []
}
