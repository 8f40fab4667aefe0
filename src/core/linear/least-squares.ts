import { type Triangle, triangulate } from './triangle.js'

/** The least-squares solution of a linear model. */
export interface LinearFit {
  /** One a column, in the unit of y over the column's; 0 for a blind one. Shape (p). */
  readonly coefficients: Float64Array
  /** Columns that the data tell apart. */
  readonly rank: number
  /** Columns that add nothing to the others by the rank rule (triangle.ts), the same in every unit. */
  readonly blind: readonly number[]
  /** Weighted sum of squared residuals. */
  readonly squares: number
}

/** Solve the triangle for its columns of length 1; blind ones get 0. */
export function solveTriangle({ columns: p, R, order, rank, reached }: Triangle): Float64Array {
  const x = new Float64Array(p)
  for (let k = rank - 1; k >= 0; k--) {
    let value = reached[k]
    for (let m = k + 1; m < rank; m++) value -= R[k + order[m] * p] * x[order[m]]
    x[order[k]] = value / R[k + order[k] * p]
  }
  return x
}

/**
 * Weighted linear least squares, min Σ w (X·b − y)², by QR with column pivoting.
 *
 * @param columns columns of X, p arrays of shape (n)
 * @param y       shape (n), finite
 * @param weights shape (n), ≥ 0; equal weights when left out
 * @throws {RangeError} when shapes differ or a value of y is not finite
 *
 * Source: Golub & Van Loan, Matrix Computations (4th edition), §5.5: of a design that lacks rank the basic solution.
 */
export function leastSquares(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): LinearFit {
  const triangle = triangulate(columns, y, weights)
  const { order, rank, lengths, rest } = triangle
  return {
    coefficients: solveTriangle(triangle).map((v, j) => v / lengths[j]),
    rank,
    blind: Array.from(order.subarray(rank)),
    squares: rest,
  }
}

/**
 * (XᵀWX)⁻¹, the covariance of the coefficients over the variance of a residual, from the QR of √W·X: the product XᵀWX,
 * which squares the condition of the design, is never formed.
 *
 * @param columns columns of X, p arrays of shape (n)
 * @param weights shape (n), ≥ 0
 * @returns `inverse` of shape (p, p), row-major; null where a column is blind, the first of which is then `blind`
 */
export function inverseGram(
  columns: readonly ArrayLike<number>[],
  weights?: ArrayLike<number>,
): { inverse: Float64Array; blind: null } | { inverse: null; blind: number } {
  const p = columns.length
  const n = columns[0]?.length ?? 0
  const { R, order, rank, lengths } = triangulate(columns, new Float64Array(n), weights)
  if (rank < p) return { inverse: null, blind: Math.min(...order.subarray(rank)) }
  // S = R⁻¹, a column at a time; the wanted inverse is S·Sᵀ in the units of the columns.
  const S = new Float64Array(p * p)
  for (let c = 0; c < p; c++)
    for (let k = c; k >= 0; k--) {
      let value = k === c ? 1 : 0
      for (let m = k + 1; m <= c; m++) value -= R[k + order[m] * p] * S[m * p + c]
      S[k * p + c] = value / R[k + order[k] * p]
    }
  const inverse = new Float64Array(p * p)
  for (let a = 0; a < p; a++)
    for (let b = 0; b < p; b++) {
      let sum = 0
      for (let c = Math.max(a, b); c < p; c++) sum += S[a * p + c] * S[b * p + c]
      inverse[order[a] * p + order[b]] = sum / (lengths[order[a]] * lengths[order[b]])
    }
  return { inverse, blind: null }
}
