import { describe, expect, it } from 'vitest'
import { studentFactor } from './bootstrap.js'

describe('Student’s factor', () => {
  // Two-sided 95 % points of t (Abramowitz & Stegun, table 26.10), over the normal one, 1.959964.
  it.each([
    [1, 12.706, 1e-3],
    [2, 4.303, 1e-3],
    [3, 3.182, 0.04],
    [5, 2.571, 0.01],
    [10, 2.228, 0.002],
    [Number.POSITIVE_INFINITY, 1.959964, 1e-6],
  ])('with %d degrees of freedom', (degrees, t, off) => {
    expect(Math.abs((studentFactor(degrees, 0.95) * 1.959964) / t - 1)).toBeLessThan(off)
  })
  it('never falls below the next whole number of degrees', () => {
    expect(studentFactor(1.5, 0.95)).toBe(studentFactor(1, 0.95))
    expect(studentFactor(2 - 1e-12, 0.95)).toBe(studentFactor(2, 0.95))
  })
})
