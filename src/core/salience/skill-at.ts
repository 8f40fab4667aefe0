import { type Estimate, estimate, notEstimable } from '../estimate.js'
import { type Random, shuffled } from '../random/index.js'
import { bootstrap, median, percentileInterval } from '../stats/index.js'
import { CHOSEN, fitAll, fittedBy, PLAIN } from './choose.js'
import type { SalienceData, SalienceEstimator } from './estimator.js'
import { innerFolds } from './inner-folds.js'
import { PairTally } from './pairs.js'
import { trainingSpace } from './training-space.js'

/** Skill of one method on families of which no model was known, when only `n` models are. */
export interface SkillAt {
  readonly method: string
  readonly n: number
  /** Splits that could be judged. */
  readonly splits: number
  /** 1 − median over splits of (mean squared error / variance of the judged models). */
  readonly explainedVariance: Estimate
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
  level: number,
): SkillAt[] {
  const { models } = data.table
  const all = models.map((_, m) => m)
  const methods = [...estimators.map((e) => e.id), CHOSEN, PLAIN]
  const relative = methods.map((): number[] => [])
  const pairs = methods.map(() => new PairTally())
  for (let split = 0; split < repeats; split++) {
    const chance = random.derive(`split ${split}`)
    const train = shuffled(all, chance).slice(0, n)
    const drawn = new Set(train.map((m) => models[m].family))
    const judged = all.filter((m) => !drawn.has(models[m].family))
    // The variance of scores that are all alike is rounding, not always 0.
    if (judged.length < FEWEST_JUDGED || judged.every((m) => y[m] === y[judged[0]])) continue
    const centre = judged.reduce((sum, m) => sum + y[m], 0) / judged.length
    const variance = judged.reduce((sum, m) => sum + (y[m] - centre) ** 2, 0) / judged.length
    const space = trainingSpace(data.profiles, train)
    const folds = innerFolds(space, models, chance)
    const fits = fitAll(data, space, y, folds, estimators)
    methods.forEach((method, e) => {
      const fitted = fittedBy(fits, method)
      if (fitted === undefined) return
      const predicted = new Map(judged.map((m) => [m, fitted.predict(m)]))
      const error = judged.reduce((sum, m) => sum + ((predicted.get(m) ?? Number.NaN) - y[m]) ** 2, 0)
      relative[e].push(error / judged.length / variance)
      pairs[e].add(judged, (m) => predicted.get(m) ?? Number.NaN, y, data.profiles.mean)
    })
  }
  return methods.map((method, e) => ({
    method,
    n,
    splits: relative[e].length,
    explainedVariance: medianExplained(relative[e], random.derive(method), level),
    ...pairs[e].shares,
  }))
}

/** 1 − median, with the interval of the median over draws. */
function medianExplained(relative: readonly number[], random: Random, level: number): Estimate {
  if (relative.length === 0) return notEstimable('no draw leaves five models of other families to judge')
  const medianOf = (drawn: ArrayLike<number>): number =>
    median(relative.flatMap((v, i) => new Array<number>(drawn[i]).fill(v)))
  const draws = bootstrap(relative.length, (drawn) => 1 - medianOf(drawn), random)
  return estimate(1 - median(relative), percentileInterval(draws, level), 'share', relative.length)
}
