/** A point where no step lowers a smooth function any more, as far as its differences tell. */
export interface LowPoint {
  readonly theta: Float64Array
  readonly value: number
  /** Whether the search ended by itself, and not by its limit of iterations. */
  readonly converged: boolean
}

const MAX_ITERATIONS = 60
/** Step of the central differences, in units of a parameter of order 1. */
const DIFFERENCE = 1e-4
/** Share of the expected fall that a step must bring (Armijo). */
const SUFFICIENT = 1e-4
/** A fall below this ends the search. */
const LEAST_FALL = 1e-4

function gradientOf(f: (theta: Float64Array) => number, theta: Float64Array): Float64Array {
  const at = Float64Array.from(theta)
  return theta.map((v, i) => {
    at[i] = v + DIFFERENCE
    const up = f(at)
    at[i] = v - DIFFERENCE
    const down = f(at)
    at[i] = v
    return (up - down) / (2 * DIFFERENCE)
  })
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0)

/** −B·g, with B the estimate of the inverse Hessian, row-major. */
function direction(B: Float64Array, g: Float64Array): Float64Array {
  const p = g.length
  return g.map((_, i) => -dot(B.subarray(i * p, (i + 1) * p), g))
}

/** The BFGS update of the inverse Hessian by a step and what it changed of the gradient. */
function update(B: Float64Array, step: Float64Array, change: Float64Array): void {
  const p = step.length
  const curvature = dot(step, change)
  if (!(curvature > 1e-12)) return
  const Bc = direction(B, change).map((v) => -v)
  const scale = (1 + dot(change, Bc) / curvature) / curvature
  for (let i = 0; i < p; i++)
    for (let j = 0; j < p; j++)
      B[i * p + j] += scale * step[i] * step[j] - (step[i] * Bc[j] + Bc[i] * step[j]) / curvature
}

/**
 * Descend a smooth function of a few parameters of order 1 by BFGS with central differences and backtracking; where it
 * is not finite it counts as high.
 *
 * Source: Nocedal & Wright, Numerical Optimization (2nd edition), algorithm 6.1.
 */
export function descend(f: (theta: Float64Array) => number, start: ArrayLike<number>): LowPoint {
  const theta = Float64Array.from(start)
  const p = theta.length
  const B = new Float64Array(p * p)
  for (let i = 0; i < p; i++) B[i * p + i] = 1
  let value = f(theta)
  let g = gradientOf(f, theta)
  // The first step has length ≤ 1: nothing is known of the curvature.
  const first = Math.hypot(...g)
  if (first > 1) for (let i = 0; i < p; i++) B[i * p + i] = 1 / first
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const d = direction(B, g)
    const slope = dot(d, g)
    if (!(slope < 0)) return { theta, value, converged: Number.isFinite(value) }
    let length = 1
    let next = theta
    let reached = Infinity
    while (length > 1e-6) {
      next = theta.map((v, i) => v + length * d[i])
      reached = f(next)
      if (reached <= value + SUFFICIENT * length * slope) break
      length /= 3
    }
    if (!(reached < value)) return { theta, value, converged: Number.isFinite(value) }
    const after = gradientOf(f, next)
    update(
      B,
      next.map((v, i) => v - theta[i]),
      after.map((v, i) => v - g[i]),
    )
    const fall = value - reached
    theta.set(next)
    value = reached
    g = after
    if (fall < LEAST_FALL) return { theta, value, converged: true }
  }
  return { theta, value, converged: false }
}
