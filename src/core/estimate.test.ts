import { describe, expect, it } from 'vitest'
import {
  type Estimate,
  estimate,
  notEstimable,
  standsOut,
  withFlatEstimates,
  withinBounds,
} from './estimate.js'

const around = (low: number, high: number): Estimate =>
  estimate((low + high) / 2, { low, high, level: 0.95 }, 'bits/byte', 9)

describe('withinBounds', () => {
  it('cuts an interval to what its value can be, and leaves the value', () => {
    expect(withinBounds(around(-1.2, 1.4), -1, 1)).toMatchObject({ interval: { low: -1, high: 1 } })
    expect(withinBounds(around(0.2, 0.4), 0, 1)).toEqual(around(0.2, 0.4))
    expect(withinBounds(notEstimable('no'), 0, 1)).toEqual(notEstimable('no'))
  })
})

describe('withFlatEstimates', () => {
  it('turns every estimate of a structure, at any depth, and leaves the rest', () => {
    const e = around(1, 3)
    const flat = { kind: 'estimate', value: 2, low: 1, high: 3, level: 0.95, unit: 'bits/byte', n: 9 }
    expect(
      withFlatEstimates({ a: [e, 'text'], b: { kind: 'labels', e, none: notEstimable('no') }, c: null }),
    ).toEqual({
      a: [flat, 'text'],
      b: { kind: 'labels', e: flat, none: { kind: 'notEstimable', reason: 'no' } },
      c: null,
    })
  })
})

describe('standsOut', () => {
  const same = (e: Estimate): Estimate => e
  const [a, b, c] = [around(1, 1.2), around(1.3, 1.5), around(1.4, 2)]

  it('is the one whose whole interval lies beyond the others', () => {
    expect(standsOut([b, a, c], same, 'lowest')).toBe(a)
    // b and c overlap: neither is the highest beyond doubt.
    expect(standsOut([b, a, c], same, 'highest')).toBeUndefined()
    expect(standsOut([a, b], same, 'highest')).toBe(b)
  })

  it('is nothing where intervals touch, or with fewer than two estimates', () => {
    expect(standsOut([around(1, 1.2), around(1.2, 1.4)], same, 'lowest')).toBeUndefined()
    expect(standsOut([a, notEstimable('no text')], same, 'lowest')).toBeUndefined()
    expect(standsOut([], same, 'lowest')).toBeUndefined()
  })
})
