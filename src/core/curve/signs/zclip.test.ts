import { describe, expect, it } from 'vitest'
import type { Curve } from '../../series/curve.js'
import { clippedShare } from '../scores/clipped-share.js'
import { gradientOutliers } from './zclip.js'

function curveOf(value: readonly number[]): Curve {
  return {
    step: Float64Array.from(value.keys(), (i) => 10 * i),
    value: Float64Array.from(value),
  }
}

/** Norms of mean 1 and deviation .1: .9 and 1.1 in turn. */
const steady = (n: number): number[] => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.9 : 1.1))

describe('gradientOutliers', () => {
  it('gives z against mean and deviation of the first 25', () => {
    // 13 values of .9 and 12 of 1.1: mean .996, population variance .1² − .004².
    const [outlier] = gradientOutliers(curveOf([...steady(25), 2]))
    expect(outlier.step).toBe(250)
    expect(outlier.z).toBeCloseTo((2 - 0.996) / Math.sqrt(0.01 - 0.004 ** 2), 9)
  })

  it('lets a clipped value into its means only as far as the reciprocal clip goes', () => {
    const mean = 0.996
    const deviation = Math.sqrt(0.01 - 0.004 ** 2)
    const z = (50 - mean) / deviation
    const clipped = mean + (2.5 ** 2 / z) * deviation
    const mean2 = 0.97 * mean + 0.03 * clipped
    const variance2 = 0.97 * deviation ** 2 + 0.03 * (clipped - mean2) ** 2
    const [first, second] = gradientOutliers(curveOf([...steady(25), 50, 2]))
    expect(first.z).toBeCloseTo(z, 9)
    // Unclipped, the 50 would have widened the deviation to 8.4 and hidden the 2.
    expect(second.z).toBeCloseTo((2 - mean2) / Math.sqrt(variance2), 9)
  })

  it('has nothing to say of constant norms and of fewer than 26', () => {
    expect(gradientOutliers(curveOf(Array(100).fill(1)))).toEqual([])
    expect(gradientOutliers(curveOf([...steady(24), 9]))).toEqual([])
    expect(clippedShare(curveOf(steady(10)), [])).toMatchObject({ kind: 'notEstimable' })
  })
})
