import { describe, expect, it } from 'vitest'
import { MOST_CHECKPOINTS, thinCheckpoints } from './checkpoints.js'
import type { Measured } from './measured.js'

function checkpoint(run: string, k: number, of: number): Measured {
  const flops = (1e20 * k) / of
  return {
    ...{
      run,
      family: null,
      params: 1e9,
      tokens: flops / 6e9,
      flops,
      checkpoint: `step${k}`,
      accuracy: 0.3 + (0.4 * k) / of,
    },
    ...{ items: 1000, samples: null, loss: 3 - k / of, taskLoss: null, source: `t.csv:${k}` },
    ...{ benchmark: 'quiz', metric: 'acc', chance: 0.25 },
  }
}

const run = (name: string, of: number): Measured[] =>
  Array.from({ length: of }, (_, k) => checkpoint(name, k + 1, of))

describe('checkpoints of a run', () => {
  it('stay as they are where there are few', () => {
    expect(thinCheckpoints(run('a', 20), 'all')).toHaveLength(20)
  })

  it('are averaged in equal steps of compute where there are many, the last one kept', () => {
    const kept = thinCheckpoints([...run('a', 980), ...run('b', 10)], 'all')
    const a = kept.filter((p) => p.run === 'a')
    expect(a.length).toBeLessThanOrEqual(MOST_CHECKPOINTS)
    expect(a.length).toBeGreaterThan(MOST_CHECKPOINTS / 2)
    expect(a.at(-1)).toEqual(checkpoint('a', 980, 980))
    // Accuracy is a line in compute and a step 10 % wide, so an average lies on the line but for the step's curvature.
    for (const p of a) expect(Math.abs(p.accuracy - (0.3 + 0.4e-20 * p.flops))).toBeLessThan(2e-3)
    for (const p of a) expect(p.tokens).toBeCloseTo(p.flops / 6e9, -3)
    expect(kept.filter((p) => p.run === 'b')).toHaveLength(10)
  })

  it('are the last alone where only the final ones are asked for', () => {
    expect(thinCheckpoints(run('a', 980), 'final')).toEqual([checkpoint('a', 980, 980)])
  })
})
