import { type RunPoint, type Target, tokensPerParam } from './point.js'

/**
 * The forecast to beat: copy the fitted run with the most parameters; among several, the one whose
 * token-to-parameter ratio is nearest the target's. Without parameters, the run with the most compute.
 */
export function copyBaseline(points: readonly RunPoint[], target: Target | RunPoint): number {
  if (points.length === 0) throw new RangeError('baseline of no runs')
  const sized = points.filter((point) => point.params !== null)
  if (sized.length === 0)
    return points.reduce((best, point) => (point.flops > best.flops ? point : best)).accuracy
  const most = Math.max(...sized.map((point) => point.params ?? 0))
  const largest = sized.filter((point) => point.params === most)
  const wanted = tokensPerParam(target)
  if (wanted === null)
    return largest.reduce((best, point) => (point.flops > best.flops ? point : best)).accuracy
  const distance = (point: RunPoint): number => {
    const ratio = tokensPerParam(point)
    return ratio === null ? Infinity : Math.abs(Math.log(ratio / wanted))
  }
  return largest.reduce((best, point) => (distance(point) < distance(best) ? point : best)).accuracy
}
