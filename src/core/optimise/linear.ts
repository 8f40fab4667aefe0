import { solveCholesky } from './cholesky.js'

/** A pivot of the unit-diagonal normal matrix below this is a direction that the data cannot see. */
const BLIND = 1e-11

/** Weighted linear least squares by normal equations scaled to a unit diagonal. */
export function solveLinear(
  X: Float64Array,
  y: Float64Array,
  p: number,
  weights?: Float64Array,
): { theta: Float64Array; rankDeficient: boolean; squares: number } {
  const n = y.length
  const A = new Float64Array(p * p)
  const b = new Float64Array(p)
  for (let i = 0; i < n; i++) {
    const w = weights === undefined ? 1 : weights[i]
    for (let a = 0; a < p; a++) {
      const wx = w * X[i * p + a]
      b[a] += wx * y[i]
      for (let c = 0; c <= a; c++) A[a * p + c] += wx * X[i * p + c]
    }
  }
  const scale = Float64Array.from({ length: p }, (_, a) => Math.sqrt(A[a * p + a]) || 1)
  for (let a = 0; a < p; a++) {
    b[a] /= scale[a]
    for (let c = 0; c <= a; c++) A[a * p + c] /= scale[a] * scale[c]
  }
  const solved = solveCholesky(A, b)
  let rankDeficient = !solved
  for (let a = 0; a < p && solved; a++) if (A[a * p + a] ** 2 < BLIND) rankDeficient = true
  const theta = Float64Array.from(b, (v, a) => v / scale[a])
  let squares = 0
  for (let i = 0; i < n; i++) {
    let r = -y[i]
    for (let a = 0; a < p; a++) r += X[i * p + a] * theta[a]
    squares += (weights === undefined ? 1 : weights[i]) * r * r
  }
  return { theta, rankDeficient, squares }
}

/**
 * Inverse of a symmetric positive definite matrix, scaled to a unit diagonal first.
 *
 * @returns `inverse` null when some direction is blind; `blind` is then the index of the first such column
 */
export function invertPositive(A: Float64Array, p: number): { inverse: Float64Array | null; blind: number } {
  const scale = Float64Array.from({ length: p }, (_, a) => Math.sqrt(A[a * p + a]))
  for (let a = 0; a < p; a++) if (!(scale[a] > 0)) return { inverse: null, blind: a }
  const inverse = new Float64Array(p * p)
  for (let column = 0; column < p; column++) {
    const M = new Float64Array(p * p)
    for (let a = 0; a < p; a++)
      for (let b = 0; b <= a; b++) M[a * p + b] = A[a * p + b] / (scale[a] * scale[b])
    const unit = new Float64Array(p)
    unit[column] = 1
    if (!solveCholesky(M, unit)) return { inverse: null, blind: p - 1 }
    if (column === 0)
      for (let a = 0; a < p; a++) if (M[a * p + a] ** 2 < BLIND) return { inverse: null, blind: a }
    for (let a = 0; a < p; a++) inverse[a * p + column] = unit[a] / (scale[a] * scale[column])
  }
  return { inverse, blind: -1 }
}
