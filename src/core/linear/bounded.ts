import { type LinearFit, leastSquares, solveTriangle } from './least-squares.js'
import { type Triangle, triangulate } from './triangle.js'

/** A least-squares solution inside its bounds. */
export interface BoundedFit extends LinearFit {
  /** Whether no coefficient can move inside its bounds and lower the squares; false only where the search was cut off. */
  readonly converged: boolean
}

/** A pull on a coefficient below this share of y's length is rounding. */
const LEAST_PULL = 1e-13
/** Sets of free coefficients that are tried, a column; the search ends by itself long before. */
const ROUNDS = 20

/** reached − R·x: the part of y that the columns could still reach. Shape (rank). */
function missed({ columns: p, R, rank, reached }: Triangle, x: Float64Array): Float64Array {
  const r = reached.slice(0, rank)
  for (let j = 0; j < p; j++) if (x[j] !== 0) for (let i = 0; i < rank; i++) r[i] -= R[i + j * p] * x[j]
  return r
}

/** Move to the best point of the free coefficients, which are frozen one by one as they meet their bounds. */
function descend(
  triangle: Triangle,
  x: Float64Array,
  free: Uint8Array,
  lower: Float64Array,
  upper: Float64Array,
): void {
  const { columns: p, R, rank } = triangle
  for (let met = 0; met <= p; met++) {
    const moving = Array.from(free.keys()).filter((j) => free[j] === 1)
    const step = leastSquares(
      moving.map((j) => R.subarray(j * p, j * p + rank)),
      missed(triangle, x),
    ).coefficients
    let share = 1
    let hit = -1
    moving.forEach((j, m) => {
      const bound = step[m] < 0 ? lower[j] : upper[j]
      if (Math.abs(step[m]) * share > Math.abs(bound - x[j])) {
        share = Math.abs(bound - x[j]) / Math.abs(step[m])
        hit = m
      }
    })
    moving.forEach((j, m) => {
      x[j] += share * step[m]
    })
    if (hit < 0) return
    const j = moving[hit]
    x[j] = step[hit] < 0 ? lower[j] : upper[j]
    free[j] = 0
  }
}

/** Best x within the bounds, in units of columns of length 1. */
function search(
  triangle: Triangle,
  lower: Float64Array,
  upper: Float64Array,
): { x: Float64Array; converged: boolean } {
  const { columns: p, R, rank, rest } = triangle
  const unbounded = solveTriangle(triangle)
  const x = unbounded.map((v, j) => Math.min(upper[j], Math.max(lower[j], v)))
  if (x.every((v, j) => v === unbounded[j])) return { x, converged: true }
  // Lawson and Hanson begin with every coefficient on its bound; the free solution, cut to the bounds, is closer.
  const free = Uint8Array.from(x, (v, j) => (v > lower[j] && v < upper[j] ? 1 : 0))
  descend(triangle, x, free, lower, upper)
  const length = Math.sqrt(triangle.reached.reduce((s, v) => s + v * v, rest))
  const held = new Uint8Array(p)
  for (let round = 0; round < ROUNDS * p; round++) {
    const r = missed(triangle, x)
    let strongest = LEAST_PULL * length
    let next = -1
    let towards = 0
    for (let j = 0; j < p; j++) {
      if (free[j] === 1 || held[j] === 1) continue
      let pull = 0
      for (let i = 0; i < rank; i++) pull += R[i + j * p] * r[i]
      if (Math.abs(pull) > strongest && (pull > 0 ? x[j] < upper[j] : x[j] > lower[j])) {
        strongest = Math.abs(pull)
        next = j
        towards = Math.sign(pull)
      }
    }
    if (next < 0) return { x, converged: true }
    const before = x[next]
    free[next] = 1
    descend(triangle, x, free, lower, upper)
    if ((x[next] - before) * towards > 0) held.fill(0)
    else {
      // Rounding alone pulled it: it stays where it was until something else has moved.
      x[next] = before
      free[next] = 0
      held[next] = 1
    }
  }
  return { x, converged: false }
}

/**
 * Weighted linear least squares with each coefficient between bounds, by the method of active sets: the global optimum,
 * since the problem is convex.
 *
 * @param columns columns of X, p arrays of shape (n)
 * @param y       shape (n), finite
 * @param bounds  lower ≤ upper, shapes (p), in the units of the coefficients; ±Infinity where there is none
 * @param weights shape (n), ≥ 0; equal weights when left out
 * @throws {RangeError} when shapes differ, a value of y is not finite, or a lower bound lies above its upper one
 *
 * Source: Stark & Parker, "Bounded-variable least squares", Computational Statistics 10 (1995), after Lawson & Hanson,
 * Solving Least Squares Problems (1974), algorithm NNLS (23.10). Differs: it starts from the free solution.
 */
export function boundedLeastSquares(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  bounds: { readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number> },
  weights?: ArrayLike<number>,
): BoundedFit {
  const p = columns.length
  for (let j = 0; j < p; j++)
    if (!(bounds.lower[j] <= bounds.upper[j]))
      throw new RangeError(`bounds of coefficient ${j} are ${bounds.lower[j]} and ${bounds.upper[j]}`)
  const triangle = triangulate(columns, y, weights)
  const { order, rank, lengths, rest } = triangle
  const lower = lengths.map((length, j) => length * bounds.lower[j])
  const upper = lengths.map((length, j) => length * bounds.upper[j])
  const { x, converged } = search(triangle, lower, upper)
  const squares = missed(triangle, x).reduce((s, v) => s + v * v, rest)
  return {
    // Multiplied and divided by a length, a bound could miss itself by its last digit.
    coefficients: x.map((v, j) => {
      if (v <= lower[j]) return bounds.lower[j]
      if (v >= upper[j]) return bounds.upper[j]
      return Math.min(bounds.upper[j], Math.max(bounds.lower[j], v / lengths[j]))
    }),
    rank,
    blind: Array.from(order.subarray(rank)),
    squares,
    converged,
  }
}

/**
 * Weighted linear least squares with coefficients ≥ 0.
 *
 * Source: Lawson & Hanson, Solving Least Squares Problems (1974), chapter 23.
 */
export function nonNegativeLeastSquares(
  columns: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): BoundedFit {
  const p = columns.length
  return boundedLeastSquares(
    columns,
    y,
    { lower: new Float64Array(p), upper: new Float64Array(p).fill(Number.POSITIVE_INFINITY) },
    weights,
  )
}
