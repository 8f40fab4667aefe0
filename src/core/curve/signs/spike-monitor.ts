import type { Curve } from '../../series/curve.js'
import { THRESHOLDS as T } from '../thresholds.js'
import { NO_DEVIATION, Rolling } from './rolling.js'

/** One-step outliers by the OLMo-core monitor, with a floor in nats (docs/methods/curve.md#spikes). */
export const SPIKE_WINDOW = 128
export const SPIKE_DEVIATIONS = 6

/** One value that stands out from the window before it. */
export interface Outlier {
  readonly index: number
  readonly step: number
  /** Above the mean of the previous values, nats. */
  readonly height: number
  readonly deviations: number
}

/**
 * Values above mean + 6 SD of the previous 128 (current one left out, outliers stay in the window, population SD,
 * full window only), and at least .4 nats or 10 % above that mean.
 *
 * Source: OLMo-core's spike monitor (docs/methods/curve.md#spikes). Differs: the floor, without which healthy runs of
 * tens of thousands of steps have up to 15 outliers of .22–.34 nats.
 */
export function lossOutliers(curve: Curve, window: number = SPIKE_WINDOW): Outlier[] {
  const rolling = new Rolling(window)
  const out: Outlier[] = []
  for (let index = 0; index < curve.value.length; index++) {
    const value = curve.value[index]
    if (!Number.isFinite(value)) continue
    if (rolling.full) {
      const { mean, deviation } = rolling
      const height = value - mean
      if (
        height > SPIKE_DEVIATIONS * deviation &&
        deviation >= NO_DEVIATION &&
        (height >= T.spikeNats || height >= T.spikeShare * mean)
      )
        out.push({ index, step: curve.step[index], height, deviations: height / deviation })
    }
    rolling.push(value)
  }
  return out
}
