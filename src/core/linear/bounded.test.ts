import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, type Random } from '../random/index.js'
import { boundedLeastSquares, nonNegativeLeastSquares } from './bounded.js'
import { leastSquares } from './least-squares.js'

/** The non-negative optimum by trying every set of columns. */
function exhaustive(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array,
): { squares: number; coefficients: number[] } {
  let best = {
    squares: y.reduce((s, v, i) => s + weights[i] * v * v, 0),
    coefficients: columns.map(() => 0),
  }
  for (let set = 1; set < 2 ** columns.length; set++) {
    const active = [...columns.keys()].filter((j) => (set >> j) & 1)
    const fit = leastSquares(
      active.map((j) => columns[j]),
      y,
      weights,
    )
    if (fit.coefficients.some((v) => v < 0) || fit.squares >= best.squares) continue
    const coefficients = columns.map(() => 0)
    active.forEach((j, k) => {
      coefficients[j] = fit.coefficients[k]
    })
    best = { squares: fit.squares, coefficients }
  }
  return best
}

/** A loss curve with noise about it and the terms of its law: level, power, lasting rise, annealing. */
function lawShaped(random: Random): { columns: Float64Array[]; y: Float64Array } {
  const n = 60
  const alpha = 0.3 + 0.9 * random.uniform()
  const at = 10 + Math.floor(40 * random.uniform())
  const one = new Float64Array(n).fill(1)
  const power = Float64Array.from(one, (_, k) => ((50 + 20 * k) / 50) ** -alpha)
  const rise = Float64Array.from(one, (_, k) => (k >= at ? 1 : 0))
  const annealing = Float64Array.from(one, (_, k) => -Math.max(0, k - 0.3 * n) / n)
  const fall = 0.25 * random.normal()
  const y = Float64Array.from(
    one,
    (_, k) =>
      3 + 0.3 * power[k] - 0.05 * rise[k] * random.uniform() + fall * annealing[k] + 0.1 * random.normal(),
  )
  return { columns: [one, power, rise, annealing], y }
}

describe('non-negative least squares', () => {
  it('sets a coefficient to 0 that would be negative', () => {
    const fit = nonNegativeLeastSquares([[1, 1, 1]], [-1, -2, -3])
    expect(fit.squares).toBeCloseTo(1 + 4 + 9, 12)
    expect(fit.converged).toBe(true)
    expect(Array.from(fit.coefficients)).toEqual([0])
  })

  it('takes a term back that was below zero at first: dropping such terms for good misses the optimum', () => {
    let missed = 0
    for (let seed = 0; seed < 500; seed++) {
      const { columns, y } = lawShaped(createRandom(seed))
      let active = [...columns.keys()]
      for (;;) {
        const fit = leastSquares(
          active.map((j) => columns[j]),
          y,
        )
        const negative = fit.coefficients.findIndex((v) => v < 0)
        if (negative < 0) {
          if (fit.squares > nonNegativeLeastSquares(columns, y).squares * 1.0005) missed++
          break
        }
        active = active.filter((_, i) => i !== negative)
      }
    }
    expect(missed).toBeGreaterThan(5)
  })

  it('finds the optimum of 3,000 law-shaped problems, as every set of terms tried in turn does', () => {
    for (let seed = 0; seed < 3000; seed++) {
      const { columns, y } = lawShaped(createRandom(seed))
      const weights = new Float64Array(y.length).fill(1)
      const fit = nonNegativeLeastSquares(columns, y, weights)
      const best = exhaustive(columns, y, weights)
      expect(fit.converged).toBe(true)
      expect(Math.abs(fit.squares / best.squares - 1)).toBeLessThan(1e-10)
      best.coefficients.forEach((v, j) => {
        expect(fit.coefficients[j]).toBeGreaterThanOrEqual(0)
        expect(fit.coefficients[j]).toBeCloseTo(v, 8)
      })
    }
  })
})

describe('least squares between bounds', () => {
  it('is the free solution where that lies inside', () => {
    const columns = [
      [1, 1, 1],
      [0, 1, 2],
    ]
    const bounds = { lower: [-10, -10], upper: [10, Number.POSITIVE_INFINITY] }
    expect(boundedLeastSquares(columns, [1, 2, 4], bounds).coefficients).toEqual(
      leastSquares(columns, [1, 2, 4]).coefficients,
    )
  })

  it('refits the others where one meets its bound: of 1, 2, 4 with a slope of 1 at most, the level is 4/3', () => {
    const fit = boundedLeastSquares(
      [
        [1, 1, 1],
        [0, 1, 2],
      ],
      [1, 2, 4],
      { lower: [-10, 0], upper: [10, 1] },
    )
    expect(fit.coefficients[1]).toBe(1)
    expect(fit.coefficients[0]).toBeCloseTo(4 / 3, 14)
    expect(fit.squares).toBeCloseTo(1 / 9 + 1 / 9 + 4 / 9, 14)
  })

  it('holds a coefficient of equal bounds, and refuses crossed ones', () => {
    const columns = [
      [1, 1],
      [0, 1],
    ]
    const fit = boundedLeastSquares(columns, [0, 5], { lower: [0, 2], upper: [9, 2] })
    expect(fit.coefficients[0]).toBeCloseTo(1.5, 14)
    expect(fit.coefficients[1]).toBe(2)
    expect(() => boundedLeastSquares(columns, [0, 5], { lower: [0, 2], upper: [9, 1] })).toThrow(
      'bounds of coefficient 1 are 2 and 1',
    )
  })

  it('leaves no coefficient that could move and lower the squares, of collinear designs too (property)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 25 }),
        fc.boolean(),
        fc.nat(),
        (p, n, isCollinear, seed) => {
          const random = createRandom(seed)
          const columns = Array.from({ length: p }, () => Array.from({ length: n }, () => random.normal()))
          if (isCollinear && p > 2) columns[2] = columns[0].map((v, i) => v - 2 * columns[1][i])
          const y = Array.from({ length: n }, () => 3 * random.normal())
          const weights = Array.from({ length: n }, () => 0.1 + random.uniform())
          const lower = columns.map(() =>
            random.uniform() < 0.2 ? Number.NEGATIVE_INFINITY : -random.uniform(),
          )
          const upper = columns.map(() =>
            random.uniform() < 0.2 ? Number.POSITIVE_INFINITY : random.uniform(),
          )
          const fit = boundedLeastSquares(columns, y, { lower, upper }, weights)
          expect(fit.converged).toBe(true)
          const residuals = y.map(
            (v, i) => v - columns.reduce((s, c, j) => s + c[i] * fit.coefficients[j], 0),
          )
          expect(residuals.reduce((s, r, i) => s + weights[i] * r * r, 0)).toBeCloseTo(fit.squares, 8)
          columns.forEach((column, j) => {
            const x = fit.coefficients[j]
            expect(x).toBeGreaterThanOrEqual(lower[j])
            expect(x).toBeLessThanOrEqual(upper[j])
            const pull = column.reduce((s, v, i) => s + weights[i] * v * residuals[i], 0)
            if (x < upper[j]) expect(pull).toBeLessThan(1e-8)
            if (x > lower[j]) expect(pull).toBeGreaterThan(-1e-8)
          })
        },
      ),
      { numRuns: 300 },
    )
  })
})
