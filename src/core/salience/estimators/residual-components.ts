import type { LossFit, SalienceEstimator } from '../estimator.js'
import { averageStrength, foldErrors } from '../inner-folds.js'
import { fitProfileSigmoid } from '../profile-sigmoid.js'
import type { SigmoidFit } from '../sigmoid-fit.js'

import type { TrainingSpace } from '../training-space.js'

/**
 * From as good as left out to hardly held, in squared standard deviations of the score a model; in this order each fit
 * starts from the one before.
 */
const STRENGTHS = [10, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001]

/** score = floor + height · σ(a + b · mean + Σ c_j · component_j), c held towards 0. */
export const residualComponents: SalienceEstimator = {
  id: 'residual-components',
  role: 'candidate',
  source: 'docs/methods/salience.md#residual-components',
  unfit: () => null,
  fit(_, space, y, folds) {
    const last = new Map<TrainingSpace, SigmoidFit>()
    const at = (strength: number): Float64Array =>
      foldErrors(folds, y, (fold) => {
        const { predict, sigmoid } = fitProfileSigmoid(fold, y, strength, last.get(fold))
        last.set(fold, sigmoid)
        return predict
      })
    const { strength, errors } = averageStrength(STRENGTHS, at)
    const refit = (on: TrainingSpace): LossFit => fitProfileSigmoid(on, y, strength)
    return { ...refit(space), refit, foldErrors: errors }
  },
}
