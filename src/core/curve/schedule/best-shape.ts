import type { LoggedRates } from './logged-rates.js'
import type { RatePoints, Shape } from './shapes.js'

function bic(points: RatePoints, shape: Shape, resolution: number): number {
  let squares = 0
  const n = points.step.length
  for (let i = 0; i < n; i++) squares += (points.rate[i] - shape.rate(points.step[i])) ** 2
  // The print's resolution is the least error that a fit can be credited with.
  return n * Math.log(squares / n + resolution ** 2) + shape.parameters * Math.log(n)
}

/**
 * A line that still falls where the log ends has no end of its own: any floor fits. It is taken to fall to zero, unless
 * little is left by then (a floor of a few tenths of the peak, reached with the last step, is common).
 */
function throughZero(shape: Shape, last: number): Shape {
  if (shape.kind !== 'linear' || shape.decayEnd === undefined || shape.decayEnd <= last) return shape
  const now = shape.rate(last)
  const slope = shape.rate(last - 1) - now
  if (!(slope > 0)) return shape
  const decayEnd = last + now / slope
  return {
    ...shape,
    decayEnd,
    floor: 0,
    rate: (step) => (step <= last ? shape.rate(step) : Math.max(0, now - slope * (step - last))),
  }
}

function largestResidual(points: RatePoints, shape: Shape, peak: number): number {
  let worst = 0
  for (let i = 0; i < points.step.length; i++)
    worst = Math.max(worst, Math.abs(points.rate[i] - shape.rate(points.step[i])))
  return worst / peak
}

/**
 * The shape that explains the points best by BIC, with the print's rounding as the least error, and its largest
 * residual as a share of the peak. Undefined where none can be held against the points.
 */
export function bestShape(
  shapes: readonly Shape[],
  points: RatePoints,
  { curve, peak, resolution }: LoggedRates,
): { shape: Shape; residual: number } | undefined {
  let best: { shape: Shape; score: number } | undefined
  for (const shape of shapes) {
    const score = bic(points, shape, resolution)
    if (Number.isFinite(score) && (best === undefined || score < best.score)) best = { shape, score }
  }
  if (best === undefined) return undefined
  const shape = throughZero(best.shape, curve.step[curve.step.length - 1])
  return { shape, residual: largestResidual(points, shape, peak) }
}
