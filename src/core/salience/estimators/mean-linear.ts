import { leastSquares } from '../../linear/index.js'
import type { LossFit, SalienceEstimator } from '../estimator.js'
import { foldErrors } from '../inner-folds.js'
import { standardMean, type TrainingSpace } from '../training-space.js'

function fitOn(space: TrainingSpace, y: Float64Array): LossFit {
  const { train, centre, scale, profiles } = space
  const columns = [train.map(() => 1), train.map((m) => standardMean(space, m))]
  // Of models that all lose the same the slope is blind, hence 0.
  const [level, gain] = leastSquares(
    columns,
    train.map((m) => y[m]),
  ).coefficients
  const slope = gain / scale
  const intercept = level - slope * centre
  return {
    predict: (m) => intercept + slope * profiles.mean[m],
    index: { link: null, intercept, slope, dual: new Float64Array(train.length) },
  }
}

/** score = intercept + slope · mean loss. */
export const meanLinear: SalienceEstimator = {
  id: 'mean-linear',
  role: 'baseline',
  source: 'docs/methods/salience.md#baselines',
  unfit: () => null,
  fit(_, space, y, folds) {
    const refit = (on: TrainingSpace): LossFit => fitOn(on, y)
    return { ...refit(space), refit, foldErrors: foldErrors(folds, y, (fold) => refit(fold).predict) }
  },
}
