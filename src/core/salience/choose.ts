import type { FittedCapability, SalienceData, SalienceEstimator } from './estimator.js'
import type { InnerFold } from './inner-folds.js'
import type { TrainingSpace } from './training-space.js'

/** Models below which a profile cannot be told from noise: the plain baselines are the answer. */
export const FEWEST_MODELS = 12

/** Every estimator fitted on the same models, and the one that predicted left-out families best. */
export interface Fits {
  readonly byMethod: ReadonlyMap<string, FittedCapability>
  readonly chosen: string
}

/** Fit every estimator; `chosen` has the least error over families that the folds left out, baselines among them. */
export function fitAll(
  data: SalienceData,
  space: TrainingSpace,
  y: Float64Array,
  folds: readonly InnerFold[],
  estimators: readonly SalienceEstimator[],
): Fits {
  const byMethod = new Map(estimators.map((e) => [e.id, e.fit(data, space, y, folds)]))
  const usable = estimators.filter((e) => e.isBaseline || space.train.length >= FEWEST_MODELS)
  const error = (e: SalienceEstimator): number => byMethod.get(e.id)?.foldError ?? Number.POSITIVE_INFINITY
  return { byMethod, chosen: usable.reduce((best, e) => (error(e) < error(best) ? e : best)).id }
}
