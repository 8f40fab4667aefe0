import { groupBy } from '../collections.js'
import type { EvaluationRow } from '../evidence/index.js'
import { inverseGram, leastSquares } from '../linear/index.js'
import { studentQuantile } from '../stats/index.js'

/** Exponents of the loss in data that published laws have (Kaplan et al.: .095 of the whole loss; Hoffmann et al.: .28 of what can be reduced). */
const PUBLISHED = { low: 0.07, high: 0.3 } as const
const LEAST_RUNS = 6

/** Exponent alpha of L ∝ D^−alpha: of the runs that the audit brings, or what is published. */
export interface DataExponent {
  readonly low: number
  readonly high: number
  /** Runs that it was fitted to; 0: the published range. */
  readonly runs: number
}

/**
 * ln L = c − a·ln N − alpha·ln D by least squares over the last point of every run; Student's interval.
 *
 * Source: the loss-power form in two inputs, Kaplan et al., arXiv:2001.08361.
 */
export function dataExponent(rows: readonly EvaluationRow[], level: number): DataExponent {
  const told = rows.flatMap(({ model, params, tokens, loss }) =>
    params !== null && tokens !== null && loss !== null && params > 0 && tokens > 0 && loss > 0
      ? [{ model, x: [1, Math.log(params), Math.log(tokens)], y: Math.log(loss) }]
      : [],
  )
  const runs = [...groupBy(told, (r) => r.model).values()].map((rows) =>
    rows.reduce((last, r) => (r.x[2] > last.x[2] ? r : last)),
  )
  const published: DataExponent = { ...PUBLISHED, runs: 0 }
  if (runs.length < LEAST_RUNS) return published
  const columns = [0, 1, 2].map((k) => runs.map((r) => r.x[k]))
  const { coefficients, rank, squares } = leastSquares(
    columns,
    runs.map((r) => r.y),
  )
  const { inverse } = inverseGram(columns)
  if (rank < 3 || inverse === null) return published
  const variance = (squares / (runs.length - 3)) * inverse[8]
  const half = studentQuantile((1 + level) / 2, runs.length - 3) * Math.sqrt(variance)
  const [low, high] = [-coefficients[2] - half, -coefficients[2] + half]
  return low > 0 && Number.isFinite(high) ? { low, high, runs: runs.length } : published
}
