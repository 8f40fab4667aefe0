import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { Curve } from './curve.js'
import { placeAt } from './curve.js'
import type { Prediction } from './outcome.js'

/** The compute at which a benchmark is forecast to reach an accuracy, with N and D at the curve's ratio. */
export interface Inversion {
  readonly benchmark: string
  readonly family: string | null
  readonly accuracy: number
  readonly flops: Estimate
  readonly params: number | null
  readonly tokens: number | null
}

/**
 * First compute at which a rising line reaches `level`, by interpolation in ln C; null when it never does, `before`
 * when it stands above already where the curve starts, so that the compute is only known to be less.
 */
function crossing(curve: Curve, line: readonly number[], level: number): number | 'before' | null {
  for (let i = 0; i < line.length; i++) {
    if (line[i] < level) continue
    if (i === 0) return line[0] === level ? curve.flops[0] : 'before'
    const share = (level - line[i - 1]) / (line[i] - line[i - 1])
    const [a, b] = [Math.log(curve.flops[i - 1]), Math.log(curve.flops[i])]
    return Math.exp(a + share * (b - a))
  }
  return null
}

/**
 * Invert a forecast: where the curve, and the two ends of its band, reach an accuracy. The interval of the
 * compute is what the band leaves open; not estimable when the lower end never gets there on the curve, or when the
 * curve or the band's upper end is above the accuracy already where the curve starts.
 */
export function invertForecast(prediction: Prediction, accuracy: number): Inversion {
  const { curve, benchmark, usedRuns } = prediction
  const names = { benchmark: benchmark.name, family: benchmark.family, accuracy }
  const central = crossing(curve, curve.accuracy, accuracy)
  const reach = curve.flops.at(-1) ?? 0
  if (central === null)
    return {
      ...names,
      flops: notEstimable(
        `${accuracy} is not reached up to ${reach.toExponential(1)} FLOPs, where ${(curve.accuracy.at(-1) ?? 0).toFixed(3)} is expected`,
      ),
      params: null,
      tokens: null,
    }
  const start = curve.flops[0].toExponential(1)
  if (central === 'before')
    return {
      ...names,
      flops: notEstimable(
        `${accuracy} is below the ${curve.accuracy[0].toFixed(3)} expected at ${start} FLOPs, where the curve starts: less compute than that suffices`,
      ),
      params: null,
      tokens: null,
    }
  const place = placeAt(central, curve.tokensPerParam, curve.flopsPerParamToken)
  const earliest = crossing(curve, curve.high, accuracy) ?? central
  const latest = crossing(curve, curve.low, accuracy)
  const about = `about ${central.toExponential(1)} FLOPs`
  let flops: Estimate
  if (earliest === 'before')
    flops = notEstimable(
      `${about}; the interval's upper end is above ${accuracy} already at ${start} FLOPs, where the curve starts`,
    )
  else if (latest === null || latest === 'before')
    flops = notEstimable(
      `${about}, ${earliest.toExponential(1)} at the least; the interval's lower end does not reach ${accuracy} up to ${reach.toExponential(1)}`,
    )
  else flops = estimate(central, { low: earliest, high: latest, level: curve.level }, 'FLOPs', usedRuns)
  return { ...names, flops, params: place.params, tokens: place.tokens }
}
