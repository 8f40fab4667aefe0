import { inverseGram, leastSquares } from '../../linear/index.js'
import { levenbergMarquardt } from '../../optimise/index.js'
import { mean } from '../../stats/moments.js'
import { robustDeviation } from '../../stats/quantile.js'
import type { Course } from './course.js'
import { memoryOf } from './memory.js'
import { multiPower, P } from './multi-power.js'

/** Losses of a run with Σ η at their steps. Arrays of shape (n). */
export interface CourseLosses {
  readonly course: Course
  readonly sums: Float64Array
  readonly loss: Float64Array
}

/** Parameters of the law as published for one size of model, rates in their own unit. */
interface Published {
  readonly A: number
  readonly alpha: number
  readonly B: number
  readonly C: number
  readonly beta: number
  readonly gamma: number
}

/** arXiv:2503.12811, its authors' fits to models of 25M, 100M and 400M parameters; peak rate 3e-4. */
export const PUBLISHED: Readonly<Record<'25M' | '100M' | '400M', Published>> = {
  '25M': { A: 0.53, alpha: 0.51, B: 364, C: 2.07, beta: 0.58, gamma: 0.64 },
  '100M': { A: 0.6, alpha: 0.45, B: 438, C: 2.13, beta: 0.6, gamma: 0.66 },
  '400M': { A: 0.65, alpha: 0.43, B: 523, C: 2.03, beta: 0.59, gamma: 0.64 },
}
const PUBLISHED_PEAK = 3e-4
/** Steps at the peak rate at which the published B is held against the slope of the loss. */
const ANCHOR = 20_000

/** What is known of the law before a run is seen: means, in the scale of rates as shares of the peak. */
export interface LawPrior {
  /** ln of B over the fall of the loss per e-fold of Σ η at the anchor, α·A·S^(−α): 1.0, 1.1 and 1.2 as published. */
  readonly logRatio: number
  readonly alpha: number
  readonly logC: number
  readonly beta: number
  readonly gamma: number
  readonly warm: number
}

/** Deviations of the prior: the published sizes lie closer, other models and data need not. */
const DEVIATION: LawPrior = { logRatio: 0.3, alpha: 0.1, logC: 0.5, beta: 0.1, gamma: 0.15, warm: 0.2 }

export function priorOf(published: readonly Published[]): LawPrior {
  const over = (f: (p: Published) => number): number => mean(published.map(f))
  return {
    logRatio: over(
      (p) => Math.log((p.B * PUBLISHED_PEAK) / (p.alpha * p.A)) + p.alpha * Math.log(PUBLISHED_PEAK * ANCHOR),
    ),
    alpha: over((p) => p.alpha),
    logC: over((p) => Math.log(p.C) + (1 - p.gamma) * Math.log(PUBLISHED_PEAK)),
    beta: over((p) => p.beta),
    gamma: over((p) => p.gamma),
    // All of it a linear warm-up.
    warm: 0.5,
  }
}

export const PRIOR = priorOf(Object.values(PUBLISHED))

/** A place on a course: Σ η there. */
interface CourseEnd {
  readonly course: Course
  readonly sum: number
}

/** A fitted law. */
export class MultiPowerFit {
  /**
   * @param theta      parameters
   * @param covariance of the parameters, shape (8, 8)
   */
  constructor(
    readonly theta: Float64Array,
    private readonly covariance: Float64Array,
  ) {}

  private varianceOf(slopes: Float64Array, from = 0): number {
    const { covariance } = this
    let total = 0
    for (let a = 0; a < P; a++)
      for (let b = 0; b < P; b++) total += slopes[from + a] * covariance[a * P + b] * slopes[from + b]
    return total
  }

  /** Standard error of the law's loss at the end of one course less that at the end of another, by the parameters' errors. */
  deviationOf(a: CourseEnd, b: CourseEnd): number {
    const [first, second] = [a, b].map(({ course, sum }) => {
      const slopes = new Float64Array(P)
      multiPower(this.theta, course, Float64Array.of(sum), new Float64Array(1), slopes)
      return slopes
    })
    return Math.sqrt(this.varianceOf(first.map((slope, i) => slope - second[i])))
  }

  /** Losses at sums of a course, and the variances that the parameters' errors give them. */
  lossesAt(course: Course, sums: Float64Array): { loss: Float64Array; variance: Float64Array } {
    const loss = new Float64Array(sums.length)
    const slopes = new Float64Array(sums.length * P)
    multiPower(this.theta, course, sums, loss, slopes)
    const variance = loss.map((_, i) => this.varianceOf(slopes, i * P))
    return { loss, variance }
  }
}

const HUBER = 1.345
const LOWER = Float64Array.of(-50, -20, 0.05, -20, -20, 0.05, 0, 0)
const UPPER = Float64Array.of(50, 20, 1.5, 10, 10, 3, 2, 0.95)
const PRIORS = 6
/** Fits with errors taken anew from the residuals of the one before; each is near its optimum by then. */
const ROUNDS = 3
const MOST_ITERATIONS = 25
/** Error that a fit starts from, and the least that is believed, nats. */
const FIRST_ERROR = 0.01
const LEAST_ERROR = 0.001

/** Prior rows: residuals and slopes behind those of the losses. */
function priorRows(
  theta: Float64Array,
  prior: LawPrior,
  anchor: number,
  r: Float64Array,
  J: Float64Array | null,
  at: number,
): void {
  const [, logA, alpha, logB, logC, beta, gamma, warm] = theta
  const logS = Math.log(anchor)
  const D = DEVIATION
  r[at] = (logB - prior.logRatio - Math.log(alpha) - logA + alpha * logS) / D.logRatio
  r[at + 1] = (alpha - prior.alpha) / D.alpha
  r[at + 2] = (logC - prior.logC) / D.logC
  r[at + 3] = (beta - prior.beta) / D.beta
  r[at + 4] = (gamma - prior.gamma) / D.gamma
  r[at + 5] = (warm - prior.warm) / D.warm
  if (J === null) return
  J.fill(0, at * P, (at + PRIORS) * P)
  J[at * P + 1] = -1 / D.logRatio
  J[at * P + 2] = (logS - 1 / alpha) / D.logRatio
  J[at * P + 3] = 1 / D.logRatio
  J[(at + 1) * P + 2] = 1 / D.alpha
  J[(at + 2) * P + 4] = 1 / D.logC
  J[(at + 3) * P + 5] = 1 / D.beta
  J[(at + 4) * P + 6] = 1 / D.gamma
  J[(at + 5) * P + 7] = 1 / D.warm
}

/** A start: the prior's α and annealing, L0 and A by least squares. */
function startOf(runs: readonly CourseLosses[], prior: LawPrior, anchor: number): Float64Array {
  const theta = Float64Array.of(0, 0, prior.alpha, 0, prior.logC, prior.beta, prior.gamma, prior.warm)
  const ratio = Math.exp(prior.logRatio) * prior.alpha * anchor ** -prior.alpha
  const column: number[] = []
  const y: number[] = []
  for (const { course, sums, loss } of runs) {
    const out = new Float64Array(sums.length)
    theta[1] = Math.log(1e-12)
    multiPower(theta, course, sums, out, null)
    sums.forEach((s, i) => {
      column.push((s - prior.warm * course.unlogged) ** -prior.alpha + ratio * out[i])
      y.push(loss[i])
    })
  }
  const { coefficients } = leastSquares([column.map(() => 1), column], y)
  theta[0] = coefficients[0]
  theta[1] = Math.log(Math.max(1e-6, coefficients[1]))
  theta[3] = theta[1] + Math.log(ratio)
  return theta
}

/**
 * Fit the multi-power law to the losses of one run or, with the same parameters, of several: the mode of a posterior,
 * Huber on the losses' errors, normal priors. Errors count as far as a run's residuals are independent; they are one for all
 * runs: what the law misses is the law's, and of a schedule that it fits badly the losses are as good as another's.
 *
 * @param start parameters of a fit to more or less of the same
 * @returns undefined for fewer than eight losses, or where the search fails
 */
export function fitMultiPower(
  runs: readonly CourseLosses[],
  prior: LawPrior = PRIOR,
  start?: Float64Array,
): MultiPowerFit | undefined {
  const n = runs.reduce((sum, run) => sum + run.loss.length, 0)
  if (n < 8) return undefined
  const anchor = Math.min(ANCHOR, Math.max(...runs.map(({ course }) => course.total)))
  let error = FIRST_ERROR
  let theta = start ?? startOf(runs, prior, anchor)
  const evaluate = (at: Float64Array, r: Float64Array, J: Float64Array | null): void => {
    let from = 0
    for (const { course, sums, loss } of runs) {
      const m = sums.length
      const out = r.subarray(from, from + m)
      const slopes = J === null ? null : J.subarray(from * P, (from + m) * P)
      multiPower(at, course, sums, out, slopes)
      for (let i = 0; i < m; i++) out[i] = (out[i] - loss[i]) / error
      if (slopes !== null) for (let i = 0; i < slopes.length; i++) slopes[i] /= error
      from += m
    }
    priorRows(at, prior, anchor, r, J, from)
  }
  const r = new Float64Array(n + PRIORS)
  for (let round = 0; round < ROUNDS; round++) {
    const problem = { residuals: n + PRIORS, evaluate, lower: LOWER, upper: UPPER, delta: HUBER }
    const found = levenbergMarquardt(problem, theta, MOST_ITERATIONS)
    if (!Number.isFinite(found.cost)) return undefined
    theta = found.theta
    evaluate(theta, r, null)
    let from = 0
    let squares = 0
    for (const { loss } of runs) {
      const residuals = r.slice(from, from + loss.length).map((v) => v * error)
      from += loss.length
      const kept = memoryOf(residuals)
      squares += (robustDeviation(residuals, 0) ** 2 * (1 + kept)) / (1 - kept)
    }
    error = Math.max(LEAST_ERROR, Math.sqrt(squares / runs.length))
  }
  const J = new Float64Array((n + PRIORS) * P)
  evaluate(theta, r, J)
  const columns = Array.from({ length: P }, (_, p) =>
    Float64Array.from({ length: n + PRIORS }, (_, i) => J[i * P + p]),
  )
  const { inverse } = inverseGram(columns)
  return inverse === null ? undefined : new MultiPowerFit(theta, inverse)
}
