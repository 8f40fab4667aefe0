import { describe, expect, it } from 'vitest'
import { renyiEfficiency } from './renyi-efficiency.js'

describe('Rényi efficiency', () => {
  it('is what the tests of tokenization-scorer say', () => {
    // "pick @@ed pick @@l @@ed pick @@les": 3 pick, 2 @@ed, 1 @@l, 1 @@les
    expect(renyiEfficiency([3, 2, 1, 1], 2.5)).toBeCloseTo(0.8265064834225245, 12)
    // "pick @@e @@d pick @@l @@e @@d pick @@l @@e @@s": 3, 3, 2, 2, 1
    expect(renyiEfficiency([3, 3, 2, 2, 1], 2.5)).toBeCloseTo(0.9204840242168808, 12)
  })

  it('is 1 for tokens that are all as frequent, and unknown for one type', () => {
    expect(renyiEfficiency([5, 5, 5], 3)).toBeCloseTo(1, 12)
    expect(renyiEfficiency([5], 2.5)).toBeNull()
  })
})
