import type { FittedCapability, SalienceData, SalienceEstimator } from './estimator.js'
import { type InnerFold, total } from './inner-folds.js'
import type { TrainingSpace } from './training-space.js'

/** Models below which a profile cannot be told from noise: the plain baselines are the answer. */
export const FEWEST_MODELS = 12

/** Every estimator fitted on the same models, and the one that rests on losses and predicted left-out families best. */
export interface Fits {
  readonly byMethod: ReadonlyMap<string, FittedCapability>
  readonly chosen: string
  /** The best one that knows the mean loss alone. */
  readonly plain: string
}

/** Names of choices that are made anew in every fit, beside the estimators' own. */
export const CHOSEN = 'chosen'
export const PLAIN = 'plain'

/** The fit behind a method's name or a choice's. */
export function fittedBy({ byMethod, chosen, plain }: Fits, method: string): FittedCapability | undefined {
  return byMethod.get(method === CHOSEN ? chosen : method === PLAIN ? plain : method)
}

/**
 * Fit every estimator; `chosen` has the least error over families that the folds left out, readings of the mean among
 * them. Compute is none of them: a gain of it would pass for one of salience.
 */
export function fitAll(
  data: SalienceData,
  space: TrainingSpace,
  y: Float64Array,
  folds: readonly InnerFold[],
  estimators: readonly SalienceEstimator[],
): Fits {
  const byMethod = new Map(estimators.map((e) => [e.id, e.fit(data, space, y, folds)]))
  const means = estimators.filter((e) => e.id.startsWith('mean-'))
  const candidates =
    space.train.length < FEWEST_MODELS ? [] : estimators.filter((e) => e.role === 'candidate')
  const error = (e: SalienceEstimator): number => total(byMethod.get(e.id)?.foldErrors ?? [])
  const best = (among: readonly SalienceEstimator[]): string =>
    among.reduce((a, b) => (error(b) < error(a) ? b : a)).id
  return { byMethod, chosen: best([...means, ...candidates]), plain: best(means) }
}
