import { SLOPES } from './scores.js'

/**
 * How much each part of the mixed model may vary: standard deviations in logits, and how much of a part's variance all
 * benchmarks share (0 = each benchmark by itself, 1 = one skill).
 */
export interface Variances {
  /** Of the slopes in ln N, ln D and their product. */
  readonly slope: number
  readonly slopeShared: number
  /** Of a family's level, what it gains or lacks at equal size. */
  readonly family: number
  readonly familyShared: number
  /** Of a family's own slope in ln N about the slope of all. */
  readonly familySlope: number
  /** Of one run about its family's line. */
  readonly run: number
  readonly runShared: number
  /** Of a measured score about the run's skill beyond what its items explain, as a share of the way from chance to 1. */
  readonly noise: number
}

/** Of the mean skill of a benchmark about the mean of its measurements: as good as unknown. */
export const LEVEL_SD = 3

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v))

/** Logarithms of the deviations and logits of the shares that the search begins with and is drawn to. */
export const START: readonly number[] = [-0.8, 0, -0.5, 0, -1.7, -1.4, -1, -4.5]
/** Strength of that draw: a deviation is within a factor of e⁴ of its start at two deviations of this prior. */
const PRIOR_SD = 2

export function variancesOf(theta: ArrayLike<number>): Variances {
  return {
    slope: Math.exp(theta[0]),
    slopeShared: sigmoid(theta[1]),
    family: Math.exp(theta[2]),
    familyShared: sigmoid(theta[3]),
    familySlope: Math.exp(theta[4]),
    run: Math.exp(theta[5]),
    runShared: sigmoid(theta[6]),
    noise: Math.exp(theta[7]),
  }
}

/** ½·Σ((θ − start)/sd)², what the prior adds to the negative log-likelihood. */
export function priorPenalty(theta: ArrayLike<number>): number {
  return START.reduce((sum, start, i) => sum + 0.5 * ((theta[i] - start) / PRIOR_SD) ** 2, 0)
}

/** Covariance of a part between two benchmarks. */
export function between(sd: number, shared: number, isSame: boolean): number {
  return sd * sd * (shared + (isSame ? 1 - shared : 0))
}

/**
 * Prior precision of the coefficients common to all families, (1 + SLOPES)·J of them: J levels, then J slopes a place's
 * coordinate. Row-major, shape (q, q), with ln of the determinant of the covariance.
 */
export function commonPrior(v: Variances, J: number): { precision: Float64Array; logDet: number } {
  const q = (1 + SLOPES) * J
  const precision = new Float64Array(q * q)
  for (let j = 0; j < J; j++) precision[j * q + j] = 1 / LEVEL_SD ** 2
  // (s²((1 − ρ)I + ρ11ᵀ))⁻¹ by Sherman–Morrison.
  const own = v.slope ** 2 * (1 - v.slopeShared)
  const all = v.slopeShared / (1 - v.slopeShared + v.slopeShared * J)
  for (let c = 1; c <= SLOPES; c++)
    for (let j = 0; j < J; j++)
      for (let k = 0; k < J; k++) precision[(c * J + j) * q + c * J + k] = ((j === k ? 1 : 0) - all) / own
  const slopes = (J - 1) * Math.log(own) + Math.log(own + J * v.slope ** 2 * v.slopeShared)
  return { precision, logDet: J * Math.log(LEVEL_SD ** 2) + SLOPES * slopes }
}
