import type { Random } from '../random/index.js'
import type { FittedCapability, LossIndex, SalienceData, SalienceEstimator } from './estimator.js'
import { innerFolds } from './inner-folds.js'
import { familiesOf } from './loss-table.js'
import { type TrainingSpace, trainingSpace } from './training-space.js'

/**
 * Weight of every span in a fitted index: how much one bit a byte more on this span alone, beyond what it moves the
 * mean, moves the index. Negative: losing less here goes with a higher index.
 *
 * @returns shape (spans); Σ weight = 0 over the text, weighted as the sums are
 */
export function spanWeightsOf(data: SalienceData, space: TrainingSpace, { dual }: LossIndex): Float64Array {
  const { table, profiles, weights } = data
  const { train } = space
  const n = train.length
  // The training profiles are centred over the models, so the dual weights may be too.
  const mean = dual.reduce((a, b) => a + b, 0) / n
  const total = weights.reduce((a, b) => a + b, 0)
  const out = new Float64Array(weights.length)
  train.forEach((m, i) => {
    const share = dual[i] - mean
    const shift = profiles.mean[m]
    const loss = table.losses[m]
    for (let u = 0; u < out.length; u++) out[u] += share * (loss[u] - shift)
  })
  for (let u = 0; u < out.length; u++) out[u] *= weights[u] / total
  return out
}

/** How a span's salience held up. */
export interface SpanStability {
  /** Share of bootstrap draws of families in which the weight had the sign of the full fit. Shape (spans). */
  readonly agreement: Float64Array
  readonly draws: number
}

/** Share of draws that must agree on the sign before a span is shown as salient. */
export const STABLE = 0.8

/**
 * Refit on families drawn with replacement.
 *
 * @param full the weights of the fit on all families
 */
export function signStability(
  data: SalienceData,
  y: Float64Array,
  scored: readonly number[],
  estimator: SalienceEstimator,
  full: Float64Array,
  draws: number,
  random: Random,
): SpanStability {
  const { models } = data.table
  const families = familiesOf(models, scored)
  const agreement = new Float64Array(full.length)
  let done = 0
  for (let draw = 0; draw < draws; draw++) {
    const chance = random.derive(`draw ${draw}`)
    const train = families.flatMap(() => families[chance.integer(families.length)])
    if (new Set(train.map((m) => models[m].family)).size < 2) continue
    const space = trainingSpace(data.profiles, train)
    const fitted: FittedCapability = estimator.fit(data, space, y, innerFolds(space, models, chance))
    if (fitted.index === null) break
    const weights = spanWeightsOf(data, space, fitted.index)
    for (let u = 0; u < full.length; u++) if (weights[u] * full[u] > 0) agreement[u]++
    done++
  }
  return { agreement: done === 0 ? agreement : agreement.map((v) => v / done), draws: done }
}
