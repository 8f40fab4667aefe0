import type { Estimate } from '../../estimate.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { GradientOutlier } from '../signs/zclip.js'
import { clippedShare } from './clipped-share.js'
import { robustSpikeScore, spikeScore } from './spike-score.js'

/** How restless a run is, as shares of its logged values (docs/methods/curve.md#spike-score). */
export interface StabilityScores {
  /** OLMo 2's spike score of the loss and of the gradient norm, and their robust variants. */
  readonly loss: Estimate
  readonly lossRobust: Estimate
  readonly gradNorm: Estimate
  readonly gradNormRobust: Estimate
  /** Gradient norms that ZClip would have clipped. */
  readonly clipped: Estimate
}

export function stabilityScores(
  prepared: PreparedRun,
  outliers: readonly GradientOutlier[],
): StabilityScores {
  const { finiteLoss: loss, gradNorm } = prepared
  return {
    loss: spikeScore(loss),
    lossRobust: robustSpikeScore(loss),
    gradNorm: spikeScore(gradNorm),
    gradNormRobust: robustSpikeScore(gradNorm),
    clipped: clippedShare(gradNorm, outliers),
  }
}
