import { describe, expect, it } from 'vitest'
import type { Curve } from '../../series/curve.js'
import { gradientOutliers } from '../signs/zclip.js'
import { forerunnersOf } from './lead.js'

function curveOf(value: readonly number[]): Curve {
  return {
    step: Float64Array.from(value.keys(), (i) => 10 * i),
    value: Float64Array.from(value),
  }
}

/** Norms of mean 1 and deviation .1: .9 and 1.1 in turn. */
const steady = (n: number): number[] => Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.9 : 1.1))

describe('forerunnersOf', () => {
  it('names outliers before a spike where they are more than chance', () => {
    const value = steady(400)
    for (const i of [292, 295, 298]) value[i] = 3
    const norm = curveOf(value)
    const outliers = gradientOutliers(norm)
    expect(forerunnersOf(norm, outliers, 300)).toMatchObject({ count: 3, fromStep: 2920 })
    expect(forerunnersOf(norm, outliers, 200)).toBeUndefined()
  })

  it('is silent in a run whose norms are outliers all the time', () => {
    const value = steady(400).map((v, i) => (i % 4 === 0 ? 2 : v))
    const norm = curveOf(value)
    const outliers = gradientOutliers(norm)
    expect(forerunnersOf(norm, outliers, 300)).toBeUndefined()
  })
})
