import type { LossFit, LossIndex, SalienceData } from './estimator.js'
import { fitSigmoid, type SigmoidFit, sigmoidAt } from './sigmoid-fit.js'
import type { TrainingSpace } from './training-space.js'

/** Σ weight · loss of one model. */
export function weightedLoss({ table }: SalienceData, weights: Float64Array, model: number): number {
  const loss = table.losses[model]
  let sum = 0
  for (let u = 0; u < weights.length; u++) sum += weights[u] * loss[u]
  return sum
}

/** What weights on the losses themselves are as an index on the mean and on the residual profile. */
function indexOf(
  data: SalienceData,
  { train, profiles }: TrainingSpace,
  link: LossIndex['link'],
  level: number,
  weights: Float64Array,
): LossIndex {
  const slope = weights.reduce((a, b) => a + b, 0)
  const total = data.weights.reduce((a, b) => a + b, 0)
  const spans = weights.map((v, u) => v - (slope * data.weights[u]) / total)
  const mean = train.reduce((sum, m) => sum + profiles.mean[m], 0) / train.length
  const typical = train.reduce((sum, m) => sum + weightedLoss(data, weights, m), 0) / train.length
  return {
    link,
    intercept: level + typical - slope * mean,
    slope,
    dual: new Float64Array(train.length),
    spans,
  }
}

/** score = level + Σ weight · loss. */
export function linearFit(
  data: SalienceData,
  space: TrainingSpace,
  level: number,
  weights: Float64Array,
): LossFit {
  return {
    predict: (m) => level + weightedLoss(data, weights, m),
    index: indexOf(data, space, null, level, weights),
  }
}

/** A sigmoid of one weighted loss, and how it moves with it. */
export interface WeightedSigmoid {
  readonly sigmoid: SigmoidFit
  /** Weighted loss of the training models. Shape (train). */
  readonly z: Float64Array
  readonly centre: number
  readonly scale: number
}

/** score = floor + height · σ(a + b · z), z the weighted loss; fitted on the training models. */
export function fitWeightedSigmoid(
  data: SalienceData,
  { train }: TrainingSpace,
  y: Float64Array,
  weights: Float64Array,
  near?: SigmoidFit,
): WeightedSigmoid {
  const z = Float64Array.from(train, (m) => weightedLoss(data, weights, m))
  const centre = z.reduce((a, b) => a + b, 0) / z.length
  const spread = Math.sqrt(z.reduce((sum, v) => sum + (v - centre) ** 2, 0) / z.length)
  const scale = spread > 0 ? spread : 1
  const terms = [{ values: z.map((v) => (v - centre) / scale), penalty: 0 }]
  return {
    sigmoid: fitSigmoid(
      Float64Array.from(train, (m) => y[m]),
      terms,
      near,
    ),
    z,
    centre,
    scale,
  }
}

/** The fit of a weighted loss' sigmoid as every other. */
export function sigmoidFit(
  data: SalienceData,
  space: TrainingSpace,
  { sigmoid, centre, scale }: WeightedSigmoid,
  weights: Float64Array,
): LossFit {
  const slope = sigmoid.slopes[0] / scale
  return {
    predict: (m) => sigmoidAt(sigmoid, [(weightedLoss(data, weights, m) - centre) / scale]),
    index: indexOf(
      data,
      space,
      { floor: sigmoid.floor, height: sigmoid.height },
      sigmoid.intercept - slope * centre,
      weights.map((w) => w * slope),
    ),
  }
}
