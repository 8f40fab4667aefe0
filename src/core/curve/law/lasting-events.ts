import type { CurveEvent } from '../events/event.js'
import type { LawGround } from './ground.js'
import { lastingRise } from './lasting-rise.js'

/** Spikes that the law is fitted around, the longest and highest first. */
const MOST_LASTING = 6

/** The first of the large spikes that left the loss higher for good, as an event. */
export function lastingEvents(spikes: readonly CurveEvent[], ground: LawGround): CurveEvent[] {
  const order = [...spikes].sort(
    (a, b) =>
      Number(b.code === 'slow-recovery') - Number(a.code === 'slow-recovery') || b.magnitude - a.magnitude,
  )
  for (const spike of order.slice(0, MOST_LASTING)) {
    const rise = lastingRise(ground, spike)
    if (rise?.kind !== 'estimate') continue
    const { value, interval } = rise
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
