import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, shuffled } from '../random/index.js'
import { blocksOf, bootstrap, bootstrapPairedRatio, bootstrapRatio } from './bootstrap.js'
import { mean, variance } from './moments.js'
import { normalQuantile } from './normal-quantile.js'
import { quantile, quantileSorted, robustDeviation } from './quantile.js'
import { kendall, ranks, spearman } from './rank.js'

describe('quantile', () => {
  it('interpolates as type 7 of Hyndman & Fan', () => {
    // h = (4 − 1)·.25 = .75 → 1 + .75·(2 − 1)
    expect(quantile([4, 1, 3, 2], 0.25)).toBeCloseTo(1.75)
    expect(quantile([5], 0.9)).toBe(5)
    expect(() => quantile([], 0.5)).toThrow(RangeError)
    expect(() => quantile([1], Number.NaN)).toThrow(RangeError)
  })

  it('gives 1.4826 MAD', () => {
    // median 3, deviations 2 1 0 1 97 → median 1
    expect(robustDeviation([1, 2, 3, 4, 100])).toBeCloseTo(1.4826)
  })
})

describe('normalQuantile', () => {
  it('agrees with printed tables', () => {
    // The last three are the checks that Wichura prints.
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14)
    expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 14)
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167814, 14)
    expect(normalQuantile(1e-20)).toBeCloseTo(-9.262340089798409, 13)
    expect(() => normalQuantile(1)).toThrow(RangeError)
  })
})

describe('moments', () => {
  it('refuses to make numbers of nothing', () => {
    expect(() => mean([])).toThrow(RangeError)
    expect(() => variance([1])).toThrow(RangeError)
    expect(variance([1, 3])).toBe(2)
  })
})

describe('rank correlations', () => {
  it('shares ranks between ties', () => {
    expect([...ranks([10, 20, 20, 30])]).toEqual([1, 2.5, 2.5, 4])
  })

  it('agrees with hand counts', () => {
    // Differences of ranks 0 1 −1 0: 1 − 6·2/(4·15) = .8
    expect(spearman([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8)
    // 5 concordant, 1 discordant of 6 pairs
    expect(kendall([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(4 / 6)
    expect(kendall([1, 1, 1], [1, 2, 3])).toBeNull()
    expect(spearman([1, 2, 3], [5, 5, 5])).toBeNull()
  })

  it('does not change under monotone maps', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 30 })
    fc.assert(
      fc.property(values, fc.integer(), (x, seed) => {
        const y = shuffled(x, createRandom(seed))
        const cubed = x.map((v) => v ** 3)
        expect(kendall(cubed, y)).toEqual(kendall(x, y))
        expect(spearman(cubed, y)).toEqual(spearman(x, y))
      }),
    )
  })
})

describe('bootstrap', () => {
  it('draws n units each time and gives the same draws for the same seed', () => {
    const sums: number[] = []
    const draws = bootstrap(
      5,
      (drawn) => {
        sums.push(drawn.reduce((a, b) => a + b, 0))
        return drawn[0]
      },
      createRandom(1),
      50,
    )
    expect(new Set(sums)).toEqual(new Set([5]))
    expect(bootstrap(5, (drawn) => drawn[0], createRandom(1), 50)).toEqual(draws)
  })

  it('estimates a ratio by sums, not by a mean of ratios', () => {
    const units = [
      { numerator: 1, denominator: 1 },
      { numerator: 9, denominator: 3 },
    ]
    expect(bootstrapRatio(units, createRandom(1), 0.95).value).toBe(10 / 4)
  })

  it('cancels in a paired difference what both sides share', () => {
    const random = createRandom(2)
    const a = Array.from({ length: 40 }, () => ({ numerator: 10 * random.uniform(), denominator: 1 }))
    const b = a.map((unit) => ({ numerator: unit.numerator + 0.5, denominator: 1 }))
    const { value, interval } = bootstrapPairedRatio(b, a, random, 0.95)
    expect(value).toBeCloseTo(0.5)
    expect(interval.high - interval.low).toBeLessThan(1e-9)
  })

  it('cuts blocks that keep every unit', () => {
    const units = Array.from({ length: 10 }, (_, i) => ({ numerator: i, denominator: 1 }))
    expect(blocksOf(units, 3).map((b) => b.denominator)).toEqual([3, 3, 4])
    expect(blocksOf(units, 3).reduce((n, b) => n + b.numerator, 0)).toBe(45)
  })
})

describe('createRandom', () => {
  it('derives streams that do not depend on what was drawn before', () => {
    const a = createRandom(7)
    const b = createRandom(7)
    b.uniform()
    expect(a.derive('x').uniform()).toBe(b.derive('x').uniform())
    expect(a.derive('x').uniform()).not.toBe(a.derive('y').uniform())
  })

  it('draws integers evenly', () => {
    const random = createRandom(3)
    const counts = new Int32Array(6)
    for (let i = 0; i < 60_000; i++) counts[random.integer(6)]++
    // χ² with 5 degrees of freedom: 20.5 is its 99.9 % point
    const chi2 = counts.reduce((s, c) => s + (c - 10_000) ** 2 / 10_000, 0)
    expect(chi2).toBeLessThan(20.5)
  })
})

describe('a quantile', () => {
  const random = createRandom(5)
  const made = (n: number, of: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => of(i))
  it.each([
    ['random', made(1000, () => random.normal())],
    ['many ties', made(501, (i) => i % 3)],
    ['ascending', made(777, (i) => i)],
    ['descending', made(778, (i) => -i)],
    ['a hill', made(900, (i) => Math.min(i, 900 - i))],
    ['one high value', made(300, (i) => (i === 17 ? 1e300 : 1))],
    ['infinities', [Number.POSITIVE_INFINITY, 3, Number.NEGATIVE_INFINITY, 2, 1]],
    ['no numbers among them', [3, Number.NaN, 1, 2]],
    ['two values', [2, 1]],
  ])('is that of the sorted values (%s)', (_, values) => {
    const sorted = Float64Array.from(values).sort()
    for (const p of [0, 0.025, 0.25, 0.5, 0.731, 0.999, 1])
      expect(quantile(values, p)).toBe(quantileSorted(sorted, p))
  })
})
