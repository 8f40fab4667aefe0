import { describe, expect, it } from 'vitest'
import { leastLikelyMean } from './min-k.js'

describe('min-k%', () => {
  it('averages the least likely fifth of the tokens: of ten the lowest two', () => {
    const logs = Float64Array.of(-1, -9, -2, -3, -7, -1, -1, -1, -1, -1)
    expect(leastLikelyMean(logs)).toBeCloseTo((-9 - 7) / 2, 12)
    expect(leastLikelyMean(logs, 0.3)).toBeCloseTo((-9 - 7 - 3) / 3, 12)
  })

  it('takes at least one token, and leaves the order of the document alone', () => {
    const logs = Float64Array.of(-1, -2)
    expect(leastLikelyMean(logs)).toBe(-2)
    expect(Array.from(logs)).toEqual([-1, -2])
  })
})
