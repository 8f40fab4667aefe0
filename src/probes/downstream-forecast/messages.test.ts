import { describe, expect, it } from 'vitest'
import {
  createRandom,
  DEFAULT_FORECAST_OPTIONS,
  type EvaluationRow,
  type Forecast,
  forecast,
} from '../../core/index.js'
import { judgeForecast, samplingFindings, samplingSection, tableFindings } from './index.js'

const OPTIONS = {
  ...DEFAULT_FORECAST_OPTIONS,
  settings: { ...DEFAULT_FORECAST_OPTIONS.settings, resamples: 25 },
}
const TARGET = { params: 4e9, tokens: 8e10, flops: 6 * 4e9 * 8e10 }
const random = createRandom(6).derive('messages')

function rowsOf(benchmark: string, value: (flops: number, i: number) => number, count = 6): EvaluationRow[] {
  return Array.from({ length: count }, (_, i): EvaluationRow => {
    const params = 1e8 * 1.7 ** i
    return {
      ...{ model: `m${i}`, family: null, params, tokens: 20 * params, flops: null, checkpoint: null },
      ...{ benchmark, metric: 'acc', value: value(6 * 20 * params * params, i), n_items: 500, chance: 0.25 },
      ...{ k: null, loss: null, task_loss: null, subset: null, source: `t.csv:${benchmark}-${i}` },
    }
  })
}
const law = (flops: number): number => 0.25 + 0.75 * Math.exp(-600 * flops ** -0.15) + 0.01 * random.normal()
const flat = (): number => 0.25
const made = (rows: readonly EvaluationRow[]): Forecast => forecast(rows, TARGET, OPTIONS, createRandom(1))

describe('what a forecast says', () => {
  it('refusals stand beside forecasts in one table behind them, and are counted', () => {
    const { findings, sections } = judgeForecast(
      made([...rowsOf('a', law), ...rowsOf('b', flat), ...rowsOf('c', flat)]),
    )
    expect(findings.map((f) => f.code)).not.toContain('downstream-forecast/abstained')
    expect(sections[0].answer).toMatch(/^a is forecast at .*; 2 refused\.$/)
    const titles = sections[0].tables.map((t) => t.title)
    expect(titles.indexOf('No forecast')).toBeGreaterThan(titles.indexOf('Forecasts'))
    const refused = sections[0].tables.filter((t) => t.title === 'No forecast')
    expect(refused.map((t) => t.rows.map(([name]) => name))).toEqual([['b', 'c']])
  })

  it.each([
    [[...rowsOf('b', flat)], 'b is refused', 'b: no forecast, 0 usable points of 6'],
    [
      [...rowsOf('b', flat), ...rowsOf('c', law, 4)],
      'all 2 benchmarks are refused',
      /^b: no forecast, 0 usable points of 6.*; 1 more in the table/,
    ],
  ])('says once why nothing can be forecast', (rows, answer, title) => {
    const { findings, sections } = judgeForecast(made(rows))
    expect(sections[0].answer).toContain(answer)
    expect(findings.map((f) => [f.code, f.title])).toEqual([
      [
        'downstream-forecast/abstained',
        typeof title === 'string' ? expect.stringContaining(title) : expect.stringMatching(title),
      ],
    ])
  })

  it('never speaks of no benchmarks: rows without compute, and none at all', () => {
    const unsized = rowsOf('a', law).map((r) => ({ ...r, params: null, tokens: null }))
    expect(judgeForecast(made(unsized)).sections[0].answer).toBe(
      'Nothing can be forecast: no row has an accuracy and a training compute (6 were left out).',
    )
    expect(judgeForecast(made([])).sections[0].answer).not.toMatch(/\b0 benchmarks/)
  })

  it('names a run that is off, whatever the rest', () => {
    const rows = rowsOf('a', (c) => 0.25 + 0.75 * Math.exp(-600 * c ** -0.15), 9)
    const off = rows.map((r, i) =>
      i === 4 ? { ...r, value: r.value - 0.08, n_items: 5000 } : { ...r, n_items: 5000 },
    )
    const { findings } = judgeForecast(made(off))
    expect(findings[0].detail).toMatch(
      /m4 lies [78]\.\d points below the law of the other runs \(t\.csv:a-4\)/,
    )
  })

  it('prices the run that it advises', () => {
    const noisy = rowsOf('a', law, 8)
    const priced = judgeForecast(made(noisy), 3).findings.find(
      (f) => f.code === 'downstream-forecast/next-run',
    )
    const advised = made(noisy).predictions[0].sharpening
    if (advised.length === 0) expect(priced).toBeUndefined()
    else
      expect(priced?.action).toContain(
        `about ${Math.round((advised[0].flops / 1e18) * 3).toLocaleString('en')} at the price given`,
      )
  })

  it('tells checkpoints from before a decay that are left out from those that stay', () => {
    const base = { ...made(rowsOf('a', law)) }
    const of = (undecayed: Forecast['undecayed']) =>
      judgeForecast({ ...base, undecayed }).findings.find((f) => f.code === 'downstream-forecast/undecayed')
    expect(of(null)).toBeUndefined()
    expect(of({ toldBy: 'loss', runs: 5, leftOut: 95, kept: [] })).toMatchObject({
      status: 'pass',
      title:
        '95 measurements of checkpoints of 5 runs before the decay of the learning rate (their loss falls at the end, off its own trend) are left out',
    })
    expect(of({ toldBy: 'schedule', runs: 1, leftOut: 0, kept: ['a'] })).toMatchObject({
      status: 'warn',
      title: expect.stringMatching(
        /^Checkpoints of 1 run before .* \(the table says so\) count for a, where/,
      ),
    })
  })

  it('names rows that contradict each other', () => {
    const rows = rowsOf('a', law)
    const { findings } = judgeForecast(made([...rows, { ...rows[2], value: 0.9, source: 't.csv:9' }]))
    expect(findings.find((f) => f.code === 'downstream-forecast/contradiction')).toMatchObject({
      status: 'warn',
      title: '1 measurement stands in the table with different scores; its mean is taken',
      detail: `m2 on a: ${rows[2].value.toFixed(3)} (t.csv:a-2), 0.900 (t.csv:9).`,
    })
  })

  it('says that no rate can be planned from, and draws no empty table', () => {
    const none = { plans: [], abstentions: [], dropped: [], contradictions: [] }
    expect(samplingFindings(none)).toMatchObject([
      { status: 'insufficient', title: expect.stringContaining('No pass rate at a number of samples') },
    ])
    expect(samplingSection(none).tables).toEqual([])
  })

  it('passes on what a reader took a table for', () => {
    expect(tableFindings(['t.csv: a column a benchmark: ARC'])).toMatchObject([
      { code: 'downstream-forecast/table', title: 't.csv: a column a benchmark: ARC' },
    ])
  })
})
