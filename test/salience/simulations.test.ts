import { describe, expect, it } from 'vitest'
import { claimsUnderNull, intervalsHeld, plantedFound, sharesOver } from '../../bench/salience/simulations.js'

/** Few tables of what bench/salience/page.ts counts on many; the bounds leave room for chance. */
describe('salience on made-up tables of which the truth is known', () => {
  it('ranks planted spans first: of 40 models, ≥ 80 % of the ten foremost', () => {
    const found = plantedFound(1)
    expect(found).toHaveLength(1)
    expect(found[0]).toBeGreaterThanOrEqual(0.8)
  }, 600_000)

  it('claims no gain where the score depends on the mean alone: three of six tables come by chance once in 400', () => {
    const counts = claimsUnderNull(6)
    expect(counts.map((c) => c.tables)).toEqual([2, 2, 2])
    expect(counts.reduce((sum, c) => sum + c.claims, 0)).toBeLessThan(3)
  }, 600_000)

  it('holds scores of new families in 90 % intervals: 32 or more of 40, which clustered tables reach nearly always', () => {
    const { value, n } = sharesOver(intervalsHeld(2), 1)
    expect(n).toBe(40)
    expect(value).toBeGreaterThanOrEqual(0.8)
  }, 600_000)
})
