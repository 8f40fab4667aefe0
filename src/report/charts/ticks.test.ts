import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisDomain, axisTitle, position, ticksOf, tickText, tickWriter } from './ticks.js'

const linear = { label: 'x' }
const log = { label: 'x', scale: 'log' } as const

describe('axisDomain', () => {
  it('leaves a little room, but never makes a quantity negative that is not', () => {
    expect(axisDomain(linear, [0, 10])).toEqual([0, 10.4])
    expect(axisDomain(linear, [-10, 10], 0.1)).toEqual([-12, 12])
  })

  it('leaves out what the axis cannot show', () => {
    expect(axisDomain(log, [Number.NaN, 0, -3, 1, 100], 0)).toEqual([1, 100])
    expect(axisDomain(log, [0, Number.NaN])).toBeUndefined()
  })

  it('gives one value a width', () => {
    const [low, high] = axisDomain(linear, [5]) ?? [0, 0]
    expect(low).toBeLessThan(5)
    expect(high).toBeGreaterThan(5)
  })
})

describe('an axis of values that differ by rounding alone', () => {
  // A constant learning rate and the mean of its 14 logs: the next double above 6e-5, and 6e-5.
  it.each([linear, log])('has a width and a few ticks', (axis) => {
    const domain = axisDomain(axis, [6e-5, 6e-5 * (1 + Number.EPSILON)]) ?? [0, 0]
    expect(domain[1] - domain[0]).toBeGreaterThan(1e-6)
    expect(ticksOf(axis, domain, 5).length).toBeLessThan(10)
  })
})

describe('ticksOf', () => {
  it('takes round steps', () => {
    expect(ticksOf(linear, [0, 10], 5)).toEqual([0, 2, 4, 6, 8, 10])
    expect(ticksOf(linear, [0.8, 1.8], 6)).toEqual([0.8, 1, 1.2, 1.4, 1.6, 1.8])
  })

  it('marks powers of ten over many decades and their multiples over few', () => {
    expect(ticksOf(log, [1e18, 1e24], 8)).toEqual([1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24])
    expect(ticksOf(log, [2, 11], 6)).toEqual([2, 3, 5, 10])
  })

  it('stays inside the domain, in order, and near the count, for any domain', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(linear, log),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: 1.001, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (axis, low, factor, count) => {
          const domain = [low, low * factor] as const
          const ticks = ticksOf(axis, domain, count)
          const places = ticks.map((t) => position(axis, domain, t))
          expect(places.filter((p) => p < -1e-6 || p > 1 + 1e-6)).toEqual([])
          expect(ticks).toEqual([...new Set(ticks)].toSorted((a, b) => a - b))
          expect(ticks.length).toBeLessThanOrEqual(2 * count + 1)
        },
      ),
    )
  })
})

describe('texts', () => {
  it.each([
    [linear, [0.99996, 1.00004], '0.99998'],
    [linear, [1.2341e9, 1.2345e9], '1.2342B'],
    [{ label: 'a', unit: 'share' }, [0.500001, 0.500004], '50.0002%'],
  ])('keep the digits that tell ticks apart', (axis, [low, high], one) => {
    const ticks = ticksOf(axis, [low, high], 5)
    expect(ticks.map(tickWriter(axis, ticks))).toContain(one)
  })

  it('never repeat on an axis', () => {
    const percent = { label: 'x', unit: 'share' }
    fc.assert(
      fc.property(
        fc.constantFrom(linear, log, percent),
        fc.double({ min: 1e-6, max: 1e12, noNaN: true }),
        // Down to the widths that axisDomain takes for more than one value.
        fc.double({ min: -8.5, max: 6, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (axis, low, exponent, count) => {
          const ticks = ticksOf(axis, [low, low * (1 + 10 ** exponent)], count)
          const texts = ticks.map(tickWriter(axis, ticks))
          expect(new Set(texts).size).toBe(ticks.length)
        },
      ),
    )
  })

  it('writes ticks in the axis’s unit', () => {
    expect(tickText({ label: 'a', unit: 'accuracy' }, 0.8)).toBe('80%')
    expect(tickText(linear, 1.5e9)).toBe('1.5B')
    expect(tickText(linear, 1e21)).toBe('1e21')
  })

  it('does not repeat a unit that the label says', () => {
    expect(axisTitle({ label: 'loss', unit: 'nats/token' })).toBe('loss (nats/token)')
    expect(axisTitle({ label: 'bytes per token', unit: 'bytes/token' })).toBe('bytes per token')
  })
})
