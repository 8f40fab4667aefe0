import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random/index.js'
import type { Curve } from '../../series/curve.js'
import { robustSpikeScore, spikeScore } from './spike-score.js'

function curveOf(value: readonly number[]): Curve {
  return {
    step: Float64Array.from(value.keys()),
    value: Float64Array.from(value),
  }
}

/** The definition, window by window: population deviation, both sides, full windows only. */
function naive(value: readonly number[], window: number): number {
  let flagged = 0
  for (let i = window; i < value.length; i++) {
    const before = value.slice(i - window, i)
    const mean = before.reduce((a, b) => a + b) / window
    const deviation = Math.sqrt(before.reduce((a, b) => a + (b - mean) ** 2, 0) / window)
    if (deviation >= 1e-10 && Math.abs(value[i] - mean) >= 7 * deviation) flagged++
  }
  return flagged
}

describe('spikeScore', () => {
  it('is the naive count over all values, with spikes on both sides', () => {
    const random = createRandom(3)
    const value = Array.from({ length: 800 }, () => 3 + 0.1 * random.normal())
    for (const [at, height] of [
      [300, 2],
      [301, 2],
      [500, -1.5],
      [700, 0.9],
      [50, 9],
    ])
      value[at] += height
    const score = spikeScore(curveOf(value), 100)
    if (score.kind !== 'estimate') throw new Error(score.reason)
    expect(naive(value, 100)).toBeGreaterThanOrEqual(3)
    expect(score.value).toBe(naive(value, 100) / 800)
    expect(score.n).toBe(800)
    expect(score.interval.low).toBeGreaterThan(0)
  })

  it('flags nothing in constant values and says when a log is too short', () => {
    expect(spikeScore(curveOf(Array(300).fill(2)), 100)).toMatchObject({ kind: 'estimate', value: 0 })
    expect(spikeScore(curveOf(Array(1000).fill(2)))).toMatchObject({
      kind: 'notEstimable',
      reason: expect.stringContaining('1,000 values'),
    })
    expect(spikeScore(curveOf([]))).toMatchObject({ kind: 'notEstimable' })
  })

  it('by median and MAD sees the spikes that an earlier, larger one hides', () => {
    const random = createRandom(4)
    const value = Array.from({ length: 600 }, () => 3 + 0.05 * random.normal())
    value[200] += 20
    for (let i = 210; i < 290; i += 10) value[i] += 2
    // The large one alone is seen by the mean: it widens the deviation of the next hundred to 2.
    expect(spikeScore(curveOf(value), 100)).toMatchObject({ value: 1 / 600 })
    expect(robustSpikeScore(curveOf(value), 100)).toMatchObject({ value: 9 / 600 })
  })
})
