import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { symmetricEigen } from './symmetric-eigen.js'

describe('eigenvalues of a symmetric matrix', () => {
  it('of [2 1; 1 2] are 3 and 1, along (1, 1) and (1, −1)', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2)
    expect(values[0]).toBeCloseTo(3, 14)
    expect(values[1]).toBeCloseTo(1, 14)
    expect(vectors[0][0] * vectors[0][1]).toBeCloseTo(0.5, 14)
    expect(vectors[1][0] * vectors[1][1]).toBeCloseTo(-0.5, 14)
  })

  it('of the second difference of n points are 2 − 2·cos(π j / (n + 1))', () => {
    const n = 30
    const matrix = Float64Array.from({ length: n * n }, (_, k) => {
      const gap = Math.abs(Math.floor(k / n) - (k % n))
      return gap === 0 ? 2 : gap === 1 ? -1 : 0
    })
    symmetricEigen(matrix, n).values.forEach((v, j) => {
      expect(v).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (n - j)) / (n + 1)), 12)
    })
  })

  it('put the matrix together again, of any rank and with repeated values (property)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 0, max: 24 }),
        fc.nat(),
        (n, rank, seed) => {
          const random = createRandom(seed)
          const factors = Array.from({ length: rank }, () =>
            Float64Array.from({ length: n }, () => Math.round(2 * random.normal())),
          )
          const matrix = new Float64Array(n * n)
          for (const f of factors)
            for (let k = 0; k < n * n; k++) matrix[k] += f[Math.floor(k / n)] * f[k % n]
          const { values, vectors } = symmetricEigen(matrix, n)
          const scale = 1 + Math.max(...matrix)
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++) {
              const again = vectors.reduce((sum, v, k) => sum + values[k] * v[i] * v[j], 0)
              const dot = vectors[i].reduce((sum, v, k) => sum + v * vectors[j][k], 0)
              expect(Math.abs(again - matrix[i * n + j])).toBeLessThan(1e-12 * scale)
              expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-12)
            }
        },
      ),
      { numRuns: 200 },
    )
  })
})
