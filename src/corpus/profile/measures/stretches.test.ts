import { expect, it } from 'vitest'
import type { Tally } from '../measure.js'
import { startCorpus } from '../profiled.js'
import { drawnDensity, drawnSizes, drawnSums, stretches } from './stretches.js'

/** Stretches of these bytes, a third of them German, added up in this order. */
function sumsOf(sizes: readonly number[]): Tally {
  const all: Tally = stretches.start()
  for (const bytes of sizes) {
    const { states } = startCorpus()
    const own = { states, bytes, documents: 1 }
    states.languages.bytes.de = bytes / 3
    stretches.endUnit?.(states.stretches, own, bytes + 1)
    stretches.merge(all, states.stretches)
  }
  return all
}

it('sums of squares are the same whatever the order, beyond what a number holds, too', () => {
  // 3·10⁹ squared is 9·10¹⁸, whose next number is 1,024 away: nine would be lost behind it a hundred times.
  const sizes = [3e9, ...Array.from({ length: 200 }, () => 3)]
  const one = sumsOf(sizes)
  expect(sumsOf(sizes.toReversed())).toEqual(one)
  const bytes = 3e9 + 600
  const yy = Number(9n * 10n ** 18n + 1800n)
  expect(drawnSizes(one, 'bytes', bytes)).toEqual({ units: 201, y: bytes, yy })
  // Each has a byte more of storage: Σ y(y + 1) and Σ (y + 1)².
  expect(drawnDensity(one, 'bytes', bytes)).toEqual({
    ...{ units: 201, x: bytes, y: bytes + 201, xx: yy },
    ...{ xy: Number(BigInt(yy) + BigInt(bytes)), yy: Number(BigInt(yy) + 2n * BigInt(bytes) + 201n) },
  })
  expect(drawnSums(one, 'languages', ['de'], bytes / 3, { bytes, documents: 201 })).toEqual({
    ...{ units: 201, x: bytes / 3, y: bytes, yy },
    ...{ xx: Number(10n ** 18n + 200n), xy: Number(3n * 10n ** 18n + 600n) },
  })
})

it('sums of squares stay whole numbers over more units than a corpus has files', () => {
  // (2³⁰ − 1)² = 2⁶⁰ − 2³¹ + 1: of its low 40 bits alone 2¹⁴ add up to more than 2⁵³.
  const size = 2 ** 30 - 1
  const sizes = Array.from({ length: 2 ** 14 + 1 }, () => size)
  const all = sumsOf(sizes)
  expect(stretches.state.safeParse(all).success).toBe(true)
  const exact = BigInt(sizes.length) * BigInt(size) ** 2n
  expect(drawnSizes(all, 'bytes', 0).yy).toBe(Number(exact))
  // The same of parts that were added up before, as shards are.
  const [half, rest] = [sumsOf(sizes.slice(0, 9000)), sumsOf(sizes.slice(9000))]
  stretches.merge(rest, half)
  expect(rest).toEqual(all)
})
