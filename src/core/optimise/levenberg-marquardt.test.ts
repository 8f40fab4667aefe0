import { describe, expect, it } from 'vitest'
import { leastSquares } from '../linear/index.js'
import { createRandom } from '../random/index.js'
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

  it('ends where QR does on a linear problem whose columns are nearly one and far apart in scale', () => {
    // ln FLOPs between 41 and 48 beside a constant, as scaling laws have them, and a column of a millionth's size.
    const random = createRandom(3)
    const n = 40
    const x = Array.from({ length: n }, (_, i) => 41 + (7 * i) / n)
    const columns = [x.map(() => 1), x, x.map((v) => 1e-6 * (v - 44) ** 2)]
    const y = x.map((v) => 8.5 - 0.19 * v + 0.05 * random.normal())
    const found = levenbergMarquardt(
      {
        residuals: n,
        evaluate(theta, r, jacobian) {
          for (let i = 0; i < n; i++) {
            r[i] = columns.reduce((s, c, a) => s + c[i] * theta[a], -y[i])
            if (jacobian !== null) for (let a = 0; a < 3; a++) jacobian[i * 3 + a] = columns[a][i]
          }
        },
        lower: new Float64Array(3).fill(Number.NEGATIVE_INFINITY),
        upper: new Float64Array(3).fill(Number.POSITIVE_INFINITY),
        delta: Infinity,
      },
      [0, 0, 0],
    )
    const best = leastSquares(columns, y)
    expect(found.converged).toBe(true)
    expect(2 * found.cost).toBeLessThan(best.squares * (1 + 1e-9))
    best.coefficients.forEach((v, a) => {
      expect(Math.abs(found.theta[a] / v - 1)).toBeLessThan(1e-5)
    })
  })
})
