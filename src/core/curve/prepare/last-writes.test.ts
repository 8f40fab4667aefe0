import { describe, expect, it } from 'vitest'
import { runOf } from '../../../../test/run-of.js'
import { lastWrites } from './last-writes.js'
import { prepare } from './prepare.js'

const of = (steps: number[], values: number[]) => {
  const run = runOf(steps, { loss: Float64Array.from(values) })
  return { run, ...lastWrites(run, run.loss) }
}

describe('lastWrites', () => {
  it('hands on columns that are a curve already, without a copy', () => {
    const { run, curve, restarts } = of([1, 2, 3], [3, 2, 1])
    expect(curve.value).toBe(run.loss)
    expect(curve.step.buffer).toBe(run.step.buffer)
    expect(restarts).toEqual([])
    expect(prepare(run).finiteLoss.value).toBe(run.loss)
  })

  it('copies what is left of rows without a value, and leaves the log as it is', () => {
    const { run, curve } = of([1, 2, 3], [3, Number.NaN, 1])
    expect([Array.from(curve.step), Array.from(curve.value)]).toEqual([
      [1, 3],
      [3, 1],
    ])
    expect(Array.from(run.loss)).toEqual([3, Number.NaN, 1])
  })

  it('tells what a step back threw away, and the rows around it', () => {
    const { curve, restarts } = of([0, 1, 2, 3, 4, 5, 2, 3], [9, 8, 7, 6, 5, 4, 3, 2])
    expect([Array.from(curve.step), Array.from(curve.value)]).toEqual([
      [0, 1, 2, 3],
      [9, 8, 3, 2],
    ])
    expect(restarts).toMatchObject([{ fromStep: 5, toStep: 2, rowBefore: 1, rowAfter: 6 }])
    expect(Array.from(restarts[0].discarded.value)).toEqual([7, 6, 5, 4])
  })
})
