import { describe, expect, it } from 'vitest'
import {
  bootstrap,
  bootstrapRatio,
  createRandom,
  percentileInterval,
  type RatioUnit,
} from '../../src/core/index.js'

const TRIALS = 600
const RESAMPLES = 400

/** Documents of uneven length whose bits per byte vary around `truth`: the ratio of expectations is `truth`. */
function sampleDocuments(n: number, random: ReturnType<typeof createRandom>): RatioUnit[] {
  return Array.from({ length: n }, () => {
    const bytes = 500 + 3000 * random.uniform()
    return { numerator: bytes * (1 + 0.3 * random.normal()), denominator: bytes }
  })
}

function coverage(
  n: number,
  interval: (units: RatioUnit[], seed: number) => { low: number; high: number },
): number {
  const random = createRandom(n)
  let held = 0
  for (let t = 0; t < TRIALS; t++) {
    const { low, high } = interval(sampleDocuments(n, random), t)
    if (low <= 1 && 1 <= high) held++
  }
  return held / TRIALS
}

describe('document bootstrap', () => {
  it.each([8, 12, 30])('holds the truth 95 times of 100 with %i documents', (n) => {
    const held = coverage(
      n,
      (units, seed) => bootstrapRatio(units, createRandom(seed), 0.95, RESAMPLES).interval,
    )
    // ±3 standard errors of a share of .95 over 600 trials is ±.027.
    expect(held).toBeGreaterThan(0.92)
    expect(held).toBeLessThan(0.98)
  })

  it('would hold it less often without the correction for few documents', () => {
    const plain = coverage(8, (units, seed) => {
      const ratio = (drawn: Int32Array): number => {
        let a = 0
        let b = 0
        drawn.forEach((times, i) => {
          a += times * units[i].numerator
          b += times * units[i].denominator
        })
        return a / b
      }
      return percentileInterval(bootstrap(units.length, ratio, createRandom(seed), RESAMPLES), 0.95)
    })
    expect(plain).toBeLessThan(0.92)
  })
})
