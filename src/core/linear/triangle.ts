/**
 * Relative length below which what a column adds to the others is the rounding of its numbers: 2^−23, the precision of
 * the single-precision floats that losses and training rates are logged in.
 *
 * The one rank rule of the house: every column is brought to length 1, columns are taken by what they add to those
 * taken before, the most first, and from the first that adds no more than this on they are *blind*: the data cannot
 * tell them from the others. No unit or scale of a column changes the answer.
 */
export const RANK_TOLERANCE = 2 ** -23

/** A least-squares problem brought to a triangle: what is left of n rows once rotations have done their work. */
export interface Triangle {
  /** Columns of the design, p. */
  readonly columns: number
  /**
   * Entry (i, j) at [i + j·p]: Qᵀ·√W·X with columns of length 1, in the order of the design. Taken in `order`, the
   * first `rank` columns are upper triangular.
   */
  readonly R: Float64Array
  /** Columns as they were taken; from `rank` on they are blind. Shape (p). */
  readonly order: Int32Array
  readonly rank: number
  /** Weighted length of each column; 1 where a column is blind for being zero or not finite. Shape (p). */
  readonly lengths: Float64Array
  /** Qᵀ·√W·y as far as the columns reach, shape (p); zero from `rank` on. */
  readonly reached: Float64Array
  /** Squared weighted length of the part of y that no column reaches. */
  readonly rest: number
}

/** √Σ v², safe from overflow and underflow. */
function lengthOf(v: Float64Array, from: number, to: number): number {
  let squares = 0
  for (let i = from; i < to; i++) squares += v[i] * v[i]
  if (squares > 1e-280 && squares < 1e280) return Math.sqrt(squares)
  let top = 0
  for (let i = from; i < to; i++) top = Math.max(top, Math.abs(v[i]))
  if (top === 0 || !Number.isFinite(top)) return top
  squares = 0
  for (let i = from; i < to; i++) squares += (v[i] / top) ** 2
  return top * Math.sqrt(squares)
}

/** Rows from which what is left of a column is measured anew: subtracting squares has lost half of its digits. */
const STALE = Math.sqrt(Number.EPSILON)

/**
 * Householder's QR factorisation with column pivoting of √W·X, with y carried along.
 *
 * @param columns columns of the design X, p arrays of shape (n)
 * @param y       shape (n), finite
 * @param weights shape (n), ≥ 0; equal weights when left out
 * @throws {RangeError} when shapes differ or a value of y is not finite
 *
 * Source: Businger & Golub, Numerische Mathematik 7 (1965); lengths brought up to date as in Drmač & Bujanović, ACM
 * Transactions on Mathematical Software 35 (2008), §3.
 */
export function triangulate(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Triangle {
  const p = columns.length
  const n = y.length
  // One buffer, a column after the other, y behind them: the inner loops run over neighbours.
  const A = new Float64Array(n * (p + 1))
  if (weights !== undefined && weights.length !== n)
    throw new RangeError(`${weights.length} weights of ${n} rows`)
  const root = weights === undefined ? undefined : new Float64Array(n)
  if (root !== undefined && weights !== undefined) for (let i = 0; i < n; i++) root[i] = Math.sqrt(weights[i])
  const lengths = new Float64Array(p)
  const left = new Float64Array(p)
  for (let j = 0; j <= p; j++) {
    const from = j * n
    const column = j === p ? y : columns[j]
    if (column.length !== n) throw new RangeError(`column ${j} has ${column.length} rows, y has ${n}`)
    if (root === undefined) A.set(column, from)
    else for (let i = 0; i < n; i++) A[from + i] = root[i] * column[i]
    if (j === p) continue
    const length = lengthOf(A, from, from + n)
    const sees = length > 0 && Number.isFinite(length)
    lengths[j] = sees ? length : 1
    left[j] = sees ? 1 : 0
    if (sees) for (let i = 0; i < n; i++) A[from + i] /= length
    else A.fill(0, from, from + n)
  }
  const target = p * n
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(A[target + i])) throw new RangeError(`y[${i}] is ${y[i]}, expected a finite number`)
  const reference = Float64Array.from(left)
  const order = Int32Array.from(columns, (_, j) => j)
  let rank = 0
  while (rank < p && rank < n) {
    let pivot = rank
    for (let k = rank + 1; k < p; k++) if (left[order[k]] > left[order[pivot]]) pivot = k
    const taken = order[pivot]
    if (!(left[taken] > RANK_TOLERANCE)) break
    order[pivot] = order[rank]
    order[rank] = taken
    const from = taken * n
    const length = lengthOf(A, from + rank, from + n)
    if (!(length > RANK_TOLERANCE)) {
      // Only the running length was that long. Measured, it is one among the others.
      order[rank] = order[pivot]
      order[pivot] = taken
      left[taken] = length
      reference[taken] = length
      continue
    }
    // The reflector v = a − (∓‖a‖)e stands where the column was; its square is 2·‖a‖·(‖a‖ + |a₀|).
    const first = A[from + rank]
    const diagonal = first > 0 ? -length : length
    A[from + rank] = first - diagonal
    const square = length * (length + Math.abs(first))
    for (let k = rank + 1; k <= p; k++) {
      const own = k === p ? target : order[k] * n
      let product = 0
      for (let i = rank; i < n; i++) product += A[from + i] * A[own + i]
      product /= square
      for (let i = rank; i < n; i++) A[own + i] -= product * A[from + i]
      if (k === p) continue
      const j = order[k]
      if (left[j] === 0) continue
      const share = Math.max(0, 1 - (A[own + rank] / left[j]) ** 2)
      if (share * (left[j] / reference[j]) ** 2 <= STALE) {
        left[j] = lengthOf(A, own + rank + 1, own + n)
        reference[j] = left[j]
      } else left[j] *= Math.sqrt(share)
    }
    A[from + rank] = diagonal
    A.fill(0, from + rank + 1, from + n)
    rank++
  }
  const R = new Float64Array(p * p)
  for (let j = 0; j < p; j++) for (let i = 0; i < rank; i++) R[i + j * p] = A[j * n + i]
  const reached = new Float64Array(p)
  for (let i = 0; i < rank; i++) reached[i] = A[target + i]
  return { columns: p, R, order, rank, lengths, reached, rest: lengthOf(A, target + rank, target + n) ** 2 }
}
