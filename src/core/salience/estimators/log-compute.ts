import type { LossFit, SalienceEstimator } from '../estimator.js'
import { foldErrors } from '../inner-folds.js'
import type { SalienceModel } from '../loss-table.js'
import { fitSigmoid, sigmoidAt } from '../sigmoid-fit.js'
import type { TrainingSpace } from '../training-space.js'

function fitOn(models: readonly SalienceModel[], train: readonly number[], y: Float64Array): LossFit {
  const compute = models.map(({ params, tokens }) => Math.log((params ?? 1) * (tokens ?? 1)))
  const centre = train.reduce((sum, m) => sum + compute[m], 0) / train.length
  const spread = Math.sqrt(train.reduce((sum, m) => sum + (compute[m] - centre) ** 2, 0) / train.length)
  const standard = (m: number): number => (compute[m] - centre) / (spread > 0 ? spread : 1)
  const fit = fitSigmoid(
    train.map((m) => y[m]),
    [{ values: Float64Array.from(train, standard), penalty: 0 }],
  )
  return { predict: (m) => sigmoidAt(fit, [standard(m)]), index: null }
}

/** score = floor + height · σ(a + b · ln N·D): what is known without scoring any text. */
export const logCompute: SalienceEstimator = {
  id: 'log-compute',
  role: 'baseline',
  source: 'docs/methods/salience.md#baselines',
  unfit(models) {
    const unknown = models.find((m) => m.params === null || m.tokens === null)
    return unknown === undefined ? null : `parameters or training tokens of ${unknown.id} are not known`
  },
  fit({ table: { models } }, space, y, folds) {
    const refit = ({ train }: TrainingSpace): LossFit => fitOn(models, train, y)
    return { ...refit(space), refit, foldErrors: foldErrors(folds, y, (fold) => refit(fold).predict) }
  },
}
