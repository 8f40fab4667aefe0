import type { SalienceEstimator } from '../estimator.js'
import { foldError } from '../inner-folds.js'
import { fitProfileSigmoid } from '../profile-sigmoid.js'

/** score = floor + height · σ(a + b · mean loss). */
export const meanSigmoid: SalienceEstimator = {
  id: 'mean-sigmoid',
  title: 'mean loss, sigmoid',
  isBaseline: true,
  source: 'docs/methods/salience.md#baselines',
  unfit: () => null,
  fit: (_, space, y, folds) => ({
    ...fitProfileSigmoid(space, y, null),
    foldError: foldError(folds, y, (fold) => fitProfileSigmoid(fold, y, null).predict),
  }),
}
