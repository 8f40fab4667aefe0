import { describe, expect, it } from 'vitest'
import { estimate, type Metric, type MetricDeclaration, notEstimable } from '../core/index.js'
import { seriesFindings, seriesSection } from './series-section.js'

const declaration = (id: string, title: string, timing = false): MetricDeclaration => ({
  id,
  title,
  unit: 'bits/byte',
  better: 'lower',
  timing,
  ...(id.endsWith('*') && { part: 'domain' }),
  onFail: '',
  onRegress: '',
})
const DECLARED = [
  declaration('loss.macro', 'Loss, mean of domains'),
  declaration('loss.domain.*', 'Loss on *'),
  declaration('size', 'Size'),
  declaration('cost', 'Cost', true),
]
const metric = (id: string, title: string, value: number | null): Metric => ({
  id,
  title,
  better: 'lower',
  estimate:
    value === null
      ? notEstimable('not asked')
      : estimate(value, { low: value - 0.1, high: value + 0.1, level: 0.95 }, 'bits/byte', 8),
})
const at = (step: number, macro: number, code: number | null, cost: number) => ({
  step,
  model: `run/step${step}`,
  metrics: [
    metric('loss.macro', 'Loss, mean of domains', macro),
    metric('loss.domain.code', 'Loss on code', code),
    metric('loss.domain.prose', 'Loss on prose', macro),
    metric('size', 'Size', 1),
    metric('cost', 'Cost', cost),
  ],
})

describe('a series of checkpoints', () => {
  const section = seriesSection([at(10, 3, null, 1), at(20, 2, 1.5, 2), at(30, 1, 0.5, 3)], DECLARED)

  it('answers by the first number that moved', () => {
    expect(section.answer).toBe('Loss, mean of domains went from 3 at step 10 to 1 at step 30 (bits/byte).')
    expect(seriesFindings([at(10, 3, null, 1), at(20, 2, 1.5, 2)], DECLARED)).toEqual([])
  })

  it('leads with the held-out loss, and tells what the last checkpoint lost', () => {
    const loss = [declaration('held-out-loss.macro', 'Held-out loss')]
    const run = (...values: number[]) =>
      values.map((value, i) => ({
        step: 10 * (i + 1),
        model: 'm',
        metrics: [metric('size', 'Size', value), metric('held-out-loss.macro', 'Held-out loss', value)],
      }))
    const declared = [...DECLARED, ...loss]
    const worse = run(4.3, 2.6, 3.5)
    expect(seriesSection(worse, declared).answer).toBe(
      'Held-out loss went from 4.3 at step 10 to 3.5 at step 30 (bits/byte), and was best, 2.6 at step 20.',
    )
    expect(seriesFindings(worse, declared)).toMatchObject([
      {
        code: 'checkpoints/worse-than-before',
        status: 'warn',
        title: 'Held-out loss is worse at step 30 than at step 20: 3.5 against 2.6 bits/byte',
      },
    ])
    // Intervals of a tenth either way overlap.
    expect(seriesSection(run(3, 2.9), declared).answer).toBe(
      'Held-out loss is not shown to have changed between the ends: 3 at step 10, 2.9 at step 20 (bits/byte).',
    )
    expect(seriesFindings(run(3, 2.9, 3.05), declared)).toEqual([])
  })

  it('draws what moved, timings and what stands still left out', () => {
    expect(section.charts.map((chart) => chart.kind === 'lines' && chart.y.label)).toEqual([
      'Loss, mean of domains',
      'Loss',
    ])
    const [macro, domains] = section.charts
    expect(macro).toMatchObject({
      series: [
        { style: 'band', low: [2.9, 1.9, 0.9], high: [3.1, 2.1, 1.1] },
        { style: 'line', x: [10, 20, 30], y: [3, 2, 1] },
      ],
    })
    // What is not known at a step is not drawn there.
    expect(domains).toMatchObject({
      series: [
        { name: 'code', x: [20, 30], y: [1.5, 0.5] },
        { name: 'prose', x: [10, 20, 30] },
      ],
    })
  })

  it('has a row a checkpoint in every table', () => {
    expect(section.tables.map(({ columns, rows }) => [columns, rows.map((row) => row[0])])).toEqual([
      [
        ['Step', 'Loss, mean of domains'],
        [10, 20, 30],
      ],
      [
        ['Step', 'code', 'prose'],
        [10, 20, 30],
      ],
      [
        ['Step', 'Size'],
        [10, 20, 30],
      ],
    ])
  })

  it('says when nothing moved', () => {
    expect(seriesSection([at(10, 3, 1, 1)], DECLARED)).toMatchObject({
      answer: 'No number changed between the checkpoints.',
      charts: [],
    })
  })
})
