import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { Curve } from '../../series/curve.js'
import { wilsonInterval } from '../../stats/wilson.js'
import { type GradientOutlier, ZCLIP_START } from '../signs/zclip.js'

/** Share of the gradient norms that ZClip would have clipped, with Wilson's interval. */
export function clippedShare(norm: Curve, outliers: readonly GradientOutlier[]): Estimate {
  const judged = norm.value.length - ZCLIP_START
  if (norm.value.length === 0) return notEstimable('the log gives none')
  if (judged <= 0) return notEstimable(`${norm.value.length} gradient norms: ZClip starts on ${ZCLIP_START}`)
  return estimate(
    outliers.length / judged,
    wilsonInterval(outliers.length, judged, DEFAULT_LEVEL),
    'share',
    judged,
  )
}
