import { factorise, solveLower } from '../../linear/index.js'
import { type Common, design, ofFamily, rowCovariance } from './mixed-model.js'
import { type Block, type Place, SLOPES, type Space } from './scores.js'
import { between, type Variances } from './variances.js'

/** What a run's skills are expected to be, in logits; shapes (J) and, row-major, (J, J). */
export interface Skills {
  readonly mean: Float64Array
  readonly covariance: Float64Array
}

/**
 * Skills of a run at a place, given the common coefficients and the rows that are known of its family: best linear
 * unbiased prediction, with what is not known of the coefficients in the covariance.
 *
 * @param own index of the run among the rows' runs where scores of itself are known, −1 where none are
 *
 * Source: Robinson, Statistical Science 6 (1991), eq. 1.2; Rasmussen & Williams, eq. 2.41 and 2.42.
 */
export function skillsAt(
  v: Variances,
  space: Space,
  common: Common,
  known: Block,
  place: Place,
  own: number,
): Skills | null {
  const J = space.floors.length
  const q = (1 + SLOPES) * J
  const n = known.run.length
  const all = Int32Array.from({ length: J }, (_, j) => j)
  const X = design(
    all,
    Array.from(all, () => place),
    J,
  )
  const covariance = new Float64Array(J * J)
  for (let j = 0; j < J; j++)
    for (let k = 0; k < J; k++)
      covariance[j * J + k] = ofFamily(v, place, place, j === k) + between(v.run, v.runShared, j === k)
  // K: covariance of the known rows with the skills, then L⁻¹K, shape (n, J).
  const K = new Float64Array(n * J)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < J; j++) {
      const isSame = known.benchmark[i] === j
      K[i * J + j] =
        ofFamily(v, known.places[i], place, isSame) +
        (known.run[i] === own ? between(v.run, v.runShared, isSame) : 0)
    }
  const L = rowCovariance(v, known)
  if (!factorise(L, n)) return null
  const rows = design(known.benchmark, known.places, J)
  const z = known.skill.map((skill, i) => {
    let fitted = 0
    for (let a = 0; a < q; a++) fitted += rows[i * q + a] * common.mean[a]
    return skill - fitted
  })
  solveLower(L, K, n, J)
  solveLower(L, rows, n, q)
  solveLower(L, z, n)
  const mean = new Float64Array(J)
  for (let j = 0; j < J; j++) {
    for (let a = 0; a < q; a++) mean[j] += X[j * q + a] * common.mean[a]
    for (let i = 0; i < n; i++) mean[j] += K[i * J + j] * z[i]
    mean[j] += space.centres[j]
    for (let k = 0; k < J; k++)
      for (let i = 0; i < n; i++) covariance[j * J + k] -= K[i * J + j] * K[i * J + k]
    // What the known rows tell of the coefficients is in `common`; R is what they leave to them.
    for (let i = 0; i < n; i++) for (let a = 0; a < q; a++) X[j * q + a] -= K[i * J + j] * rows[i * q + a]
  }
  for (let j = 0; j < J; j++) {
    const row = new Float64Array(q)
    for (let a = 0; a < q; a++) {
      const value = X[j * q + a]
      if (value !== 0) for (let b = 0; b < q; b++) row[b] += value * common.covariance[a * q + b]
    }
    for (let k = 0; k < J; k++) for (let b = 0; b < q; b++) covariance[j * J + k] += row[b] * X[k * q + b]
  }
  return { mean, covariance }
}
