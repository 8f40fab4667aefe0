import { factorise, logDeterminant, solveLower, solveUpper } from '../../linear/index.js'
import { type Block, type Place, SLOPES } from './scores.js'
import { between, commonPrior, type Variances } from './variances.js'

/** What the rows of one family say of the coefficients common to all: a family's level and slope are integrated out. */
export interface Said {
  /** XᵀV⁻¹X, row-major, shape (q, q). */
  readonly information: Float64Array
  /** XᵀV⁻¹z, shape (q). */
  readonly weighted: Float64Array
  /** zᵀV⁻¹z. */
  readonly squares: number
  /** ln |V|. */
  readonly logDet: number
}

/** The common coefficients given some families: J levels, then J slopes for each of the place's coordinates. */
export interface Common {
  readonly mean: Float64Array
  /** Row-major, shape (q, q). */
  readonly covariance: Float64Array
}

/** Covariance of a family's own level and slope between two rows of it. */
export function ofFamily(v: Variances, a: Place, b: Place, isSame: boolean): number {
  return between(1, v.familyShared, isSame) * (v.family ** 2 + v.familySlope ** 2 * a[0] * b[0])
}

/** V: covariance of a family's rows once the common coefficients are given. Row-major, shape (n, n). */
export function rowCovariance(
  v: Variances,
  { run, benchmark, places, slope, sampling }: Block,
): Float64Array {
  const n = run.length
  const V = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k <= i; k++) {
      const isSame = benchmark[i] === benchmark[k]
      let value = ofFamily(v, places[i], places[k], isSame)
      if (run[i] === run[k]) value += between(v.run, v.runShared, isSame)
      V[i * n + k] = value
      V[k * n + i] = value
    }
    V[i * n + i] += (v.noise ** 2 + sampling[i]) / slope[i] ** 2
  }
  return V
}

/** X: how the rows depend on the common coefficients. Row-major, shape (n, q). */
export function design(benchmarks: ArrayLike<number>, places: readonly Place[], J: number): Float64Array {
  const q = (1 + SLOPES) * J
  const X = new Float64Array(places.length * q)
  places.forEach((place, i) => {
    X[i * q + benchmarks[i]] = 1
    place.forEach((value, c) => {
      X[i * q + (1 + c) * J + benchmarks[i]] = value
    })
  })
  return X
}

/** What a family says; null where its covariance is singular to working precision. */
export function saidBy(v: Variances, block: Block, J: number): Said | null {
  const n = block.run.length
  const q = (1 + SLOPES) * J
  const L = rowCovariance(v, block)
  if (!factorise(L, n)) return null
  const X = design(block.benchmark, block.places, J)
  const z = Float64Array.from(block.skill)
  solveLower(L, X, n, q)
  solveLower(L, z, n)
  const information = new Float64Array(q * q)
  const weighted = new Float64Array(q)
  let squares = 0
  for (let i = 0; i < n; i++) {
    const row = i * q
    squares += z[i] * z[i]
    for (let a = 0; a < q; a++) {
      const value = X[row + a]
      if (value === 0) continue
      weighted[a] += value * z[i]
      for (let b = 0; b <= a; b++) information[a * q + b] += value * X[row + b]
    }
  }
  for (let a = 0; a < q; a++) for (let b = 0; b < a; b++) information[b * q + a] = information[a * q + b]
  return { information, weighted, squares, logDet: logDeterminant(L, n) }
}

/** What several families say together: they are independent given the common coefficients. */
export function together(said: readonly Said[], q: number): Said {
  const information = new Float64Array(q * q)
  const weighted = new Float64Array(q)
  let squares = 0
  let logDet = 0
  for (const part of said) {
    for (let i = 0; i < information.length; i++) information[i] += part.information[i]
    for (let i = 0; i < q; i++) weighted[i] += part.weighted[i]
    squares += part.squares
    logDet += part.logDet
  }
  return { information, weighted, squares, logDet }
}

/**
 * −ln of the marginal likelihood of all rows, up to a constant: the common coefficients and the families' own are
 * integrated out. Infinity where the variances make a matrix singular.
 *
 * Source: Rasmussen & Williams, Gaussian Processes for Machine Learning, eq. 2.43 (explicit basis functions).
 */
export function negativeLogLikelihood(v: Variances, blocks: readonly Block[], J: number): number {
  const q = (1 + SLOPES) * J
  const said: Said[] = []
  for (const block of blocks) {
    const part = saidBy(v, block, J)
    if (part === null) return Infinity
    said.push(part)
  }
  const all = together(said, q)
  const { precision, logDet } = commonPrior(v, J)
  const H = all.information.map((value, i) => value + precision[i])
  if (!factorise(H, q)) return Infinity
  const u = Float64Array.from(all.weighted)
  solveLower(H, u, q)
  const explained = u.reduce((sum, value) => sum + value * value, 0)
  return 0.5 * (all.squares - explained + all.logDet + logDeterminant(H, q) + logDet)
}

/** The common coefficients given what some families say. */
export function commonGiven(v: Variances, said: Said, J: number): Common | null {
  const q = (1 + SLOPES) * J
  const { precision } = commonPrior(v, J)
  const H = said.information.map((value, i) => value + precision[i])
  if (!factorise(H, q)) return null
  const covariance = new Float64Array(q * q)
  for (let i = 0; i < q; i++) covariance[i * q + i] = 1
  solveLower(H, covariance, q, q)
  solveUpper(H, covariance, q, q)
  const mean = Float64Array.from(said.weighted)
  solveLower(H, mean, q)
  solveUpper(H, mean, q)
  return { mean, covariance }
}
