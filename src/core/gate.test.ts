import { describe, expect, it } from 'vitest'
import { estimate, notEstimable } from './estimate.js'
import { decideGate, verdictOf } from './gate.js'
import type { Metric } from './metric.js'

const metric = (value: number, low: number, high: number, better: 'lower' | 'higher' = 'lower'): Metric => ({
  id: 'm',
  title: 'M',
  estimate: estimate(value, { low, high, level: 0.95 }, 'bits/byte', 10),
  better,
})

describe('decideGate', () => {
  it.each([
    ['max', 1.2, 'pass'], // 1.1 ≤ 1.2
    ['max', 1.1, 'pass'], // the bound itself is allowed
    ['max', 1.0, 'insufficient'], // .9 ≤ 1.0 < 1.1
    ['max', 0.8, 'fail'], // .9 > .8
    ['min', 0.8, 'pass'],
    ['min', 1.0, 'insufficient'],
    ['min', 1.2, 'fail'],
  ] as const)('%s %d on 1.0 [.9, 1.1] → %s', (kind, bound, status) => {
    expect(decideGate({ metric: 'm', tier: 'critical', [kind]: bound }, [metric(1, 0.9, 1.1)]).status).toBe(
      status,
    )
  })

  it('measures drops from the baseline, in the worse direction', () => {
    const before = { metrics: [metric(1, 0.95, 1.05)] }
    // Lower is better, so a drop in quality is a rise: 0 ± √(.1² + .05²) = ± .112 lies below .2.
    expect(
      decideGate({ metric: 'm', tier: 'critical', max_drop: 0.2 }, [metric(1, 0.9, 1.1)], before).status,
    ).toBe('pass')
    // Higher is better: −.15 ± √(.05² + .05²) = ± .071 lies below −5 %.
    const accuracy = { metrics: [metric(1, 0.95, 1.05, 'higher')] }
    expect(
      decideGate(
        { metric: 'm', tier: 'critical', max_relative_drop: 0.05 },
        [metric(0.85, 0.8, 0.9, 'higher')],
        accuracy,
      ).status,
    ).toBe('fail')
  })

  it('takes the paired change where there is one: the same documents make a small change visible', () => {
    const gate = { metric: 'm', tier: 'critical', max_drop: 0.05 } as const
    const metrics = [metric(1, 0.9, 1.1)]
    const now = metric(1.08, 0.98, 1.18)
    expect(decideGate(gate, [now], { metrics }).status).toBe('insufficient')
    const changes = new Map([['m', estimate(0.08, { low: 0.07, high: 0.09, level: 0.95 }, 'bits/byte', 10)]])
    expect(decideGate(gate, [now], { metrics, changes })).toMatchObject({ status: 'fail', limit: 0.05 })
  })

  it('is insufficient, never passed, without metric, estimate or baseline', () => {
    const none: Metric = { id: 'm', title: 'M', estimate: notEstimable('no text'), better: 'lower' }
    expect(decideGate({ metric: 'm', tier: 'critical', max: 1 }, []).status).toBe('insufficient')
    expect(decideGate({ metric: 'm', tier: 'critical', max: 1 }, [none]).status).toBe('insufficient')
    expect(decideGate({ metric: 'm', tier: 'critical', max_drop: 1 }, [metric(1, 0.9, 1.1)]).status).toBe(
      'insufficient',
    )
  })
})

describe('verdictOf', () => {
  const result = (tier: 'critical' | 'advisory', bound: number) =>
    decideGate({ metric: 'm', tier, max: bound }, [metric(1, 0.9, 1.1)])

  it('is the worst critical gate', () => {
    expect(verdictOf([result('critical', 2)])).toBe('GO')
    expect(verdictOf([result('critical', 2), result('critical', 1)])).toBe('INCONCLUSIVE')
    expect(verdictOf([result('critical', 1), result('critical', 0.5)])).toBe('NO-GO')
  })

  it('takes no notice of other tiers, and grants nothing when nothing was asked', () => {
    expect(verdictOf([result('critical', 2), result('advisory', 0.5)])).toBe('GO')
    expect(verdictOf([result('advisory', 2)])).toBe('INCONCLUSIVE')
    expect(verdictOf([])).toBe('INCONCLUSIVE')
  })
})
