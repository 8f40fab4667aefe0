import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { leastSquares } from './least-squares.js'
import { lineThrough } from './line.js'

describe('a line through points', () => {
  it('is 5/6 + 3/2·x for 1, 2, 4 at 0, 1, 2; R² = 27/28', () => {
    // Σ(x − 1)² = 2, Σ(x − 1)(y − 7/3) = 3, Σ(y − 7/3)² = 14/3: R² = 9/(2 · 14/3).
    const line = lineThrough([0, 1, 2], [1, 2, 4])
    expect(line?.slope).toBeCloseTo(1.5, 14)
    expect(line?.intercept).toBeCloseTo(5 / 6, 14)
    expect(line?.rSquared).toBeCloseTo(27 / 28, 14)
    expect(line).toMatchObject({ weight: 3, meanX: 1, spreadX: 2 })
  })

  it('is none where x does not vary, has no R² where y does not, and refuses shapes that differ', () => {
    expect(lineThrough([7, 7, 7], [1, 2, 3])).toBeNull()
    expect(lineThrough([1e9, 1e9 + 1], [1, 2])).toBeNull()
    expect(lineThrough([0, 1], [3, 3])).toMatchObject({ slope: 0, intercept: 3, rSquared: null })
    expect(() => lineThrough([1, 2], [1])).toThrow(RangeError)
  })

  it('is what QR gives, far from 0 too (property)', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 3, max: 40 }),
        fc.integer({ min: -3, max: 3 }),
        (seed, n, decades) => {
          const random = createRandom(seed)
          const x = Array.from({ length: n }, () => 10 ** decades * (30 + random.normal()))
          const y = Array.from({ length: n }, () => random.normal())
          const weights = Array.from({ length: n }, () => 0.1 + random.uniform())
          const line = lineThrough(x, y, weights)
          const [intercept, slope] = leastSquares([new Float64Array(n).fill(1), x], y, weights).coefficients
          const off = (a: number | undefined, b: number) =>
            Math.abs((a ?? Number.NaN) - b) / (1 + Math.abs(b))
          expect(off(line?.slope, slope)).toBeLessThan(1e-9)
          expect(off(line?.intercept, intercept)).toBeLessThan(1e-9)
        },
      ),
    )
  })
})
