/** Eigenvalues in descending order with their unit vectors. */
export interface Eigen {
  /** Shape (n), descending. */
  readonly values: Float64Array
  /** `vectors[j]` belongs to `values[j]`; n arrays of shape (n). */
  readonly vectors: readonly Float64Array[]
}

/** Shifts a value takes at most; two suffice as a rule. */
const SHIFTS = 60

/**
 * All eigenvalues and vectors of a symmetric matrix: Householder reduction to three diagonals, then QL with implicit
 * shifts.
 *
 * @param matrix row-major, shape (n, n), finite; only the lower triangle is read
 * @throws {RangeError} where a value is not finite, or an eigenvalue does not settle
 *
 * Source: Golub & Van Loan, Matrix Computations (4th edition), §8.3.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  if (!matrix.every(Number.isFinite)) throw new RangeError('a matrix of the eigenvalue problem is not finite')
  const A = Float64Array.from(matrix)
  const diagonal = new Float64Array(n)
  const beside = new Float64Array(n)
  const reflectors = tridiagonalise(A, n, diagonal, beside)
  // Row j becomes vector j: the rotations of QL then run along memory.
  const V = new Float64Array(n * n)
  for (let i = 0; i < n; i++) V[i * n + i] = 1
  for (const { from, v } of reflectors) reflectColumns(V, n, from, v)
  implicitQl(diagonal, beside, V, n)
  const order = Array.from({ length: n }, (_, j) => j).sort((a, b) => diagonal[b] - diagonal[a])
  return {
    values: Float64Array.from(order, (j) => diagonal[j]),
    vectors: order.map((j) => V.slice(j * n, (j + 1) * n)),
  }
}

/** I − v·vᵀ on the coordinates from `from` on, with |v|² = 2. */
interface Reflector {
  readonly from: number
  readonly v: Float64Array
}

/** A ← QᵀAQ with three diagonals; the reflectors, whose product from the last to the first is Qᵀ. */
function tridiagonalise(
  A: Float64Array,
  n: number,
  diagonal: Float64Array,
  beside: Float64Array,
): Reflector[] {
  const reflectors: Reflector[] = []
  for (let k = 0; k < n - 1; k++) {
    const from = k + 1
    const m = n - from
    const x = Float64Array.from({ length: m }, (_, i) => A[(from + i) * n + k])
    const length = Math.hypot(...x)
    diagonal[k] = A[k * n + k]
    if (length === 0 || m === 1) {
      beside[k] = x[0]
      continue
    }
    const head = x[0] > 0 ? -length : length
    beside[k] = head
    const v = x
    v[0] -= head
    const scale = Math.SQRT2 / Math.hypot(...v)
    for (let i = 0; i < m; i++) v[i] *= scale
    const p = new Float64Array(m)
    for (let i = 0; i < m; i++)
      for (let j = 0; j <= i; j++) {
        const a = A[(from + i) * n + from + j]
        p[i] += a * v[j]
        if (j < i) p[j] += a * v[i]
      }
    let half = 0
    for (let i = 0; i < m; i++) half += (p[i] * v[i]) / 2
    for (let i = 0; i < m; i++) p[i] -= half * v[i]
    for (let i = 0; i < m; i++)
      for (let j = 0; j <= i; j++) A[(from + i) * n + from + j] -= v[i] * p[j] + p[i] * v[j]
    reflectors.push({ from, v })
  }
  if (n > 0) diagonal[n - 1] = A[n * n - 1]
  return reflectors.reverse()
}

/** V ← V·H, H = I − v·vᵀ. */
function reflectColumns(V: Float64Array, n: number, from: number, v: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = i * n + from
    let dot = 0
    for (let j = 0; j < v.length; j++) dot += V[row + j] * v[j]
    if (dot === 0) continue
    for (let j = 0; j < v.length; j++) V[row + j] -= dot * v[j]
  }
}

/** Eigenvalues of the three diagonals into `d`; the rotations are applied to the rows of V. */
function implicitQl(d: Float64Array, e: Float64Array, V: Float64Array, n: number): void {
  // What lies below the rounding of the reduction is noise: held against its neighbours alone it need never settle.
  let largest = 0
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(d[i]) + Math.abs(e[i]))
  for (let l = 0; l < n; l++) {
    for (let shift = 0; ; shift++) {
      let m = l
      while (m < n - 1 && Math.abs(e[m]) > Number.EPSILON * largest) m++
      if (m === l) break
      if (shift === SHIFTS) throw new RangeError('an eigenvalue did not settle')
      let g = (d[l + 1] - d[l]) / (2 * e[l])
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? 1 : -1) * Math.hypot(g, 1))
      let sine = 1
      let cosine = 1
      let p = 0
      let i = m - 1
      for (; i >= l; i--) {
        const f = sine * e[i]
        const b = cosine * e[i]
        const r = Math.hypot(f, g)
        e[i + 1] = r
        if (r === 0) {
          // A value was met exactly: the block falls apart here.
          d[i + 1] -= p
          e[m] = 0
          break
        }
        sine = f / r
        cosine = g / r
        g = d[i + 1] - p
        const t = (d[i] - g) * sine + 2 * cosine * b
        p = sine * t
        d[i + 1] = g + p
        g = cosine * t - b
        rotateRows(V, n, i, sine, cosine)
      }
      if (i >= l) continue
      d[l] -= p
      e[l] = g
      e[m] = 0
    }
  }
}

function rotateRows(V: Float64Array, n: number, i: number, sine: number, cosine: number): void {
  const [upper, lower] = [i * n, (i + 1) * n]
  for (let k = 0; k < n; k++) {
    const f = V[lower + k]
    V[lower + k] = sine * V[upper + k] + cosine * f
    V[upper + k] = cosine * V[upper + k] - sine * f
  }
}
