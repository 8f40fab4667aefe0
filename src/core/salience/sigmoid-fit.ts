import { levenbergMarquardt, type Minimum } from '../optimise/levenberg-marquardt.js'

/** y = floor + height · σ(intercept + Σ slope · x), σ the logistic function. */
export interface SigmoidFit {
  readonly floor: number
  readonly height: number
  readonly intercept: number
  /** One a column. */
  readonly slopes: Float64Array
}

/** A term of the sigmoid's argument. */
export interface SigmoidTerm {
  /** Standardised over the fitted models. Shape (n). */
  readonly values: Float64Array
  /** L2 penalty on its slope, in squared standard deviations of y a model; 0 for the main term. */
  readonly penalty: number
}

/** Slopes and intercepts past this saturate the sigmoid for every model of the fit. */
const STEEPEST = 8
/** Holds intercept and main slope where the data leave them open (all models on one flank), too weak to be felt elsewhere. */
const FAINT_PENALTY = 1e-4
/** How far the floor may lie below the least score, and the height go beyond twice their range, in standard deviations. */
const BEYOND = 1

/** The logistic function. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** The fitted value at one row of terms. */
export function sigmoidAt(
  { floor, height, intercept, slopes }: SigmoidFit,
  terms: ArrayLike<number>,
): number {
  let argument = intercept
  for (let j = 0; j < slopes.length; j++) argument += slopes[j] * terms[j]
  return floor + height * logistic(argument)
}

/**
 * Least squares of a sigmoid with floor and ceiling free and L2 penalties on chosen terms, from two starts.
 *
 * @param y     shape (n), n ≥ 2; a constant gives a flat sigmoid
 * @param terms the first is the main one, whose sign of correlation sets the direction of the starts
 * @param near  a fit of the same scores and terms under other penalties, to start from instead
 *
 * Source: form of arXiv 2506.13216 (known from a secondary note, docs/methods/salience.md), solved by
 * Levenberg–Marquardt as there. Differs: floor and ceiling are free, and the scores are standardised for the penalties.
 */
export function fitSigmoid(
  y: ArrayLike<number>,
  terms: readonly SigmoidTerm[],
  near?: SigmoidFit,
): SigmoidFit {
  const n = y.length
  let centre = 0
  for (let i = 0; i < n; i++) centre += y[i] / n
  let squares = 0
  for (let i = 0; i < n; i++) squares += (y[i] - centre) ** 2 / n
  const spread = Math.sqrt(squares)
  if (!(spread > 0)) return { floor: centre, height: 0, intercept: 0, slopes: new Float64Array(terms.length) }
  const target = Float64Array.from(y, (v) => (v - centre) / spread)
  const low = Math.min(...target)
  const high = Math.max(...target)
  const k = terms.length
  const parameters = 3 + k
  const roots = Float64Array.from(
    [FAINT_PENALTY, ...terms.map((t) => Math.max(t.penalty, FAINT_PENALTY))],
    (v) => Math.sqrt(v * n),
  )
  const problem = {
    residuals: n + 1 + k,
    lower: Float64Array.from([low - BEYOND, 0.2, ...new Array(1 + k).fill(-STEEPEST)]),
    upper: Float64Array.from([high, 2 * (high - low) + BEYOND, ...new Array(1 + k).fill(STEEPEST)]),
    delta: Number.POSITIVE_INFINITY,
    evaluate(theta: Float64Array, r: Float64Array, jacobian: Float64Array | null): void {
      const floor = theta[0]
      const height = theta[1]
      for (let i = 0; i < n; i++) {
        let argument = theta[2]
        for (let j = 0; j < k; j++) argument += theta[3 + j] * terms[j].values[i]
        const s = logistic(argument)
        r[i] = floor + height * s - target[i]
        if (jacobian === null) continue
        const row = i * parameters
        const slope = height * s * (1 - s)
        jacobian[row] = 1
        jacobian[row + 1] = s
        jacobian[row + 2] = slope
        for (let j = 0; j < k; j++) jacobian[row + 3 + j] = slope * terms[j].values[i]
      }
      jacobian?.fill(0, n * parameters)
      for (let j = 0; j <= k; j++) {
        r[n + j] = roots[j] * theta[2 + j]
        if (jacobian !== null) jacobian[(n + j) * parameters + 2 + j] = roots[j]
      }
    },
  }
  const direction = k > 0 && terms[0].values.reduce((sum, v, i) => sum + v * target[i], 0) < 0 ? -1 : 1
  const steep = (steepness: number): Float64Array => {
    const start = new Float64Array(parameters)
    start[0] = low - 0.1
    start[1] = high - low + 0.2
    if (k > 0) start[3] = direction * steepness
    return start
  }
  const starts =
    near === undefined
      ? [steep(1), steep(3)]
      : [
          Float64Array.of(
            (near.floor - centre) / spread,
            near.height / spread,
            near.intercept,
            ...near.slopes,
          ),
        ]
  const minima = starts.map((start): Minimum => levenbergMarquardt(problem, start))
  const { theta } = minima.reduce((best, m) => (m.cost < best.cost ? m : best))
  return {
    floor: centre + spread * theta[0],
    height: spread * theta[1],
    intercept: theta[2],
    slopes: theta.slice(3),
  }
}
