import type { Curve } from '../../series/curve.js'
import { departures, type Stretch } from './departures.js'
import { type EndGap, endGap } from './end-gap.js'
import type { Levels } from './levels.js'
import { type Noise, noiseOf } from './noise.js'
import { onsetOf } from './onset.js'
import { type RobustOutlier, robustOutliers } from './robust-outliers.js'
import { sharpOutliers } from './sharp-outliers.js'
import { lossOutliers } from './spike-monitor.js'
import { trailingMedians } from './trailing.js'

/** What a loss shows when it is looked at by itself. */
export interface LossSigns {
  readonly curve: Curve
  readonly levels: Levels
  readonly gap: EndGap
  readonly noise: Noise
  /** Index at which a raised end left the best level; undefined where the end is not raised. */
  readonly onset: number | undefined
  readonly outliers: readonly RobustOutlier[]
  /** Stretches that stand out, in the order of the log. */
  readonly stretches: readonly Stretch[]
}

export function lossSigns(curve: Curve, levels: Levels): LossSigns {
  const gap = endGap(curve, levels)
  const noise = noiseOf(levels, gap)
  const trailing = trailingMedians(curve.value)
  const raised = gap.gap >= Math.min(noise.lifted, noise.diverged)
  const onset = raised ? onsetOf(curve, trailing, gap, levels) : undefined
  const outliers = robustOutliers(curve, levels)
  const sharp = sharpOutliers(curve, lossOutliers(curve), outliers)
  const stretches = departures(curve, trailing, sharp, levels)
  return { curve, levels, gap, noise, onset, outliers, stretches }
}
