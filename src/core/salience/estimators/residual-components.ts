import type { SalienceEstimator } from '../estimator.js'
import { averageStrength, foldError } from '../inner-folds.js'
import { fitProfileSigmoid } from '../profile-sigmoid.js'

/** From hardly held to as good as left out, in squared standard deviations of the score a model. */
const STRENGTHS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10]

/** score = floor + height · σ(a + b · mean + Σ c_j · component_j), c held towards 0. */
export const residualComponents: SalienceEstimator = {
  id: 'residual-components',
  title: 'mean loss and components of the residual profile, sigmoid',
  isBaseline: false,
  source: 'docs/methods/salience.md#residual-components',
  unfit: () => null,
  fit(_, space, y, folds) {
    const at = (strength: number): number | null =>
      foldError(folds, y, (fold) => fitProfileSigmoid(fold, y, strength).predict)
    const { strength, error } = averageStrength(STRENGTHS, at, folds.length)
    return { ...fitProfileSigmoid(space, y, strength), foldError: error }
  },
}
