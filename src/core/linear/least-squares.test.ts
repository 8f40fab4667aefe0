import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { inverseGram, leastSquares } from './least-squares.js'
import { RANK_TOLERANCE, triangulate } from './triangle.js'

const ones = (n: number): number[] => new Array(n).fill(1)

/** NIST, Statistical Reference Datasets, Longley (1967): six collinear series of the United States, 1947 to 1962. */
const LONGLEY = {
  y: [
    60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331,
    70551,
  ],
  columns: [
    ones(16),
    [83, 88.5, 88.2, 89.5, 96.2, 98.1, 99, 100, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9],
    [
      234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704,
      502601, 518173, 554894,
    ],
    [2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007],
    [1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827],
    [
      107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366,
      125368, 127852, 130081,
    ],
    Array.from({ length: 16 }, (_, i) => 1947 + i),
  ],
  /** The certified values. */
  coefficients: [
    -3482258.63459582, 15.0618722713733, -0.035819179292591, -2.02022980381683, -1.03322686717359,
    -0.0511041056535807, 1829.15146461355,
  ],
  squares: 836424.055505915,
  errors: [
    890420.383607373, 84.9149257747669, 0.0334910077722432, 0.488399681651699, 0.214274163161675,
    0.22607320006937, 455.478499142212,
  ],
}

describe('least squares', () => {
  it('solves a line by hand: 1, 2, 4 at 0, 1, 2 is 5/6 + 3/2·x, off by 1/6, −1/3, 1/6', () => {
    const fit = leastSquares([ones(3), [0, 1, 2]], [1, 2, 4])
    expect(fit.coefficients[0]).toBeCloseTo(5 / 6, 14)
    expect(fit.coefficients[1]).toBeCloseTo(1.5, 14)
    expect(fit.squares).toBeCloseTo(1 / 36 + 1 / 9 + 1 / 36, 14)
    expect(fit).toMatchObject({ rank: 2, blind: [] })
  })

  it('weights a row as often as it would be repeated', () => {
    const twice = leastSquares([ones(4), [0, 1, 1, 2]], [1, 3, 3, 4])
    const weighted = leastSquares([ones(3), [0, 1, 2]], [1, 3, 4], [1, 2, 1])
    expect(weighted.coefficients[0]).toBeCloseTo(twice.coefficients[0], 13)
    expect(weighted.coefficients[1]).toBeCloseTo(twice.coefficients[1], 13)
    expect(weighted.squares).toBeCloseTo(twice.squares, 13)
  })

  it('holds NIST’s certified values of Longley, to nine digits and more', () => {
    const { coefficients, squares, rank } = leastSquares(LONGLEY.columns, LONGLEY.y)
    expect(rank).toBe(7)
    LONGLEY.coefficients.forEach((certified, j) => {
      expect(Math.abs(coefficients[j] / certified - 1)).toBeLessThan(1e-9)
    })
    expect(Math.abs(squares / LONGLEY.squares - 1)).toBeLessThan(1e-9)
  })

  it('gives their certified standard errors by the inverse of XᵀX', () => {
    const { inverse } = inverseGram(LONGLEY.columns)
    LONGLEY.errors.forEach((certified, j) => {
      const error = Math.sqrt(((inverse?.[j * 8] ?? 0) * LONGLEY.squares) / 9)
      expect(Math.abs(error / certified - 1)).toBeLessThan(1e-8)
    })
  })

  it('does not depend on the units of the columns, be they 200 decades apart', () => {
    const random = createRandom(1)
    const columns = [ones(30), ...[1, 2].map(() => Array.from({ length: 30 }, () => random.normal()))]
    const y = Array.from({ length: 30 }, () => random.normal())
    const scales = [1, 1e-100, 1e100]
    const plain = leastSquares(columns, y)
    const scaled = leastSquares(
      columns.map((c, j) => c.map((v) => v * scales[j])),
      y,
    )
    expect(scaled.rank).toBe(3)
    plain.coefficients.forEach((v, j) => {
      expect(scaled.coefficients[j] * scales[j]).toBeCloseTo(v, 12)
    })
  })

  it('names the columns that the data cannot tell from the others, and fits with the rest', () => {
    const x = [1, 2, 3, 4, 5]
    const y = [2, 1, 4, 3, 6]
    const plain = leastSquares([ones(5), x], y)
    const doubled = leastSquares([ones(5), x, x.map((v) => 3 * v - 7)], y)
    expect(doubled.rank).toBe(2)
    expect(doubled.blind).toHaveLength(1)
    expect(doubled.squares).toBeCloseTo(plain.squares, 12)
    expect(leastSquares([ones(5), new Array(5).fill(0)], y)).toMatchObject({ rank: 1, blind: [1] })
    expect(leastSquares([ones(5), [Number.POSITIVE_INFINITY, 0, 0, 0, 0]], y).blind).toEqual([1])
    expect(leastSquares([ones(2), [1, 2], [1, 4]], [1, 2])).toMatchObject({ rank: 2, squares: 0 })
    expect(inverseGram([ones(5), x, x.map((v) => 3 * v - 7)])).toMatchObject({ inverse: null })
  })

  it.each([
    [2, 2],
    [0.5, 1],
  ])('tells columns apart that differ by %d tolerances: rank %d', (tolerances, rank) => {
    // Columns (1, 0) and (1, ε): of the second, brought to length 1, ε/√(1 + ε²) is its own.
    const nearly = [1, tolerances * RANK_TOLERANCE]
    expect(leastSquares([[1, 0], nearly], [1, 1]).rank).toBe(rank)
  })

  it('refuses shapes that differ and values that are not finite', () => {
    expect(() => leastSquares([ones(3)], [1, 2])).toThrow('column 0 has 3 rows, y has 2')
    expect(() => leastSquares([ones(2)], [1, 2], [1])).toThrow('1 weights of 2 rows')
    expect(() => leastSquares([ones(2)], [1, Number.NaN])).toThrow('y[1] is NaN')
  })

  it('leaves residuals that no column reaches, whatever the design (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 }), fc.nat(), (p, n, seed) => {
        const random = createRandom(seed)
        const columns = Array.from({ length: p }, () => {
          const scale = 10 ** (12 * random.uniform() - 6)
          return Array.from({ length: n }, () => scale * random.normal())
        })
        const y = Array.from({ length: n }, () => random.normal())
        const weights = Array.from({ length: n }, () => random.uniform())
        const { coefficients, squares, rank, blind } = leastSquares(columns, y, weights)
        expect(rank + blind.length).toBe(p)
        const residuals = y.map((v, i) => v - columns.reduce((s, c, j) => s + c[i] * coefficients[j], 0))
        expect(residuals.reduce((s, r, i) => s + weights[i] * r * r, 0)).toBeCloseTo(squares, 8)
        for (const column of columns) {
          const length = Math.sqrt(column.reduce((s, v, i) => s + weights[i] * v * v, 0))
          const pull = column.reduce((s, v, i) => s + weights[i] * v * residuals[i], 0)
          expect(Math.abs(pull)).toBeLessThan(1e-6 * length)
        }
      }),
    )
  })

  it('keeps what it is worth of a triangle: RᵀR = XᵀX in units of the columns', () => {
    const { R, lengths } = triangulate(LONGLEY.columns, LONGLEY.y)
    for (let a = 0; a < 7; a++)
      for (let b = 0; b < 7; b++) {
        let product = 0
        for (let i = 0; i < 7; i++) product += R[i + a * 7] * R[i + b * 7]
        const wanted = LONGLEY.columns[a].reduce((s, v, i) => s + v * LONGLEY.columns[b][i], 0)
        expect(product * lengths[a] * lengths[b]).toBeCloseTo(wanted, -Math.log10(wanted) + 12)
      }
  })
})
