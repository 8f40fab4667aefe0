import { describe, expect, it } from 'vitest'
import { levenbergMarquardt, type Problem } from './levenberg-marquardt.js'

/** One residual r(x) of one parameter between −10 and 10. */
function problemOf(r: (x: number) => number, slope: (x: number) => number): Problem {
  return {
    residuals: 1,
    evaluate(theta, out, jacobian) {
      out[0] = r(theta[0])
      if (jacobian !== null) jacobian[0] = slope(theta[0])
    },
    lower: Float64Array.of(-10),
    upper: Float64Array.of(10),
    delta: Infinity,
  }
}

describe('levenbergMarquardt', () => {
  it('finds the root of a line', () => {
    const found = levenbergMarquardt(
      problemOf(
        (x) => 2 * x - 6,
        () => 2,
      ),
      [0],
    )
    expect(found.theta[0]).toBeCloseTo(3, 6)
    expect(found.converged).toBe(true)
  })

  it.each([Number.NaN, Infinity])('is stuck, not converged, where the slope is %d', (slope) => {
    const found = levenbergMarquardt(
      problemOf(
        (x) => x - 3,
        () => slope,
      ),
      [0],
    )
    expect(found).toMatchObject({ reason: 'stuck', converged: false })
  })

  it('is stuck when 24 dampings do not lower the cost and steps are still long', () => {
    // A slope of the wrong sign and 10⁻¹⁰ of its size: every damped step goes uphill, from bound to bound.
    const found = levenbergMarquardt(
      problemOf(
        (x) => 5 + x,
        () => -1e-10,
      ),
      [0],
    )
    expect(found).toMatchObject({ reason: 'stuck', converged: false })
  })
})
