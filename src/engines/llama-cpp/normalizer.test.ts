import { describe, expect, it } from 'vitest'
import { createNormalizer, logNormalizer } from './normalizer.js'

/** A row of logits like a model's: most between −10 and 10, one peak. */
function makeRow(size: number, seed: number): Float32Array {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const row = Float32Array.from({ length: size }, () => (next() + next() + next() - 1.5) * 12)
  row[Math.floor(next() * size)] = 25
  return row
}

describe('normaliser of a row of logits', () => {
  it.each([1, 2, 15, 16, 17, 255, 49152, 262144])('agrees with the plain sum, vocabulary %i', (size) => {
    const fast = createNormalizer(size)
    for (let seed = 1; seed <= 5; seed++) {
      const row = makeRow(size, seed)
      fast.row.set(row)
      // float32 exp with relative error below 3e-7 on every term keeps the logarithm within 1e-6
      expect(Math.abs(fast.logNormalizer() - logNormalizer(row))).toBeLessThan(1e-6)
    }
  })

  it('knows the closed forms: n equal logits give z + ln n, one dominant logit gives itself', () => {
    const fast = createNormalizer(1000)
    fast.row.fill(-3.5)
    expect(fast.logNormalizer()).toBeCloseTo(-3.5 + Math.log(1000), 6)
    fast.row.fill(-1e30)
    fast.row[777] = 1e30
    expect(fast.logNormalizer()).toBe(new Float32Array([1e30])[0])
  })

  it('counts logits of −∞ as impossible', () => {
    const fast = createNormalizer(40)
    fast.row.fill(-Infinity)
    fast.row[3] = 2
    fast.row[39] = 2
    expect(fast.logNormalizer()).toBeCloseTo(2 + Math.LN2, 6)
  })

  it.each([Number.NaN, Infinity])('answers NaN when a logit is %d', (bad) => {
    const fast = createNormalizer(100)
    fast.row.fill(0)
    fast.row[50] = bad
    expect(fast.logNormalizer()).toBeNaN()
    expect(logNormalizer(fast.row)).toBeNaN()
  })
})
