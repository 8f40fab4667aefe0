import { type Estimate, estimate, notEstimable } from '../estimate.js'
import type { SalienceVector } from '../evidence/index.js'
import type { CapabilityResult } from './analyse.js'
import type { SalienceData } from './estimator.js'
import { logistic } from './sigmoid-fit.js'
import { modelShares, spanWeightsOf } from './span-salience.js'

export type { SalienceVector }

/**
 * Take a fitted capability out of its table; null where nothing that rests on losses alone could be fitted.
 *
 * @param weights of the spans beside the mean, shape (spans); found here where the losses stand in the table
 */
export function salienceVector(
  data: SalienceData,
  result: CapabilityResult,
  weights?: Float64Array,
): SalienceVector | null {
  const { fitted, chosen, judgedBy, space, leftOut, input, models, families } = result
  const { index } = fitted
  if (index === null) return null
  // The profiles were centred over the training models: what their mean profile adds goes to the intercept.
  const { gram, models: all } = data.profiles
  const { shares } = modelShares(data, space, index)
  let shift = 0
  for (const m of space.train)
    for (let c = 0; c < all; c++) shift += (shares[c] * gram[c * all + m]) / space.train.length
  const predictions = leftOut?.predictions.get(judgedBy)
  const errors = (leftOut?.families ?? [])
    .flatMap((family) =>
      family.map((m) => ({
        error: Math.abs((predictions?.[m] ?? Number.NaN) - input.y[m]),
        share: 1 / family.length / ((leftOut?.families.length ?? 0) + 1),
      })),
    )
    .sort((a, b) => a.error - b.error)
  return {
    name: input.name,
    method: chosen,
    isLog: input.isLog,
    lowerIsBetter: input.lowerIsBetter,
    link: index.link,
    intercept: index.intercept - shift,
    slope: index.slope,
    weights: weights ?? spanWeightsOf(data, space, index),
    errors,
    models: models.length,
    families,
  }
}

/**
 * Read a capability from a model's losses.
 *
 * The interval is conformal: the error that so many of the left-out families stayed below, each family counting once and
 * the new one as one more (Vovk et al., Algorithmic Learning in a Random World, 2005, with families as the units).
 *
 * @param losses  bits/byte of the vector's spans, shape (spans)
 * @param weights of the spans in the mean, shape (spans)
 */
export function applyVector(
  vector: SalienceVector,
  losses: ArrayLike<number>,
  weights: ArrayLike<number>,
  level: number,
): Estimate {
  let total = 0
  let mean = 0
  let index = vector.intercept
  for (let u = 0; u < vector.weights.length; u++) {
    total += weights[u]
    mean += weights[u] * losses[u]
    index += vector.weights[u] * losses[u]
  }
  index += (vector.slope * mean) / total
  const value = vector.link === null ? index : vector.link.floor + vector.link.height * logistic(index)
  let share = 0
  for (const { error, share: part } of vector.errors) {
    share += part
    // Shares are sums of fractions: a last digit must not cost a family.
    if (share >= level - 1e-12) {
      const [low, high] = [value - error, value + error]
      const raw = (v: number): number => (vector.isLog ? Math.exp(v) : v)
      return estimate(raw(value), { low: raw(low), high: raw(high), level }, 'score', vector.families)
    }
  }
  return notEstimable(
    `${vector.families} families left out in turn hold no interval of ${level}; ${familiesForInterval(level)} do`,
  )
}

/** Families that must have been left out in turn for an interval of this level. */
export function familiesForInterval(level: number): number {
  // .9 / (1 − .9) is 9 and a rounding, which must not make a tenth family of it.
  return Math.ceil(level / (1 - level) - 1e-9)
}
