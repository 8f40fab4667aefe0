import type { LossFit } from './estimator.js'
import { fitSigmoid, type SigmoidFit, type SigmoidTerm, sigmoidAt } from './sigmoid-fit.js'
import { standardMean, type TrainingSpace } from './training-space.js'

/**
 * A sigmoid of the mean loss and of the components of the residual profile.
 *
 * @param penalty L2 on the component slopes, none on the mean's; null leaves the profile out
 * @param near    the fit under another penalty, to start from
 */
export function fitProfileSigmoid(
  space: TrainingSpace,
  y: Float64Array,
  penalty: number | null,
  near?: SigmoidFit,
): LossFit & { readonly sigmoid: SigmoidFit } {
  const { train, centre, scale, dual } = space
  const components = penalty === null ? 0 : space.components
  const scores = train.map((m) => space.scores(m))
  const terms: SigmoidTerm[] = [
    { values: Float64Array.from(train, (m) => standardMean(space, m)), penalty: 0 },
    ...Array.from({ length: components }, (_, j) => ({
      values: Float64Array.from(scores, (row) => row[j]),
      penalty: penalty ?? 0,
    })),
  ]
  const fit = fitSigmoid(
    Float64Array.from(train, (m) => y[m]),
    terms,
    near,
  )
  const slope = fit.slopes[0] / scale
  const weights = new Float64Array(train.length)
  for (let j = 0; j < components; j++)
    for (let i = 0; i < weights.length; i++) weights[i] += fit.slopes[1 + j] * dual[j][i]
  return {
    sigmoid: fit,
    predict: (m) =>
      sigmoidAt(
        fit,
        components === 0 ? [standardMean(space, m)] : [standardMean(space, m), ...space.scores(m)],
      ),
    index: {
      link: { floor: fit.floor, height: fit.height },
      intercept: fit.intercept - slope * centre,
      slope,
      dual: weights,
    },
  }
}
