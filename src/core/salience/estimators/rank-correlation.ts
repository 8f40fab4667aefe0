import type { LossFit, SalienceEstimator } from '../estimator.js'
import { averageStrength, foldErrors } from '../inner-folds.js'
import { foremost, MOST_RANKED_SPANS, rankCorrelations } from '../span-ranks.js'
import type { TrainingSpace } from '../training-space.js'
import { fitWeightedSigmoid, sigmoidFit } from '../weighted-loss.js'

/** Shares of the text that are kept. */
const SHARES = [1, 0.5, 0.25, 0.1, 0.05, 0.02]

/** Equal weight a byte on the part of the text that goes furthest with the score, summing to 1. */
function weightsOn(weights: Float64Array, correlations: Float64Array, share: number): Float64Array {
  const direction = Math.sign(correlations.reduce((sum, c, u) => sum + c * weights[u], 0)) || 1
  const kept = foremost(
    weights,
    correlations.map((c) => direction * c),
    share,
  )
  const total = kept.reduce((sum, u) => sum + weights[u], 0)
  const out = new Float64Array(weights.length)
  for (const u of kept) out[u] = weights[u] / total
  return out
}

/** score = floor + height · σ(a + b · mean loss on the share of the text that ranks the models as the score does). */
export const rankCorrelation: SalienceEstimator = {
  id: 'rank-correlation',
  role: 'shown',
  source: 'docs/methods/salience.md#rank-correlation',
  unfit: (_, spans) => (spans > MOST_RANKED_SPANS ? `more than ${MOST_RANKED_SPANS} spans` : null),
  fit(data, space, y, folds) {
    const known = new Map<TrainingSpace, Float64Array>()
    const fitAt = (on: TrainingSpace, share: number): LossFit => {
      const correlations = known.get(on) ?? rankCorrelations(data.table, on.train, y)
      known.set(on, correlations)
      const weights = weightsOn(data.weights, correlations, share)
      return sigmoidFit(data, on, fitWeightedSigmoid(data, on, y, weights), weights)
    }
    const { strength, errors } = averageStrength(SHARES, (share) =>
      foldErrors(folds, y, (fold) => fitAt(fold, share).predict),
    )
    const refit = (on: TrainingSpace): LossFit => fitAt(on, strength)
    return { ...refit(space), refit, foldErrors: errors }
  },
}
