import { leastSquares, solveCholesky } from '../../linear/index.js'
import type { LossFit, SalienceEstimator } from '../estimator.js'
import { averageStrength, foldErrors } from '../inner-folds.js'
import { standardMean, type TrainingSpace } from '../training-space.js'

/** Shares of the mean squared profile that the penalty weighs. */
const STRENGTHS = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 30]

function fitAt(space: TrainingSpace, y: Float64Array, strength: number): LossFit {
  const { train, centre, scale } = space
  const n = train.length
  const means = train.map((m) => standardMean(space, m))
  const [level, gain] = leastSquares(
    [train.map(() => 1), means],
    train.map((m) => y[m]),
  ).coefficients
  const rows = train.map((m) => space.products(m))
  const trace = rows.reduce((sum, row, i) => sum + row[i], 0)
  const kernel = new Float64Array(n * n)
  rows.forEach((row, i) => {
    kernel.set(row, i * n)
    kernel[i * n + i] += strength * (trace > 0 ? trace / n : 1)
  })
  const dual = Float64Array.from(train, (m, i) => y[m] - level - gain * means[i])
  if (!solveCholesky(kernel, dual)) dual.fill(0)
  const slope = gain / scale
  const intercept = level - slope * centre
  return {
    predict: (m) =>
      intercept +
      slope * space.profiles.mean[m] +
      space.products(m).reduce((sum, v, i) => sum + v * dual[i], 0),
    index: { link: null, intercept, slope, dual },
  }
}

/** score = a + b · mean + w · residual profile, ridge regression on what the mean leaves. */
export const residualRidge: SalienceEstimator = {
  id: 'residual-ridge',
  role: 'candidate',
  source: 'docs/methods/salience.md#residual-ridge',
  unfit: () => null,
  fit(_, space, y, folds) {
    const at = (strength: number): Float64Array =>
      foldErrors(folds, y, (fold) => fitAt(fold, y, strength).predict)
    const { strength, errors } = averageStrength(STRENGTHS, at)
    const refit = (on: TrainingSpace): LossFit => fitAt(on, y, strength)
    return { ...refit(space), refit, foldErrors: errors }
  },
}
