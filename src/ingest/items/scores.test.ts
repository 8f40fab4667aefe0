import { describe, expect, it } from 'vitest'
import { marginOf, metricScores, scoreOf } from './scores.js'

describe('scores', () => {
  it('are numbers, grades or yes and no', () => {
    expect(['C', 'I', 'P', true, 'false', '0.25', 0.5, '', null, 'x'].map(scoreOf)).toEqual([
      1,
      0,
      0.5,
      1,
      0,
      0.25,
      0.5,
      null,
      null,
      null,
    ])
    const of = (...results: Record<string, unknown>[]) =>
      metricScores(
        results.map((own, i) => ({ results: own, line: i + 1 })),
        undefined,
        'f',
      ).scores
    expect(of({ other: 1, 'exact_match,strict': 0 })).toEqual([0])
    expect(() => of({ a: 'x' })).toThrow('no metric that is a number')
    expect(marginOf([-1, -2], 1)).toBe(-1)
    expect(marginOf([-1], 0)).toBeUndefined()
  })

  it('are of one metric a file: a row without it is named, no other metric takes its place', () => {
    const of = (acc: unknown, line: number) => ({ results: { acc, acc_norm: 1 }, line })
    const error = (): unknown => metricScores([of(null, 1), of(0, 2), of('', 3)], undefined, 'f.jsonl')
    expect(error).toThrow(/found null, expected a score[\s\S]*at f.jsonl:3, field "acc": found ""/)
    expect(metricScores([of(null, 1), of(0, 2)], 'acc_norm', 'f.jsonl')).toEqual({
      metric: 'acc_norm',
      scores: [1, 1],
    })
  })
})
