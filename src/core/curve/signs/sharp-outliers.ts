import type { Curve } from '../../series/curve.js'
import { THRESHOLDS as T } from '../thresholds.js'
import { baseBefore } from './base-before.js'
import type { RobustOutlier } from './robust-outliers.js'
import type { Outlier } from './spike-monitor.js'

/** A value that stands out, and what it stands above. */
export interface Standout {
  readonly index: number
  readonly base: number
}

/** The monitor's outliers, and plain spikes where it cannot tell, in the order of the log. */
export function sharpOutliers(
  { value }: Curve,
  monitored: readonly Outlier[],
  robust: readonly RobustOutlier[],
): Standout[] {
  const plain = robust.filter(
    (o) => o.plain && (o.height >= T.spikeNats || o.height >= T.spikeShare * o.base),
  )
  const indices = new Set([...monitored, ...plain].map((o) => o.index))
  return [...indices].sort((a, b) => a - b).map((index) => ({ index, base: baseBefore(value, index) }))
}
