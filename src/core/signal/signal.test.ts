import { describe, expect, it } from 'vitest'
import type { EvaluationRow } from '../evidence/evaluations.js'
import { itemQuality, taskSignals } from './index.js'

const row = (model: string, value: number, more: Partial<EvaluationRow> = {}): EvaluationRow => ({
  model,
  family: null,
  params: null,
  tokens: null,
  flops: null,
  checkpoint: null,
  benchmark: 't',
  metric: 'acc',
  value,
  n_items: null,
  chance: null,
  k: null,
  loss: null,
  task_loss: null,
  subset: null,
  source: 'a.csv:1',
  ...more,
})

const run = (model: string, values: readonly number[]): EvaluationRow[] =>
  values.map((value, i) =>
    row(model, value, { checkpoint: i + 1 === values.length ? 'final' : `step${i + 1}` }),
  )

describe('taskSignals', () => {
  it('is spread over mean of finals, over that of last checkpoints', () => {
    const [found] = taskSignals([
      ...run('a', [0.1, 0.3, 0.39, 0.41, 0.4]),
      ...run('b', [0.2, 0.5, 0.58, 0.62, 0.6]),
    ])
    // Finals .4 and .6. Behind half of the four steps: .3, .39, .41, .4 and .5, .58, .62, .6 (k − 1 = 3).
    const relative = (v: readonly number[]): number => {
      const m = v.reduce((s, x) => s + x, 0) / 4
      return v.reduce((s, x) => s + (x - m) ** 2, 0) / 3 / m ** 2
    }
    const noise = Math.sqrt((relative([0.3, 0.39, 0.41, 0.4]) + relative([0.5, 0.58, 0.62, 0.6])) / 2)
    expect(found.signal).toMatchObject({ value: expect.closeTo(0.4, 12) })
    expect(found.noise).toMatchObject({ value: expect.closeTo(noise, 12), n: 6 })
    expect(found.snr).toMatchObject({ value: expect.closeTo(0.4 / noise, 9) })
    // Three of four steps rise in both: ranks 1 2 3 5 4 against 1 2 3 4 5 → ρ = 1 − 6·2/120.
    expect(found.monotonicity).toMatchObject({ value: expect.closeTo(0.9, 12) })
    expect(found.over).toBe('checkpoints')
  })

  it('takes items for the interval of a signal without checkpoints, and says where nothing is known', () => {
    const [found] = taskSignals([row('a', 0.4, { n_items: 100 }), row('b', 0.6, { n_items: 100 })])
    // 1.96·√(2·.24/100)/.5 about .4.
    const half = (1.959964 * Math.sqrt((2 * 0.24) / 100)) / 0.5
    expect(found.signal).toMatchObject({
      value: expect.closeTo(0.4, 12),
      interval: { high: expect.closeTo(0.4 + half, 6) },
    })
    const [bare] = taskSignals([row('a', 0.4), row('b', 0.6)])
    expect(bare).toMatchObject({
      signal: { kind: 'notEstimable' },
      snr: { kind: 'notEstimable' },
      decisionAccuracy: { kind: 'notEstimable' },
    })
    expect(taskSignals([row('a', 0.4)])[0].signal).toMatchObject({ reason: '1 model, two are needed' })
    expect(taskSignals([])).toEqual([])
  })

  it('asks whether small models order recipes as large ones do; a tie is half', () => {
    const at = (family: string, params: number, value: number) =>
      row(`${family}-${params}`, value, { family, params })
    const [found] = taskSignals([
      ...[at('a', 1e8, 0.3), at('b', 1e8, 0.4), at('c', 1e8, 0.4)],
      ...[at('a', 1.02e9, 0.5), at('b', 1e9, 0.6), at('c', 1e9, 0.7)],
      // Another size of one recipe alone decides nothing.
      at('a', 1e10, 0.9),
    ])
    // ab and ac agree, bc is a tie: 2.5 of 3; half as many trials as recipes.
    expect(found.decisions).toEqual([{ params: 1e8, pairs: 3, agreed: 2.5 }])
    expect(found.decisionAccuracy).toMatchObject({ value: 2.5 / 3, n: 3 })
  })

  it('turns losses round, takes names without their size for recipes, and counts a loss once', () => {
    const loss = (model: string, params: number, task_loss: number, metric = 'acc') =>
      row(model, 0.5, { params, task_loss, metric })
    const signals = taskSignals([
      ...[loss('x-100M', 1e8, 2), loss('x-100M', 1e8, 2, 'f1'), loss('y-100M', 1e8, 1.9)],
      ...[loss('x-1B', 1e9, 1.5), loss('y-1B', 1e9, 1.4)],
    ])
    const own = signals.find(({ metric }) => metric === 'task_loss')
    expect(own?.models).toBe(4)
    expect(own?.decisionAccuracy).toMatchObject({ value: 1 })
  })
})

describe('itemQuality', () => {
  it('is difficulty, and correlation with the other items', () => {
    const found = itemQuality(
      ['easy', 'telling', 'turned'],
      [
        [1, 0, 1],
        [1, 0, 1],
        [1, 1, 0],
        [1, 1, null],
      ],
    )
    expect(found.map(({ difficulty }) => difficulty)).toEqual([0, 0.5, 1 - 2 / 3])
    expect(found[0].discrimination).toBeNull()
    // Of the others' means: 1, 1, .5, 1 against 0, 0, 1, 1: r = −1/√3.
    expect(found[1].discrimination).toBeCloseTo(-1 / Math.sqrt(3), 12)
    expect(found[2].models).toBe(3)
  })

  it('is told of three models or more', () => {
    expect(
      itemQuality(
        ['a', 'b'],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ).toEqual([])
  })
})
