import { expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { sampledRatio, sampledShare, sampledTotal } from './sampled.js'

const random = createRandom(8)

/** Stretches of different size, in which a part is common or rare. */
const STRETCHES = Array.from({ length: 3000 }, () => {
  const y = 100 + random.integer(900)
  return { x: Math.round(y * (random.uniform() < 0.1 ? 0.8 : 0.05 * random.uniform())), y }
})

function draw(share: number, stretches = STRETCHES) {
  const drawn = stretches.filter(() => random.uniform() < share)
  const sum = (f: (s: { x: number; y: number }) => number): number =>
    drawn.reduce((total, s) => total + f(s), 0)
  return {
    units: drawn.length,
    x: sum(({ x }) => x),
    y: sum(({ y }) => y),
    xx: sum(({ x }) => x * x),
    xy: sum(({ x, y }) => x * y),
    yy: sum(({ y }) => y * y),
  }
}

it('holds the share and the size of the whole in 95 of 100 samples', () => {
  const x = STRETCHES.reduce((sum, s) => sum + s.x, 0)
  const y = STRETCHES.reduce((sum, s) => sum + s.y, 0)
  const trials = 400
  let shares = 0
  let totals = 0
  for (let i = 0; i < trials; i++) {
    const sums = draw(0.05)
    const share = sampledShare(sums, 0.05, 0.95)
    const total = sampledTotal(sums, STRETCHES.length, 'bytes', 0.95)
    if (share.kind === 'estimate' && share.interval.low <= x / y && x / y <= share.interval.high) shares++
    if (total.kind === 'estimate' && total.interval.low <= y && y <= total.interval.high) totals++
  }
  // The standard deviation of a share of 400 at .95 is .011.
  expect(shares / trials).toBeGreaterThan(0.91)
  expect(totals / trials).toBeGreaterThan(0.91)
})

it('holds the share of a part that stands in one of twenty stretches, the size of the whole 9 times in 10', () => {
  const trials = 1000
  const missed = { above: 0, below: 0, size: 0 }
  for (let i = 0; i < trials; i++) {
    const stretches = Array.from({ length: 780 }, () => ({ x: random.uniform() < 0.05 ? 100 : 0, y: 100 }))
    const sums = draw(0.1, stretches)
    const share = sampledShare(sums, 0.1, 0.95)
    // Two documents for each of its bytes beside one of all others.
    const xx = sums.xx + 2 * sums.xy + sums.yy
    const size = sampledRatio({ ...sums, x: sums.x + sums.y, xx, xy: sums.xy + sums.yy }, 0.1, '', 0.95)
    const truth = stretches.reduce((sum, { x }) => sum + x, 0) / 78_000
    if (share.kind === 'estimate' && truth > share.interval.high) missed.above++
    if (share.kind === 'estimate' && truth < share.interval.low) missed.below++
    if (size.kind === 'estimate' && Math.abs(1 + truth - size.value) > size.interval.high - size.value)
      missed.size++
  }
  // The standard deviation of a share of 1,000 at .025 is .005; Student's interval lies below it 7 times in 100.
  expect(missed.above / trials).toBeLessThan(0.035)
  expect(missed.below / trials).toBeLessThan(0.04)
  expect(Math.abs(missed.size / trials - 0.1)).toBeLessThan(0.04)
})

it('tells the whole of ten stretches by the two that were taken, whatever the chance was', () => {
  const total = sampledTotal({ units: 2, y: 8, yy: 34 }, 10, 'documents', 0.95)
  // 3 and 5: mean 4, variance 2; √(.8 · 2/2) · 10 · t(.975, 1) = 12.706 · 8.944; no fewer than the 8 that were read.
  expect(total).toMatchObject({ value: 40, interval: { low: 8 }, n: 2 })
  expect(total.kind === 'estimate' && total.interval.high).toBeCloseTo(40 + 12.7062 * Math.sqrt(0.8) * 10, 1)
})

it('tells a ratio above one as it is, and one of one without a share’s doubt', () => {
  // Tokens and bytes of (10, 10) and (14, 10), one of two stretches drawn: residuals −2 and 2; √(.5 · 2 · 8)/20 · t(.975, 1).
  const ratio = sampledRatio({ units: 2, x: 24, y: 20, xx: 296, xy: 240, yy: 200 }, 0.5, 'tokens/byte', 0.95)
  expect(ratio).toMatchObject({ value: 1.2, unit: 'tokens/byte', n: 2, interval: { low: 0 } })
  expect(ratio.kind === 'estimate' && ratio.interval.high).toBeCloseTo(1.2 + (12.7062 * Math.sqrt(8)) / 20, 4)
  const equal = { units: 2, x: 30, y: 30, xx: 500, xy: 500, yy: 500 }
  expect(sampledRatio(equal, 0.5, 'tokens/byte', 0.95)).toMatchObject({
    value: 1,
    interval: { low: 1, high: 1 },
  })
})

it('tells no interval without width where nothing was seen, and none of one stretch', () => {
  const nothing = { units: 50, x: 0, y: 5000, xx: 0, xy: 0, yy: 600_000 }
  expect(sampledShare(nothing, 0.01, 0.95)).toMatchObject({ value: 0, interval: { low: 0 } })
  // Wilson's upper bound at 0 of n is z² / (n + z²).
  const bound = 1.96 ** 2 / (50 + 1.96 ** 2)
  const share = sampledShare(nothing, 0.01, 0.95)
  expect(share.kind === 'estimate' && share.interval.high).toBeCloseTo(bound, 4)
  expect(sampledShare({ ...nothing, units: 1 }, 0.01, 0.95).kind).toBe('notEstimable')
})
