import { describe, expect, it } from 'vitest'
import { exact } from './estimate.js'
import { declarationFor, type MetricDeclaration, nameMetrics } from './metric.js'

const declare = (id: string, title: string): MetricDeclaration => ({
  id,
  title,
  unit: 'share',
  better: 'lower',
  onFail: 'mend it',
  onRegress: 'go back',
})
const DECLARED = [
  declare('p.mean', 'Mean'),
  declare('p.of.*', 'Share of *'),
  declare('p.of.deep.*', 'Deep share of *'),
]
const one = exact(1, 'share', 1)

describe('declarationFor', () => {
  it.each([
    ['p.mean', 'p.mean', undefined],
    ['p.of.law', 'p.of.*', 'law'],
    ['p.of.a.b', 'p.of.*', 'a.b'],
    ['p.of.deep.x', 'p.of.deep.*', 'x'],
  ])('%s belongs to %s', (id, declared, part) => {
    const found = declarationFor(DECLARED, id)
    expect([found?.declaration.id, found?.part]).toEqual([declared, part])
  })

  it.each(['p.means', 'p.of', 'p.of.', 'q.mean'])('%s belongs to none', (id) => {
    expect(declarationFor(DECLARED, id)).toBeUndefined()
  })
})

describe('nameMetrics', () => {
  it('takes title and direction from the declaration, and the part from the measurement', () => {
    const { metrics, faults } = nameMetrics(DECLARED, [
      { metric: 'p.mean', estimate: one },
      { metric: 'p.of.*', part: '$& law', estimate: one },
      { metric: 'p.of.*', part: 'a.b', partTitle: 'a (b)', estimate: one },
    ])
    expect(faults).toEqual([])
    expect(metrics.map((m) => [m.id, m.title, m.better])).toEqual([
      ['p.mean', 'Mean', 'lower'],
      ['p.of.$& law', 'Share of $& law', 'lower'],
      ['p.of.a.b', 'Share of a (b)', 'lower'],
    ])
  })

  it('leaves out, and names, what was not declared, names no part, or was measured twice', () => {
    const { metrics, faults } = nameMetrics(DECLARED, [
      { metric: 'p.median', estimate: one },
      { metric: 'p.of.*', estimate: one },
      { metric: 'p.mean', part: 'x', estimate: one },
      { metric: 'p.of.*', part: 'law', estimate: one },
      { metric: 'p.of.*', part: 'law', estimate: one },
    ])
    expect(metrics).toEqual([])
    expect(faults).toEqual([
      'p.median was measured but never declared',
      'p.of.* was measured without naming its part',
      'p.mean is no pattern, yet was measured for "x"',
      'p.of.law was measured twice',
    ])
  })
})
