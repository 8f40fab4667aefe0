import { describe, expect, it } from 'vitest'
import { runOf } from '../../../../test/run-of.js'
import type { TrainingRun } from '../../evidence/index.js'
import { prepare } from '../prepare/prepare.js'
import { costOfSteps } from './cost.js'

function prepared(steps: readonly number[], tokens: readonly number[], more: Partial<TrainingRun> = {}) {
  return prepare(runOf(steps, { tokens: Float64Array.from(tokens), ...more }))
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

describe('tokensPerStep', () => {
  it('is the usual growth of the count where a roll-back takes the steps back and the count goes on', () => {
    // Steps 1–100, then 51–150: 200 rows of 1,024 tokens each, so that the ends would say 200·1,024 / 149.
    const steps = [...upTo(100), ...upTo(100).map((s) => s + 50)]
    const run = prepared(
      steps,
      steps.map((_, i) => 1024 * (i + 1)),
    )
    expect(run.tokensPerStep).toBe(1024)
    expect(costOfSteps(run, 50)).toEqual({ steps: 50, tokens: 51_200 })
  })

  it('takes the log at its word, and gives FLOPs by 6·N·D where it names the parameters', () => {
    const run = prepared(upTo(10), [], { tokensPerStep: 512, params: 1000 })
    expect(costOfSteps(run, 2)).toEqual({ steps: 2, tokens: 1024, flops: 6 * 1000 * 1024 })
  })

  it('is unknown without a count', () => {
    expect(prepared(upTo(10), []).tokensPerStep).toBeUndefined()
  })
})

describe('isContinued', () => {
  it('is told by tokens seen before the first step', () => {
    const tokens = (before: number): number[] => upTo(50).map((s) => before + 1024 * s)
    expect(prepared(upTo(50), tokens(0)).isContinued).toBe(false)
    expect(prepared(upTo(50), tokens(1_000_000)).isContinued).toBe(true)
    expect(prepared(upTo(50), []).isContinued).toBe(false)
  })
})
