import { leastSquares } from '../../linear/index.js'
import type { LossFit, SalienceData, SalienceEstimator } from '../estimator.js'
import { foldErrors, total } from '../inner-folds.js'
import { foremost, MOST_RANKED_SPANS, rankCorrelations } from '../span-ranks.js'
import type { TrainingSpace } from '../training-space.js'
import { linearFit } from '../weighted-loss.js'

/** Spans that are selected at most, and models that must be left over. */
const MOST_SELECTED = 4
const SPARE_MODELS = 5
/** Share of the text that the screening keeps. */
const SCREENED = 0.25

/** The spans that lower the squared error most, one after the other, among those that rank models as the score does. */
function select(data: SalienceData, { train }: TrainingSpace, y: Float64Array): number[] {
  const { losses } = data.table
  const candidates = foremost(data.weights, rankCorrelations(data.table, train, y).map(Math.abs), SCREENED)
  const centred = (values: Float64Array): Float64Array => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    return values.map((v) => v - mean)
  }
  const dot = (a: Float64Array, b: Float64Array): number => {
    let sum = 0
    for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
    return sum
  }
  let left = centred(Float64Array.from(train, (m) => y[m]))
  // What is left of each column once the selected ones are taken out of it.
  let columns = candidates.map((u) => ({
    u,
    x: centred(Float64Array.from(train, (m) => losses[m][u])),
    size: 0,
  }))
  for (const column of columns) column.size = dot(column.x, column.x)
  const selected: number[] = []
  while (selected.length < Math.min(MOST_SELECTED, train.length - SPARE_MODELS)) {
    let best: (typeof columns)[number] | null = null
    let most = 0
    for (const column of columns) {
      const rest = dot(column.x, column.x)
      const gain = rest > 1e-10 * column.size ? dot(column.x, left) ** 2 / rest : 0
      if (gain > most) {
        most = gain
        best = column
      }
    }
    if (best === null) break
    const { u, x } = best
    selected.push(u)
    const size = dot(x, x)
    const without = (v: Float64Array): Float64Array => {
      const share = dot(v, x) / size
      return v.map((value, i) => value - share * x[i])
    }
    left = without(left)
    columns = columns.filter((c) => c.u !== u).map((c) => ({ ...c, x: without(c.x) }))
  }
  return selected
}

/** score = a + Σ c · loss of a few spans, chosen forwards. */
export const forwardSelection: SalienceEstimator = {
  id: 'forward-selection',
  role: 'shown',
  source: 'docs/methods/salience.md#forward-selection',
  unfit: (_, spans) => (spans > MOST_RANKED_SPANS ? `more than ${MOST_RANKED_SPANS} spans` : null),
  fit(data, space, y, folds) {
    const known = new Map<TrainingSpace, number[]>()
    const fitAt = (on: TrainingSpace, count: number): LossFit => {
      const spans = known.get(on) ?? select(data, on, y)
      known.set(on, spans)
      const chosen = spans.slice(0, count)
      const columns = [
        on.train.map(() => 1),
        ...chosen.map((u) => on.train.map((m) => data.table.losses[m][u])),
      ]
      const [level, ...gains] = leastSquares(
        columns,
        on.train.map((m) => y[m]),
      ).coefficients
      const weights = new Float64Array(data.weights.length)
      chosen.forEach((u, j) => {
        weights[u] = gains[j]
      })
      return linearFit(data, on, level, weights)
    }
    const counts = Array.from({ length: MOST_SELECTED }, (_, i) => i + 1)
    const errors = counts.map((count) => foldErrors(folds, y, (fold) => fitAt(fold, count).predict))
    const totals = errors.map(total)
    const best = totals.indexOf(Math.min(...totals))
    const count = counts[best]
    const refit = (on: TrainingSpace): LossFit => fitAt(on, count)
    return { ...refit(space), refit, foldErrors: errors[best] }
  },
}
