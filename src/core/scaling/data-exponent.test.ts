import { expect, it } from 'vitest'
import type { EvaluationRow } from '../evidence/index.js'
import { dataExponent } from './data-exponent.js'

it('tells the exponent of six runs with Student’s interval of three degrees', () => {
  // A square in ln N and ln D about two runs that lie ±.006 off the law: nothing else is off, and Σ(ln D)² = 4.
  const points = [
    [1, 1, 0],
    [1, -1, 0],
    [-1, 1, 0],
    [-1, -1, 0],
    [0, 0, 0.006],
    [0, 0, -0.006],
  ]
  const rows = points.map(([a, b, off], i) => ({
    model: `${i}`,
    params: Math.exp(20 + a),
    tokens: Math.exp(25 + b),
    loss: Math.exp(1 - 0.2 * a - 0.1 * b + off),
  })) as EvaluationRow[]
  const { low, high, runs } = dataExponent(rows, 0.95)
  const half = 3.1824 * Math.sqrt((2 * 0.006 ** 2) / 3 / 4)
  expect([low, high, runs]).toEqual([expect.closeTo(0.1 - half, 6), expect.closeTo(0.1 + half, 6), 6])
})
