import type { Curve } from '../../series/curve.js'
import { NO_DEVIATION } from './rolling.js'

/** Smoothing of mean and variance, the deviation that is clipped, and the values that start them. */
export const ZCLIP_ALPHA = 0.97
export const ZCLIP_DEVIATIONS = 2.5
export const ZCLIP_START = 25

/** A gradient norm that ZClip would have clipped. */
export interface GradientOutlier {
  readonly index: number
  readonly step: number
  /** Deviations above the running mean. */
  readonly z: number
}

/**
 * Gradient norms that ZClip would clip: z = (g − μ) / σ > 2.5, with exponential means μ ← α μ + (1 − α) g and
 * σ² ← α σ² + (1 − α) (g − μ)², α = .97, both started on the first 25 values. What is clipped enters them as
 * μ + (2.5² / z) · σ, so that an outlier hardly moves what the next one is held against.
 *
 * Source: ZClip, arXiv:2504.02507 (default settings and reciprocal clipping; equation numbers not checked against the
 * text). Differs: applied to the norms as logged, not to every step; rows that log none are passed over.
 */
export function gradientOutliers(norm: Curve): GradientOutlier[] {
  const { value, step } = norm
  const out: GradientOutlier[] = []
  if (value.length <= ZCLIP_START) return out
  let mean = 0
  for (let i = 0; i < ZCLIP_START; i++) mean += value[i] / ZCLIP_START
  let variance = 0
  for (let i = 0; i < ZCLIP_START; i++) variance += (value[i] - mean) ** 2 / ZCLIP_START
  for (let index = ZCLIP_START; index < value.length; index++) {
    const deviation = Math.sqrt(variance)
    const z = deviation < NO_DEVIATION ? 0 : (value[index] - mean) / deviation
    const outlier = z > ZCLIP_DEVIATIONS
    if (outlier) out.push({ index, step: step[index], z })
    const taken = outlier ? mean + (ZCLIP_DEVIATIONS ** 2 / z) * deviation : value[index]
    mean = ZCLIP_ALPHA * mean + (1 - ZCLIP_ALPHA) * taken
    variance = ZCLIP_ALPHA * variance + (1 - ZCLIP_ALPHA) * (taken - mean) ** 2
  }
  return out
}
