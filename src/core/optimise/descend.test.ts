import { describe, expect, it } from 'vitest'
import { descend } from './descend.js'

describe('descent by BFGS', () => {
  it('finds the bottom of Rosenbrock’s valley, at (1, 1)', () => {
    const { theta, value, converged } = descend(([x, y]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2, [-1.2, 1])
    expect(converged).toBe(true)
    expect(value).toBeLessThan(1e-3)
    expect(theta[0]).toBeCloseTo(1, 1)
  })

  it('finds the centre of a tilted bowl, and goes round where the function is not finite', () => {
    // (x + y − 3)² + 4(x − y + 1)² is 0 at (1, 2).
    const bowl = ([x, y]: Float64Array): number =>
      x > 50 ? Number.NaN : (x + y - 3) ** 2 + 4 * (x - y + 1) ** 2
    const { theta, converged } = descend(bowl, [40, -30])
    expect(converged).toBe(true)
    expect(theta[0]).toBeCloseTo(1, 2)
    expect(theta[1]).toBeCloseTo(2, 2)
  })

  it('says so where there is nothing finite', () => {
    expect(descend(() => Number.NaN, [0]).converged).toBe(false)
  })
})
