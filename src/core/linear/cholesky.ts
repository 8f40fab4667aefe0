/**
 * Cholesky's factor L of a symmetric positive definite A = L·Lᵀ, in place. Of the house only what is symmetric by its
 * nature takes this way (a damped step, a covariance); a design is solved by {@link leastSquares}.
 *
 * @param A  row-major, shape (p, p); only the lower triangle is read, and it is overwritten by L
 * @returns  false when A is not positive definite to working precision (A is then meaningless)
 */
export function factorise(A: Float64Array, p: number): boolean {
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A[i * p + j]
      for (let k = 0; k < j; k++) sum -= A[i * p + k] * A[j * p + k]
      if (i === j) {
        if (!(sum > 1e-300)) return false
        A[i * p + i] = Math.sqrt(sum)
      } else A[i * p + j] = sum / A[j * p + j]
    }
  }
  return true
}

/**
 * L⁻¹·B in place, for `columns` right-hand sides at once.
 *
 * @param L  lower factor, row-major, shape (p, p)
 * @param B  row-major, shape (p, columns)
 */
export function solveLower(L: Float64Array, B: Float64Array, p: number, columns = 1): void {
  for (let i = 0; i < p; i++) {
    const row = i * columns
    for (let k = 0; k < i; k++) {
      const factor = L[i * p + k]
      if (factor === 0) continue
      const other = k * columns
      for (let c = 0; c < columns; c++) B[row + c] -= factor * B[other + c]
    }
    const pivot = L[i * p + i]
    for (let c = 0; c < columns; c++) B[row + c] /= pivot
  }
}

/** L⁻ᵀ·B in place; shapes as in {@link solveLower}. */
export function solveUpper(L: Float64Array, B: Float64Array, p: number, columns = 1): void {
  for (let i = p - 1; i >= 0; i--) {
    const row = i * columns
    for (let k = i + 1; k < p; k++) {
      const factor = L[k * p + i]
      if (factor === 0) continue
      const other = k * columns
      for (let c = 0; c < columns; c++) B[row + c] -= factor * B[other + c]
    }
    const pivot = L[i * p + i]
    for (let c = 0; c < columns; c++) B[row + c] /= pivot
  }
}

/** ln |A| of the factorised A. */
export function logDeterminant(L: Float64Array, p: number): number {
  let sum = 0
  for (let i = 0; i < p; i++) sum += Math.log(L[i * p + i])
  return 2 * sum
}

/**
 * Solve A x = b by {@link factorise}, in place.
 *
 * @param A  row-major, shape (p, p); overwritten by the factor
 * @param b  shape (p); overwritten by the solution
 * @returns  false when A is not positive definite to working precision (b is then meaningless)
 */
export function solveCholesky(A: Float64Array, b: Float64Array): boolean {
  const p = b.length
  if (!factorise(A, p)) return false
  solveLower(A, b, p)
  solveUpper(A, b, p)
  return true
}
