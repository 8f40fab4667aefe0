import { describe, expect, it } from 'vitest'
import { createRandom } from '../../random/index.js'
import { Rolling } from './rolling.js'
import { lossOutliers } from './spike-monitor.js'

const WINDOW = 128

/** Mean and population deviation of the values before an index, in two passes. */
function plain(values: Float64Array, to: number): [number, number] {
  const before = values.subarray(to - WINDOW, to)
  const mean = before.reduce((a, b) => a + b, 0) / WINDOW
  return [mean, Math.sqrt(before.reduce((a, b) => a + (b - mean) ** 2, 0) / WINDOW)]
}

function noisy(seed: number, huge: ReadonlyMap<number, number>): Float64Array {
  const random = createRandom(seed)
  return Float64Array.from({ length: 900 }, (_, i) => huge.get(i) ?? 3 + 0.05 * random.normal())
}

describe('a rolling window', () => {
  it.each([1e4, 1e7, 1e9, 1e12, -1e9])('is exact again when a value of %d has left it', (height) => {
    // At 128 and 256 the sums are renewed: the value must not become their origin.
    for (const at of [127, 128, 130, 256, 300]) {
      const values = noisy(1, new Map([[at, height]]))
      const rolling = new Rolling(WINDOW)
      values.forEach((value, i) => {
        if (i >= WINDOW && (i <= at || i > at + WINDOW)) {
          const [mean, deviation] = plain(values, i)
          expect(rolling.mean).toBeCloseTo(mean, 9)
          expect(rolling.deviation).toBeCloseTo(deviation, 9)
        }
        rolling.push(value)
      })
    }
  })

  it('leaves later spikes to be seen', () => {
    for (const height of [1e4, 1e7, 1e9]) {
      const values = noisy(
        2,
        new Map([
          [130, height],
          [420, 8],
          [600, 8],
          [800, 8],
        ]),
      )
      const curve = {
        value: values,
        step: values.map((_, i) => i),
      }
      expect(lossOutliers(curve).map((o) => o.index)).toEqual([130, 420, 600, 800])
    }
  })

  it('of one value over and over has no deviation', () => {
    const rolling = new Rolling(4)
    for (let i = 0; i < 40; i++) rolling.push(i < 20 ? 0.1 : 0.3)
    expect([rolling.mean, rolling.deviation]).toEqual([0.3, 0])
  })
})
