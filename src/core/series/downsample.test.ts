import { expect, it } from 'vitest'
import { downsample } from './downsample.js'

const shown = (steps: readonly number[]): string[] =>
  downsample({ step: Float64Array.from(steps), value: Float64Array.from(steps, () => 1) }).y.map(String)

const range = (from: number, to: number, every: number): number[] =>
  Array.from({ length: Math.floor((to - from) / every) }, (_, i) => from + i * every)

it.each([
  ['every step', range(0, 100, 1), 0],
  ['rows that are missing', [...range(0, 50, 1), ...range(400, 450, 1)], 1],
  ['two gaps', [...range(0, 50, 1), ...range(400, 450, 1), ...range(900, 950, 1)], 2],
  ['rarer rows from some step on', [...range(0, 200, 1), ...range(200, 4000, 100)], 0],
  ['one and nine steps in turn', range(0, 50, 1).flatMap((i) => [10 * i, 10 * i + 1]), 0],
])('a line stops at the gaps of a log: %s', (_, steps, gaps) => {
  const y = shown(steps)
  expect([y.filter((v) => v === 'NaN').length, y.length]).toEqual([gaps, steps.length + gaps])
})

it('keeps one point without numbers a gap where rows are left out, too', () => {
  const steps = [...range(0, 5000, 1), ...range(90_000, 95_000, 1)]
  const { x, y } = downsample({
    step: Float64Array.from(steps),
    value: Float64Array.from(steps, (s) => s % 7),
  })
  expect(y.filter(Number.isNaN)).toHaveLength(1)
  expect(x[y.findIndex(Number.isNaN)]).toBeGreaterThanOrEqual(90_000)
})
