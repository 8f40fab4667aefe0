import { solveCholesky } from '../../optimise/cholesky.js'

/** Smallest square of a pivot of a matrix of unit diagonal at which its columns can still be told apart. */
const LEAST_PIVOT = 1e-14

/** Solve m · x = v for a symmetric m of unit diagonal, a handful of unknowns; null when its columns cannot be told apart. */
export function solveUnit(m: readonly (readonly number[])[], v: readonly number[]): Float64Array | null {
  const n = v.length
  const factor = Float64Array.from(m.flat())
  const x = Float64Array.from(v)
  if (!solveCholesky(factor, x)) return null
  for (let i = 0; i < n; i++) if (factor[i * n + i] ** 2 < LEAST_PIVOT) return null
  return x
}

/** Weighted least squares: a coefficient for every basis (0 where it was dropped), and the weighted squares left. */
export interface Linear {
  readonly coefficients: number[]
  readonly error: number
}

/**
 * Weighted least squares of y on the given basis with coefficients ≥ 0: a negative one drops its term.
 * @param y       shape (n)
 * @param basis   one array of shape (n) a term
 * @param weights shape (n), ≥ 0
 * @returns       null when the terms left cannot be told apart
 */
export function nonNegativeFit(
  y: Float64Array,
  basis: readonly Float64Array[],
  weights: Float64Array,
): Linear | null {
  const n = y.length
  let active = basis.map((_, i) => i)
  for (;;) {
    const m = active.map((i) =>
      active.map((j) => {
        let s = 0
        for (let k = 0; k < n; k++) s += weights[k] * basis[i][k] * basis[j][k]
        return s
      }),
    )
    const v = active.map((i) => {
      let s = 0
      for (let k = 0; k < n; k++) s += weights[k] * basis[i][k] * y[k]
      return s
    })
    const scale = active.map((_, i) => Math.sqrt(m[i][i]) || 1)
    const solved = solveUnit(
      m.map((row, i) => row.map((x, j) => x / (scale[i] * scale[j]))),
      v.map((x, i) => x / scale[i]),
    )
    if (solved === null) return null
    const x = Array.from(solved, (value, i) => value / scale[i])
    const negative = x.findIndex((value) => value < 0)
    if (negative >= 0 && active.length > 1) {
      active = active.filter((_, i) => i !== negative)
      continue
    }
    const coefficients = basis.map((_, i) => (active.includes(i) ? x[active.indexOf(i)] : 0))
    let error = 0
    for (let k = 0; k < n; k++) {
      let r = y[k]
      for (let i = 0; i < basis.length; i++) r -= coefficients[i] * basis[i][k]
      error += weights[k] * r * r
    }
    return { coefficients, error }
  }
}
