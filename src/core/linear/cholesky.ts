/**
 * Solve A x = b for a symmetric positive definite A by Cholesky's factorisation, in place. Of the house only
 * Levenberg–Marquardt's damped step takes this way, see there; a design is solved by {@link leastSquares}.
 *
 * @param A  row-major, shape (p, p); only the lower triangle is read, and it is overwritten by the factor
 * @param b  shape (p); overwritten by the solution
 * @returns  false when A is not positive definite to working precision (b is then meaningless)
 */
export function solveCholesky(A: Float64Array, b: Float64Array): boolean {
  const p = b.length
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
  for (let i = 0; i < p; i++) {
    let sum = b[i]
    for (let k = 0; k < i; k++) sum -= A[i * p + k] * b[k]
    b[i] = sum / A[i * p + i]
  }
  for (let i = p - 1; i >= 0; i--) {
    let sum = b[i]
    for (let k = i + 1; k < p; k++) sum -= A[k * p + i] * b[k]
    b[i] = sum / A[i * p + i]
  }
  return true
}
