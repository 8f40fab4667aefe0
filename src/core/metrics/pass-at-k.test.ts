import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanPassAtK, passAtK } from './pass-at-k.js'

describe('passAtK', () => {
  it('is the share of k-subsets that hold a right answer, by enumeration', () => {
    // n = 5, c = 2, k = 2: of C(5,2) = 10 pairs, C(3,2) = 3 hold no right answer: 1 − 3/10.
    expect(passAtK(5, 2, 2)).toBeCloseTo(0.7, 12)
    expect(passAtK(10, 3, 1)).toBeCloseTo(0.3, 12)
  })

  it('is 1 when every k-subset must hold a right answer, 0 when none is right', () => {
    expect(passAtK(5, 3, 3)).toBe(1)
    expect(passAtK(5, 0, 5)).toBe(0)
  })

  it('equals the binomial formula and rises with k', () => {
    const choose = (n: number, k: number): number => {
      let value = 1
      for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i
      return k > n ? 0 : value
    }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), fc.integer({ min: 1, max: 40 }), (n, a, b) => {
        const c = a % (n + 1)
        const k = 1 + (b % n)
        expect(passAtK(n, c, k)).toBeCloseTo(1 - choose(n - c, k) / choose(n, k), 9)
        if (k < n) expect(passAtK(n, c, k + 1)).toBeGreaterThanOrEqual(passAtK(n, c, k) - 1e-12)
      }),
    )
  })

  it('refuses what cannot be, naming it', () => {
    expect(() => passAtK(5, 6, 1)).toThrow('c = 6')
    expect(() => passAtK(5, 1, 6)).toThrow('k = 6')
    expect(() => meanPassAtK([], 1)).toThrow('no problems')
  })
})
