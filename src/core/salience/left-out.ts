import { type Estimate, estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random/index.js'
import { bootstrap, percentileInterval, stretch } from '../stats/index.js'
import { counted } from '../text/counted.js'
import { CHOSEN, fitAll, fittedBy, PLAIN } from './choose.js'
import type { SalienceData, SalienceEstimator } from './estimator.js'
import { type InnerFold, innerFolds } from './inner-folds.js'
import { familiesOf } from './loss-table.js'
import { type TrainingSpace, trainingSpace } from './training-space.js'

/** What every method says of each model when no model of its family was known. */
export interface LeftOut {
  /** Families as positions of models, in the order of the bootstrap's units. */
  readonly families: readonly (readonly number[])[]
  /** By method and choice, the prediction of every model; NaN for models without a score. Shape (models). */
  readonly predictions: ReadonlyMap<string, Float64Array>
}

/** The losses as they look without one family: what every capability of the same models is judged in. */
export interface FamilyLeftOut {
  readonly family: readonly number[]
  readonly space: TrainingSpace
  readonly folds: readonly InnerFold[]
}

/** One entry a family, in the order of their first models; shared by all capabilities that the same models have. */
export function familiesLeftOut(
  { table: { models }, profiles }: SalienceData,
  scored: readonly number[],
  random: Random,
): FamilyLeftOut[] {
  return familiesOf(models, scored).map((family, f) => {
    const out = new Set(family)
    const space = trainingSpace(
      profiles,
      scored.filter((m) => !out.has(m)),
    )
    return { family, space, folds: innerFolds(space, models, random.derive(`family ${f}`)) }
  })
}

/** Predict every family from the others; methods and strengths are chosen anew without it. */
export function predictLeftOut(
  data: SalienceData,
  y: Float64Array,
  turns: readonly FamilyLeftOut[],
  estimators: readonly SalienceEstimator[],
): LeftOut {
  const empty = (): Float64Array => new Float64Array(data.table.models.length).fill(Number.NaN)
  const predictions = new Map([...estimators.map((e) => e.id), CHOSEN, PLAIN].map((id) => [id, empty()]))
  for (const { family, space, folds } of turns) {
    const fits = fitAll(data, space, y, folds, estimators)
    for (const [method, values] of predictions) {
      const fitted = fittedBy(fits, method)
      for (const m of family) values[m] = fitted?.predict(m) ?? Number.NaN
    }
  }
  return { families: turns.map((t) => t.family), predictions }
}

/** Sums over one family, from which explained variance is put together for any draw of families. */
interface FamilySums {
  readonly n: number
  /** Least and largest score. */
  readonly low: number
  readonly high: number
  /** Of scores less the mean over all families, which the difference of squares would lose its digits to. */
  readonly y: number
  readonly yy: number
  readonly errors: readonly number[]
}

function sumsOf(
  family: readonly number[],
  y: Float64Array,
  centre: number,
  predictions: readonly Float64Array[],
): FamilySums {
  const scores = family.map((m) => y[m])
  return {
    n: family.length,
    low: Math.min(...scores),
    high: Math.max(...scores),
    y: scores.reduce((sum, v) => sum + (v - centre), 0),
    yy: scores.reduce((sum, v) => sum + (v - centre) ** 2, 0),
    errors: predictions.map((p) => family.reduce((sum, m) => sum + (p[m] - y[m]) ** 2, 0)),
  }
}

/** 1 − Σ(error²) / Σ(y − mean)², a method each, over families drawn so often; NaN where all drawn scores are alike. */
function explained(sums: readonly FamilySums[], drawn: ArrayLike<number>, method: number): number {
  let n = 0
  let total = 0
  let squares = 0
  let error = 0
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  sums.forEach((s, f) => {
    if (drawn[f] === 0) return
    low = Math.min(low, s.low)
    high = Math.max(high, s.high)
    n += drawn[f] * s.n
    total += drawn[f] * s.y
    squares += drawn[f] * s.yy
    error += drawn[f] * s.errors[method]
  })
  // Their spread is no more than rounding, and so would be what is told of it.
  return low < high ? 1 - error / (squares - (total * total) / n) : Number.NaN
}

/** Families below which a bootstrap over them says nothing. */
const FEWEST_FAMILIES = 5

/**
 * Explained variance of left-out families, and its gain over another method on the same families, with bootstrap
 * intervals over families (models of one family are not independent).
 */
export function explainedVariance(
  { families, predictions }: LeftOut,
  y: Float64Array,
  method: string,
  over: string | null,
  random: Random,
  level: number,
): Estimate {
  const sides = [method, ...(over === null ? [] : [over])].map((id) => {
    const values = predictions.get(id)
    if (values === undefined) throw new RangeError(`no predictions of ${id}`)
    return values
  })
  if (families.length < FEWEST_FAMILIES)
    return notEstimable(
      `${counted(families.length, 'family', 'families')}, an interval needs ${FEWEST_FAMILIES} or more`,
    )
  const judged = families.flat()
  const centre = judged.reduce((sum, m) => sum + y[m], 0) / judged.length
  const sums = families.map((family) => sumsOf(family, y, centre, sides))
  const statistic = (drawn: ArrayLike<number>): number =>
    explained(sums, drawn, 0) - (over === null ? 0 : explained(sums, drawn, 1))
  const value = statistic(new Int32Array(families.length).fill(1))
  const resamples = bootstrap(families.length, statistic, random)
  const interval = stretch(percentileInterval(resamples, level), value, families.length)
  // No more than everything can be explained; a gain may be larger.
  const high = over === null ? Math.min(1, interval.high) : interval.high
  return estimate(value, { ...interval, high }, 'share', families.length)
}
