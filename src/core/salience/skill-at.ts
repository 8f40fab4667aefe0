import type { Random } from '../random/index.js'
import { shuffled } from '../random/index.js'
import { median } from '../stats/index.js'
import { fitAll } from './choose.js'
import type { SalienceData, SalienceEstimator } from './estimator.js'
import { innerFolds } from './inner-folds.js'
import { nearTies, type PairCount, pairwise } from './pairs.js'
import { trainingSpace } from './training-space.js'

/** Skill of one method on families of which no model was known, when only `n` models are. */
export interface SkillAt {
  readonly method: string
  readonly n: number
  /** Splits that could be judged. */
  readonly splits: number
  /** 1 − median over splits of (mean squared error / variance of the judged models). */
  readonly explainedVariance: number
  /** Share of judged pairs in the right order. */
  readonly pairwise: number | null
  /** The same, of pairs whose mean losses lie within `NEAR_TIE` of each other. */
  readonly nearTies: number | null
}

/** Judged models below which a split says nothing. */
const FEWEST_JUDGED = 5

/**
 * Draw n models, fit, judge every model of no drawn family; many times. `chosen` is chosen anew inside every draw.
 *
 * @param y score of every model, shape (models)
 */
export function skillAt(
  data: SalienceData,
  y: Float64Array,
  estimators: readonly SalienceEstimator[],
  n: number,
  repeats: number,
  random: Random,
): SkillAt[] {
  const { models } = data.table
  const all = models.map((_, m) => m)
  const methods = [...estimators.map((e) => e.id), 'chosen']
  const relative = methods.map((): number[] => [])
  const pairs = methods.map((): PairCount => ({ right: 0, pairs: 0 }))
  const ties = methods.map((): PairCount => ({ right: 0, pairs: 0 }))
  for (let split = 0; split < repeats; split++) {
    const chance = random.derive(`split ${split}`)
    const train = shuffled(all, chance).slice(0, n)
    const drawn = new Set(train.map((m) => models[m].family))
    const judged = all.filter((m) => !drawn.has(models[m].family))
    const centre = judged.reduce((sum, m) => sum + y[m], 0) / judged.length
    const variance = judged.reduce((sum, m) => sum + (y[m] - centre) ** 2, 0) / judged.length
    if (judged.length < FEWEST_JUDGED || !(variance > 0)) continue
    const space = trainingSpace(data.profiles, train)
    const folds = innerFolds(space, models, chance)
    const fits = fitAll(data, space, y, folds, estimators)
    methods.forEach((method, e) => {
      const fitted = fits.byMethod.get(method === 'chosen' ? fits.chosen : method)
      if (fitted === undefined) return
      const predicted = new Map(judged.map((m) => [m, fitted.predict(m)]))
      const error = judged.reduce((sum, m) => sum + ((predicted.get(m) ?? 0) - y[m]) ** 2, 0)
      relative[e].push(error / judged.length / variance)
      pairwise(judged, predicted, y, pairs[e])
      nearTies(judged, predicted, y, data.profiles.mean, ties[e])
    })
  }
  return methods.map((method, e) => ({
    method,
    n,
    splits: relative[e].length,
    explainedVariance: relative[e].length === 0 ? Number.NEGATIVE_INFINITY : 1 - median(relative[e]),
    pairwise: share(pairs[e]),
    nearTies: share(ties[e]),
  }))
}

function share({ right, pairs }: PairCount): number | null {
  return pairs === 0 ? null : right / pairs
}
