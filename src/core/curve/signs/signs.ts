import type { PreparedRun } from '../prepare/prepare.js'
import { type Discarded, discardedOf } from './discarded.js'
import { levelsOf } from './levels.js'
import { type LossSigns, lossSigns } from './loss-signs.js'
import { type GradientOutlier, gradientOutliers } from './zclip.js'

/** Everything that is seen in a run, before anything is concluded from it. */
export interface Signs {
  /** Undefined for a run that is too short to be judged. */
  readonly loss: LossSigns | undefined
  /** Standard deviation of single losses, nats; 0 when the log is too short to tell. */
  readonly scatter: number
  readonly gradientOutliers: readonly GradientOutlier[]
  readonly discarded: readonly Discarded[]
}

export function signsOf(prepared: PreparedRun): Signs {
  const { curve, points } = prepared.judged
  const n = curve.value.length
  const levels = n > 0 ? levelsOf(points) : undefined
  return {
    loss: levels === undefined || n < prepared.leastLosses ? undefined : lossSigns(curve, levels),
    scatter: levels?.scatter ?? 0,
    gradientOutliers: gradientOutliers(prepared.gradNorm),
    discarded: discardedOf(prepared),
  }
}
