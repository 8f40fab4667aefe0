import { solveCholesky } from '../linear/index.js'
import { huberLoss, huberWeight } from './huber.js'

/** A weighted, robust, box-bounded least-squares problem in p parameters and n residuals. */
export interface Problem {
  readonly residuals: number
  /** Write r(theta) and, where `jacobian` is given, dr/dtheta (row-major, shape (n, p)). */
  evaluate(theta: Float64Array, r: Float64Array, jacobian: Float64Array | null): void
  /** Weight of each squared residual, shape (n); equal weights when left out. */
  readonly weights?: Float64Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  /**
   * Parameters that are logarithms of a term that may vanish: their steps are taken in the term itself, which the residuals
   * are near linear in, so that a term on its way to nothing gets there at once. Shape (p).
   */
  readonly vanishing?: readonly boolean[]
  /** Where Huber's loss turns linear, in units of the residuals; Infinity for least squares. */
  readonly delta: number
}

/**
 * Why the search ended; only `gradient` and `step` are convergence. `stuck`: the cost, gradient or Hessian is not
 * finite, or no damping lowered the cost while steps were still long.
 */
export type StopReason = 'gradient' | 'step' | 'iterations' | 'stuck'

export interface Minimum {
  readonly theta: Float64Array
  /** Σ w ρ(r). */
  readonly cost: number
  readonly converged: boolean
  readonly reason: StopReason
  readonly iterations: number
}

const MAX_ITERATIONS = 200
const COST_TOLERANCE = 1e-10
const STEP_TOLERANCE = 1e-9
/** Least share of reweighting in the curvature: what keeps it from being singular. */
const LEAST_REWEIGHTED = 1e-4

/** Buffers of one problem size, reused over the thousands of fits of a bootstrap. */
class Workspace {
  r: Float64Array
  trial: Float64Array
  J: Float64Array
  trialJ: Float64Array
  readonly H: Float64Array
  readonly A: Float64Array
  readonly g: Float64Array
  readonly step: Float64Array
  readonly next: Float64Array
  constructor(n: number, p: number) {
    this.r = new Float64Array(n)
    this.trial = new Float64Array(n)
    this.J = new Float64Array(n * p)
    this.trialJ = new Float64Array(n * p)
    this.H = new Float64Array(p * p)
    this.A = new Float64Array(p * p)
    this.g = new Float64Array(p)
    this.step = new Float64Array(p)
    this.next = new Float64Array(p)
  }
  /** The trial becomes what is stepped from. */
  accept(): void {
    const { r, J } = this
    this.r = this.trial
    this.J = this.trialJ
    this.trial = r
    this.trialJ = J
  }
}

function costOf(r: Float64Array, weights: Float64Array | undefined, delta: number): number {
  let cost = 0
  for (let i = 0; i < r.length; i++) cost += (weights === undefined ? 1 : weights[i]) * huberLoss(r[i], delta)
  return Number.isFinite(cost) ? cost : Infinity
}

/**
 * g = Jᵀ W r with W = weights × Huber's weights, and H = Jᵀ V J with V = W but for residuals in the linear part of Huber's
 * loss, where V is `reweighted` × W: at 1 reweighting, whose steps always descend and creep where many residuals are in
 * that part; towards 0 Newton's, for which a linear loss has no curvature.
 *
 * Normal equations, and not the QR of src/core/linear: the step is the inner loop of thousands of refits, QR took 2.5 to
 * 7 times as long (60 and 20 points, 5 and 3 parameters), and what squaring the condition loses here is only the length
 * of a step that is damped and tried anyway. The optimum is held against QR's in the test.
 */
function normalEquations(problem: Problem, space: Workspace, p: number, reweighted: number): void {
  const { H, g, J, r } = space
  const { weights, delta } = problem
  const isSquare = delta === Infinity
  H.fill(0)
  g.fill(0)
  for (let i = 0; i < r.length; i++) {
    const prior = weights === undefined ? 1 : weights[i]
    const huber = isSquare ? 1 : huberWeight(r[i], delta)
    const w = prior * huber
    if (w === 0) continue
    const slope = w * r[i]
    const curvature = huber < 1 ? reweighted * w : w
    const row = i * p
    for (let a = 0; a < p; a++) {
      const j = J[row + a]
      if (j === 0) continue
      g[a] += slope * j
      const vj = curvature * j
      const at = a * p
      for (let b = 0; b <= a; b++) H[at + b] += vj * J[row + b]
    }
  }
}

/** Whether all numbers are finite: sums of others are not. */
function allFinite(values: Float64Array): boolean {
  let check = 0
  for (let i = 0; i < values.length; i++) check += 0 * values[i]
  return check === 0
}

/** A step of a logarithm as the one of its term to first order; a term that would end below nothing ends at nothing. */
function inTerm(step: number): number {
  return step > -1 ? Math.log1p(step) : -Infinity
}

/**
 * Levenberg–Marquardt with Marquardt's scaling, Huber weights (iteratively reweighted) and box bounds:
 * a parameter that sits on a bound and is pushed outward is frozen for the step, others are projected.
 *
 * Source: Moré, "The Levenberg–Marquardt algorithm" (1978), scaling; Holland & Welsch (1977), reweighting.
 *
 * @param start  shape (p); moved inside the bounds when it lies outside
 */
export function levenbergMarquardt(
  problem: Problem,
  start: ArrayLike<number>,
  maxIterations: number = MAX_ITERATIONS,
): Minimum {
  const p = start.length
  const { lower, upper, delta, weights, vanishing } = problem
  const space = new Workspace(problem.residuals, p)
  const { H, A, g, step, next } = space
  const theta = Float64Array.from(start, (v, i) => Math.min(upper[i], Math.max(lower[i], v)))
  const frozen = new Uint8Array(p)
  let damping = 1e-3
  let reweighted = 1
  problem.evaluate(theta, space.r, space.J)
  let cost = costOf(space.r, weights, delta)
  const ended = (reason: StopReason, iterations: number): Minimum => ({
    theta,
    cost,
    converged: (reason === 'gradient' || reason === 'step') && Number.isFinite(cost),
    reason,
    iterations,
  })
  if (cost === Infinity) return ended('stuck', 0)
  let quiet = 0
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    normalEquations(problem, space, p, reweighted)
    // A derivative that overflowed says nothing of a minimum: comparisons with NaN would pass for a zero gradient.
    if (!allFinite(g) || !allFinite(H)) return ended('stuck', iteration)
    let free = 0
    let steepest = 0
    for (let a = 0; a < p; a++) {
      frozen[a] = (theta[a] <= lower[a] && g[a] > 0) || (theta[a] >= upper[a] && g[a] < 0) ? 1 : 0
      if (frozen[a] === 1) continue
      free++
      const scale = Math.sqrt(H[a * p + a])
      if (scale > 0) steepest = Math.max(steepest, Math.abs(g[a]) / scale)
    }
    if (free === 0 || steepest <= 1e-12 * Math.max(1e-6, Math.sqrt(cost))) return ended('gradient', iteration)
    let improved = false
    for (let attempt = 0; attempt < 24 && !improved; attempt++) {
      for (let a = 0; a < p; a++) {
        for (let b = 0; b <= a; b++) A[a * p + b] = frozen[a] === 1 || frozen[b] === 1 ? 0 : H[a * p + b]
        const d = H[a * p + a]
        A[a * p + a] = frozen[a] === 1 ? 1 : d + damping * Math.max(d, 1e-12)
        step[a] = frozen[a] === 1 ? 0 : -g[a]
      }
      if (!solveCholesky(A, step)) {
        damping *= 10
        continue
      }
      let moved = 0
      for (let a = 0; a < p; a++) {
        next[a] = Math.min(
          upper[a],
          Math.max(lower[a], theta[a] + (vanishing?.[a] === true ? inTerm(step[a]) : step[a])),
        )
        moved = Math.max(moved, Math.abs(next[a] - theta[a]) / (1e-3 + Math.abs(theta[a])))
      }
      if (moved <= STEP_TOLERANCE) return ended('step', iteration)
      // With derivatives: most trials are taken, and what is taken needs them.
      problem.evaluate(next, space.trial, space.trialJ)
      const tried = costOf(space.trial, weights, delta)
      if (tried < cost) {
        quiet = cost - tried <= COST_TOLERANCE * cost ? quiet + 1 : 0
        theta.set(next)
        space.accept()
        cost = tried
        damping = Math.max(1e-12, damping * 0.2)
        if (attempt === 0 && delta < Infinity) reweighted = Math.max(LEAST_REWEIGHTED, reweighted * 0.2)
        improved = true
      } else if (reweighted < 1) {
        reweighted = Math.min(1, reweighted * 10)
        normalEquations(problem, space, p, reweighted)
      } else damping *= 5
    }
    if (!improved) return ended('stuck', iteration)
    // Three steps in a row that change the cost by less than a part in 10^10: nothing is left to gain.
    if (quiet >= 3) return ended('step', iteration)
  }
  return ended('iterations', maxIterations)
}
