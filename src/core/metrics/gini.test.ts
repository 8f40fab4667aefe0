import { describe, expect, it } from 'vitest'
import { gini } from './gini.js'

describe('Gini', () => {
  it('is what the sum gives by hand', () => {
    // (2·1 − 2 − 1)·1 + (2·2 − 2 − 1)·3 = −1 + 3 = 2, over n Σx = 2·4
    expect(gini([3, 1])).toBeCloseTo(0.25, 12)
  })

  it('is 0 where all are alike, (n − 1)/n where one has all, and unknown for nothing', () => {
    expect(gini([2, 2, 2])).toBe(0)
    expect(gini([0, 0, 7, 0])).toBeCloseTo(3 / 4, 12)
    expect(gini([])).toBeNull()
    expect(gini([0, 0])).toBeNull()
  })
})
