import { expect, it } from 'vitest'
import type { TrainingRun } from '../evidence/index.js'
import type { LineChart } from '../exhibit.js'
import { type ChartAxis, chartsAlong, placesOf } from './axis.js'
import { judgeRun } from './judge-run.js'

const none = new Float64Array(0)
const step = Float64Array.from({ length: 41 }, (_, i) => 10 * i)

/** 41 rows ten steps apart: 100 tokens a step up to step 200, 300 from there; two seconds a step. */
function runOf(logged: Partial<TrainingRun>): TrainingRun {
  return {
    id: 'run',
    format: 'test',
    source: 'test.log',
    step,
    loss: step.map((s) => 2 + 8 / (1 + s / 20)),
    tokens: none,
    validationLoss: none,
    gradNorm: none,
    learningRate: none,
    seconds: none,
    line: step.map((_, i) => i + 1),
    nonFinite: [],
    notes: [],
    ...logged,
  }
}

const counted = judgeRun(
  runOf({ tokens: step.map((s) => (s <= 200 ? 100 * s : 300 * s - 40_000)), seconds: step.map(() => 2) }),
)

it.each<[ChartAxis, number, number]>([
  ['step', 300, 300],
  ['tokens', 100, 10_000],
  // Between two rows along the line, beyond the last one as between the last two.
  ['tokens', 305, 51_500],
  ['tokens', 500, 110_000],
  ['hours', 360, 0.2],
])('%s: step %d lies at %d', (axis, at, place) => {
  expect(placesOf(counted, axis)?.(at)).toBeCloseTo(place, 9)
})

it('takes so many tokens a step where the log counts none, and nothing where it tells nothing', () => {
  expect(placesOf(judgeRun(runOf({ tokensPerStep: 512 })), 'tokens')?.(10)).toBe(5120)
  expect(placesOf(judgeRun(runOf({})), 'tokens')).toBeUndefined()
  expect(placesOf(judgeRun(runOf({})), 'hours')).toBeUndefined()
  const broken = runOf({ seconds: step.map((_, i) => (i === 5 ? Number.POSITIVE_INFINITY : 2)) })
  expect(placesOf(judgeRun(broken), 'hours')?.(360)).toBeCloseTo(0.2, 9)
})

it('moves series, marks and the ends of the axis', () => {
  const chart: LineChart = {
    kind: 'lines',
    caption: 'loss',
    x: { label: 'step', domain: [0, 400] },
    y: { label: 'loss' },
    series: [{ name: 'loss', style: 'line', x: [0, 400], y: [10, 3] }],
    marks: [{ from: 100, to: 200, label: 'spike', status: 'warn' }],
  }
  expect(chartsAlong([chart], counted, 'tokens')).toEqual([
    {
      ...chart,
      x: { label: 'tokens', domain: [0, 80_000] },
      series: [{ name: 'loss', style: 'line', x: [0, 80_000], y: [10, 3] }],
      marks: [{ from: 10_000, to: 20_000, label: 'spike', status: 'warn' }],
    },
  ])
  expect(chartsAlong([chart], counted)).toEqual([chart])
})
