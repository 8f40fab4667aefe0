import { describe, expect, it } from 'vitest'
import { thin } from './thin.js'

const range = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i)
const series = (y: ArrayLike<number>, style: 'line' | 'points' | 'band' = 'line') =>
  ({ name: 's', style, x: range(y.length), y }) as const

describe('thin', () => {
  it('keeps every extreme and every gap of a long line', () => {
    const y = range(10_000).map((i) => Math.sin(i / 500))
    y[7_777] = 40
    y[3_333] = -40
    y[5_000] = Number.NaN
    const points = thin(
      series(y),
      (x) => x / 100,
      (v) => v,
    )
    expect(points.length).toBeLessThanOrEqual(5 * 100)
    expect(points.map((p) => p.y)).toEqual(expect.arrayContaining([40, -40, Number.NaN]))
    expect(points.map((p) => p.x)).toEqual([...points.map((p) => p.x)].sort((a, b) => a - b))
  })

  it('leaves a short line as it is', () => {
    const points = thin(
      series([3, 1, 2]),
      (x) => x * 10,
      (v) => v,
    )
    expect(points.map((p) => p.y)).toEqual([3, 1, 2])
  })

  it('draws one of several points in a pixel', () => {
    const points = thin(
      series([1, 1.1, 9], 'points'),
      () => 0,
      (v) => v,
    )
    expect(points.map((p) => p.y)).toEqual([1, 9])
  })

  it('keeps a band as wide as its widest place in a column', () => {
    const band = { ...series([1, 1, 1], 'band'), low: [0, -5, 0], high: [2, 2, 8] }
    expect(
      thin(
        band,
        () => 0,
        (v) => v,
      ),
    ).toEqual([{ x: 0, y: 1, low: -5, high: 8 }])
  })
})
