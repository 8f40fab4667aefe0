import { describe, expect, it } from 'vitest'
import { fitForm } from '../fit-form.js'
import type { Design } from '../form.js'
import { lossPower } from '../forms/loss-power.js'
import { fitStagesOnce } from './stages.js'

const design = (slope: number): Design => ({
  rows: [1, 2, 3, 4].map((x) => Float64Array.of(x)),
  response: Float64Array.from([1, 2, 3, 4], (x) => 2 - slope * x),
})

describe('stages of several pairs', () => {
  it('are fitted once to the same points, anew to others, and as each alone', () => {
    const fitStage = fitStagesOnce()
    const first = fitStage(lossPower, design(0.1))
    expect(fitStage(lossPower, design(0.1))).toBe(first)
    expect(fitStage(lossPower, design(0.2)).theta).not.toEqual(first.theta)
    expect(first).toEqual(fitForm(lossPower, design(0.1)))
  })
})
