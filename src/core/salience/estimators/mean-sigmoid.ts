import type { LossFit, SalienceEstimator } from '../estimator.js'
import { foldErrors } from '../inner-folds.js'
import { fitProfileSigmoid } from '../profile-sigmoid.js'
import type { TrainingSpace } from '../training-space.js'

/** score = floor + height · σ(a + b · mean loss). */
export const meanSigmoid: SalienceEstimator = {
  id: 'mean-sigmoid',
  role: 'baseline',
  source: 'docs/methods/salience.md#baselines',
  unfit: () => null,
  fit(_, space, y, folds) {
    const refit = (on: TrainingSpace): LossFit => fitProfileSigmoid(on, y, null)
    return { ...refit(space), refit, foldErrors: foldErrors(folds, y, (fold) => refit(fold).predict) }
  },
}
