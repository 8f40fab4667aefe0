import { leastSquares } from '../../linear/index.js'
import type { ScalingForm } from '../form.js'

/** Whether the rows tell a change of the law whose gradient is given: d value / d theta, shape (parameters). */
export type Identifies = (gradient: ArrayLike<number>) => boolean

/** A change lies across a direction when less than this share of it lies along. */
const SILENT = 1e-5

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0))
}

/**
 * What the rows of a table tell of a form about its fit, to first order: everything but what moves along a direction of
 * the parameters that changes no row.
 *
 * @param free which parameters may move: one that sits on its bound does not
 */
export function identifiedBy(
  form: ScalingForm,
  theta: ArrayLike<number>,
  rows: readonly Float64Array[],
  free: readonly boolean[],
): Identifies {
  const p = form.parameters.length
  const moving = Array.from({ length: p }, (_, a) => a).filter((a) => free[a])
  const slopes = moving.map(() => new Float64Array(rows.length))
  const gradient = new Float64Array(p)
  rows.forEach((row, i) => {
    form.evaluate(theta, row, gradient)
    moving.forEach((a, m) => {
      slopes[m][i] = gradient[a]
    })
  })
  // In units in which every parameter moves the rows alike: bits and exponents share no scale.
  const lengths = slopes.map((slope) => norm(slope) || 1)
  const { blind } = leastSquares(slopes, new Float64Array(rows.length))
  const seen = moving.map((_, m) => m).filter((m) => !blind.includes(m))
  // A blind slope is a sum of the others: moving it and them against each other changes no row.
  const silent = blind.map((b) => {
    const { coefficients } = leastSquares(
      seen.map((m) => slopes[m]),
      slopes[b],
    )
    const direction = new Float64Array(moving.length)
    direction[b] = lengths[b]
    seen.forEach((m, k) => {
      direction[m] = -coefficients[k] * lengths[m]
    })
    return direction
  })
  return (wanted) => {
    const own = Float64Array.from(moving, (a, m) => wanted[a] / lengths[m])
    return silent.every((direction) => {
      const along = own.reduce((sum, v, m) => sum + v * direction[m], 0)
      return Math.abs(along) <= SILENT * norm(own) * norm(direction)
    })
  }
}
