import type { LossFit, SalienceData, SalienceEstimator } from '../estimator.js'
import { averageStrength, foldErrors } from '../inner-folds.js'
import { logistic } from '../sigmoid-fit.js'
import { MOST_RANKED_SPANS } from '../span-ranks.js'
import type { TrainingSpace } from '../training-space.js'
import { fitWeightedSigmoid, sigmoidFit, type WeightedSigmoid } from '../weighted-loss.js'

/** Steps after which the weights are taken; the fewer, the closer they stay to equal weight a byte. */
const STEPS = [1, 2, 4, 8, 16]
/** Relative change of a weight in one step, in standard deviations of the gradient. */
const STEP = 0.2

/** Weights of the spans after so many steps, and their sigmoid. */
function* path(
  data: SalienceData,
  space: TrainingSpace,
  y: Float64Array,
): Generator<{ weights: Float64Array; fit: WeightedSigmoid }> {
  const { train } = space
  const total = data.weights.reduce((a, b) => a + b, 0)
  let weights = data.weights.map((w) => w / total)
  let fit = fitWeightedSigmoid(data, space, y, weights)
  for (;;) {
    const { sigmoid, z, centre, scale } = fit
    const slope = sigmoid.slopes[0] / scale
    const gradient = new Float64Array(weights.length)
    train.forEach((m, i) => {
      const s = logistic(sigmoid.intercept + slope * (z[i] - centre))
      const error = sigmoid.floor + sigmoid.height * s - y[m]
      const pull = error * sigmoid.height * s * (1 - s) * slope
      const loss = data.table.losses[m]
      for (let u = 0; u < gradient.length; u++) gradient[u] += pull * loss[u]
    })
    const mean = gradient.reduce((sum, g, u) => sum + weights[u] * g, 0)
    const spread = Math.sqrt(gradient.reduce((sum, g, u) => sum + weights[u] * (g - mean) ** 2, 0))
    if (spread > 0) {
      const step = STEP / spread
      const moved = weights.map(
        (w, u) => w * Math.exp(Math.max(-50, Math.min(50, -step * (gradient[u] - mean)))),
      )
      const sum = moved.reduce((a, b) => a + b, 0)
      weights = moved.map((w) => w / sum)
      fit = fitWeightedSigmoid(data, space, y, weights, sigmoid)
    }
    yield { weights, fit }
  }
}

/**
 * score = floor + height · σ(a + b · Σ weight · loss), weights non-negative with sum 1, by exponentiated gradient from equal
 * weight a byte, stopped early.
 */
export const tokenSigmoid: SalienceEstimator = {
  id: 'token-sigmoid',
  role: 'shown',
  source: 'docs/methods/salience.md#token-sigmoid',
  unfit: (_, spans) => (spans > MOST_RANKED_SPANS ? `more than ${MOST_RANKED_SPANS} spans` : null),
  fit(data, space, y, folds) {
    const paths = new Map(folds.map(({ space: fold }) => [fold, path(data, fold, y)]))
    let taken = 0
    const at = (steps: number): Float64Array => {
      const ahead = steps - taken
      taken = steps
      return foldErrors(
        folds,
        y,
        (fold) => fitAfter(data, fold, ahead, paths.get(fold) ?? path(data, fold, y)).predict,
      )
    }
    const { strength, errors } = averageStrength(STEPS, at)
    // Without folds nothing tells where to stop: the first step is the strongest hold.
    const steps = folds.length === 0 ? 1 : Math.round(strength)
    const refit = (on: TrainingSpace): LossFit => fitAfter(data, on, steps, path(data, on, y))
    return { ...refit(space), refit, foldErrors: errors }
  },
}

function fitAfter(
  data: SalienceData,
  space: TrainingSpace,
  steps: number,
  from: ReturnType<typeof path>,
): LossFit {
  let last = from.next().value
  for (let i = 1; i < steps; i++) last = from.next().value
  return sigmoidFit(data, space, last.fit, last.weights)
}
