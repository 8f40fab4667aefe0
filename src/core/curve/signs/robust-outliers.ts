import type { Curve } from '../../series/curve.js'
import { median, robustDeviation } from '../../stats/quantile.js'
import { THRESHOLDS as T } from '../thresholds.js'
import { baseBefore } from './base-before.js'
import type { Levels } from './levels.js'
import { SPIKE_WINDOW } from './spike-monitor.js'

/** A value that stands out from its neighbours by robust measures. */
export interface RobustOutlier {
  readonly index: number
  /** Above the median of the values before it, nats. */
  readonly height: number
  readonly base: number
  /** A spike whatever the monitor says: too few values before it, a window that is mostly the run's own fall, or this high. */
  readonly plain: boolean
}

/** The fewest values that give a base. */
const LEAST = 16
/** A window whose values lie this many times farther apart than neighbours do is mostly trend. */
const TREND = 4
/** Rises of fewer deviations from one value to the next are not looked at: most of a noisy log's. */
const WORTH_A_LOOK = 3

/** Robust deviation of single values by second differences, Var(x₁ − 2x₂ + x₃) = 6σ²: a trend cancels. */
function neighbourDeviation(values: Float64Array): number {
  const differences = new Float64Array(values.length - 2)
  for (let k = 0; k < differences.length; k++)
    differences[k] = Math.abs(values[k + 2] - 2 * values[k + 1] + values[k])
  return (1.4826 * median(differences)) / Math.sqrt(6)
}

/**
 * Values 12 robust deviations (and .15 nats) above the median of the 32 before them, the deviation from the second
 * differences of the 128 before: the robust variant of the monitor (docs/methods/curve.md#spikes), which sees what a
 * standard deviation widened by earlier spikes or by the run's own fall does not.
 */
export function robustOutliers(curve: Curve, levels: Levels): RobustOutlier[] {
  const { value } = curve
  const out: RobustOutlier[] = []
  const worth = Math.max(T.minorNats, WORTH_A_LOOK * levels.scatter)
  for (let i = LEAST; i < value.length; i++) {
    if (value[i] - value[i - 1] < worth) continue
    const before = value.subarray(Math.max(0, i - SPIKE_WINDOW), i)
    const deviation = neighbourDeviation(before)
    const base = baseBefore(value, i)
    const height = value[i] - base
    if (deviation > 0 && height > Math.max(T.minorNats, T.minorDeviations * deviation))
      out.push({
        index: i,
        height,
        base,
        plain: i < SPIKE_WINDOW || height >= T.plainNats || robustDeviation(before) > TREND * deviation,
      })
  }
  return out
}
