import { describe, expect, it } from 'vitest'
import { knownChance } from '../../benchmarks/index.js'
import type { EvaluationRow } from '../../evidence/index.js'
import { createRandom } from '../../random/index.js'
import { accuracyScale } from './accuracy-scale.js'
import { bootstrapRefits, candidateFitter, drawsAt, membersOf } from './average.js'
import { summarise } from './back-test-summary.js'
import { copyBaseline } from './baseline.js'
import { calibrationFactor } from './calibration.js'
import { CANDIDATES } from './candidates.js'
import { surpassedBy } from './explain.js'
import { rollingFolds } from './folds.js'
import {
  DEFAULT_FORECAST_OPTIONS,
  type Forecast,
  type ForecastOptions,
  type ForecastTarget,
  forecast,
  forecaster,
  invertForecast,
  nextRun,
  usableBenchmarks,
} from './index.js'
import { sharpeningRuns } from './sharpen.js'
import { wideningOf } from './widening.js'

const CHANCE = 0.25
const FAST: ForecastOptions = {
  ...DEFAULT_FORECAST_OPTIONS,
  settings: { ...DEFAULT_FORECAST_OPTIONS.settings, resamples: 60 },
}

/** Accuracy of the planted law −ln Q′ = 600·C^(−.15), C = 6·N·D. */
function planted(flops: number): number {
  return CHANCE + (1 - CHANCE) * Math.exp(-600 * flops ** -0.15)
}

function row(params: number, tokens: number, more: Partial<EvaluationRow> = {}): EvaluationRow {
  return {
    model: `m${params}-${tokens}`,
    family: null,
    params,
    tokens,
    flops: null,
    checkpoint: null,
    benchmark: 'task',
    metric: 'acc',
    value: planted(6 * params * tokens),
    n_items: 5000,
    chance: CHANCE,
    k: null,
    loss: null,
    task_loss: null,
    subset: null,
    source: `t.csv:${params}`,
    ...more,
  }
}

const RUNS = [2e8, 4e8, 8e8, 1.6e9].flatMap((n) => [20, 60, 180].map((ratio) => row(n, ratio * n)))
/** The same runs, each off by the noise of 400 items: a forecast that another run would narrow. */
const noise = createRandom(2).derive('noisy runs')
const NOISY = RUNS.map((r) => ({
  ...r,
  n_items: 400,
  value: r.value + Math.sqrt((r.value * (1 - r.value)) / 400) * noise.normal(),
}))
const TARGET: ForecastTarget = { params: 7e9, tokens: 7e11, flops: 6 * 7e9 * 7e11 }
const run = (
  rows: readonly EvaluationRow[],
  target: ForecastTarget | null = TARGET,
  options = FAST,
): Forecast => forecast(rows, target, options, createRandom(1))

describe('forecast', () => {
  it('finds a planted direct law at the target to half a point, inside its interval', () => {
    const [p] = run(RUNS).predictions
    if (p.accuracy.kind !== 'estimate') throw new Error('no estimate')
    const truth = planted(TARGET.flops)
    expect(Math.abs(p.accuracy.value - truth)).toBeLessThan(0.005)
    expect(p.accuracy.interval.low).toBeLessThan(truth)
    expect(p.accuracy.interval.high).toBeGreaterThan(truth)
    expect(p.accuracy.interval.level).toBe(0.8)
  })

  it('gives the next run as a share of the target, and narrows by no more than the bootstrap part', () => {
    const [p] = run(NOISY).predictions
    const { runs, ...others } = p.spread
    expect(runs).toBeGreaterThan(0)
    expect(p.sharpening.length).toBeGreaterThan(0)
    for (const next of p.sharpening) {
      expect(next.share).toBeCloseTo(next.flops / TARGET.flops, 12)
      // Accuracy is near linear in u over so small a width, so widths go as spreads; 5 % for what is not linear.
      const least = Math.hypot(...Object.values(others)) / Math.hypot(runs, ...Object.values(others))
      expect(next.widthAfter / next.widthNow).toBeGreaterThan(0.95 * least)
      expect(next.widthAfter).toBeLessThanOrEqual(0.9 * next.widthNow)
    }
  })

  it('advises one run for all benchmarks, and none that was made', () => {
    const second = NOISY.map((r) => ({ ...r, benchmark: 'other', value: Math.min(0.99, 1.05 * r.value) }))
    const { predictions } = run([...NOISY, ...second])
    const next = nextRun(predictions)
    expect(next?.narrowed.length).toBeGreaterThan(0)
    expect(next?.share).toBeLessThanOrEqual(0.1)
    // The advised run as if it had been made: whatever is advised then is another one.
    const { params, tokens } = next ?? {}
    const made = row(params ?? 0, tokens ?? 0)
    const then = nextRun(run([...NOISY, made, ...second, { ...made, benchmark: 'other' }]).predictions)
    const isSame = Math.abs(Math.log((then?.flops ?? 1) / (next?.flops ?? 1))) < 0.1
    expect(isSame && Math.abs(Math.log((then?.params ?? 1) / (params ?? 1))) < 0.05).toBe(false)
    expect(nextRun([])).toBeNull()
  })

  it('advises no run that another benchmark has, and counts advised compute as the table does', () => {
    const experts = NOISY.map((r) => ({ ...r, flops: 1.5 * (r.params ?? 0) * (r.tokens ?? 0) }))
    const target = { ...TARGET, flops: 1.5 * 7e9 * 7e11 }
    const [p] = run(experts, target).predictions
    for (const next of p.sharpening)
      expect(next.flops / ((next.params ?? 0) * (next.tokens ?? 0))).toBeCloseTo(1.5, 9)
    const [best] = p.sharpening
    // The best one was trained, and evaluated on another benchmark alone.
    const made = { ...row(best.params ?? 0, best.tokens ?? 0, { benchmark: 'other' }), flops: best.flops }
    const then = run([...experts, made], target).predictions[0]
    expect(then.sharpening.length).toBeGreaterThan(0)
    for (const next of then.sharpening)
      expect([next.flops, next.params]).not.toEqual([best.flops, best.params])
  })

  it('keeps a spread that grows with reach where all forms agree: noise-free runs of one law', () => {
    const at = (factor: number): Forecast['predictions'][number] => {
      const place = { params: TARGET.params, tokens: TARGET.tokens, flops: factor * 6 * 1.6e9 * 180 * 1.6e9 }
      return run(RUNS, place).predictions[0]
    }
    const [near, far] = [at(3), at(300)]
    expect(near.spread.reach).toBeCloseTo(0.03 * Math.log(3), 12)
    expect(far.spread.reach).toBeCloseTo(0.03 * Math.log(300), 12)
    expect(at(0.5).spread.reach).toBe(0)
    const width = ({ accuracy }: typeof near): number =>
      accuracy.kind === 'estimate' ? accuracy.interval.high - accuracy.interval.low : Number.NaN
    expect(width(far)).toBeGreaterThan(1.5 * width(near))
  })

  it('names a run that is eight points below the law of the others, and no run of a clean ladder', () => {
    const off = NOISY.map((r, i) =>
      i === 5
        ? { ...r, n_items: 5000, value: planted(6 * (r.params ?? 0) * (r.tokens ?? 0)) - 0.08 }
        : RUNS[i],
    )
    const [{ warnings }] = run(off).predictions
    expect(warnings.filter((w) => w.includes('below the law'))).toEqual([
      expect.stringMatching(new RegExp(`^${off[5].model} lies [678]\\.\\d points below .*${off[5].source}`)),
    ])
    for (const rows of [RUNS, NOISY])
      expect(run(rows).predictions[0].warnings.some((w) => w.includes('the law of the other runs'))).toBe(
        false,
      )
  })

  it('says which run of no more compute scored more than is forecast, and whether its items tell why', () => {
    const [point] = usableBenchmarks([row(1e9, 1e11, { value: 0.9, n_items: 400 })], FAST.usable)
      .benchmarks[0].usable
    // 1.96 √(.89 · .11 / 400) = .0307
    const said = (forecast: number, flops = 1e22) => surpassedBy([point], { ...TARGET, flops }, forecast)
    expect(said(0.89)).toMatchObject({ isNoise: true, text: expect.stringContaining('its 400 items, ± 3.1') })
    expect(said(0.85)).toMatchObject({ isNoise: false, text: expect.stringContaining('by more than') })
    expect([said(0.91), said(0.85, 1e20)]).toEqual([null, null])
    // A perfect score of ten items lies 1.96 √(.97 · .03 / 10) = .106 from .97; of two runs the one that noise does not explain is told.
    const perfect = { ...point, accuracy: 1, items: 10 }
    const many = { ...point, run: 'many', accuracy: 0.99, items: 10_000 }
    expect(surpassedBy([perfect], { ...TARGET, flops: 1e22 }, 0.97)?.isNoise).toBe(true)
    expect(surpassedBy([perfect, many], { ...TARGET, flops: 1e22 }, 0.97)).toMatchObject({
      isNoise: false,
      text: expect.stringContaining('many has scored 99.0 %'),
    })
  })

  it('is the same for the same seed', () => {
    expect(run(RUNS).predictions[0].accuracy).toEqual(run(RUNS).predictions[0].accuracy)
  })

  it('asked for several targets says of each what a forecast of it alone says, and back-tests once', () => {
    const ask = forecaster(NOISY, FAST, createRandom(1))
    const near = { ...TARGET, flops: TARGET.flops / 3, tokens: (TARGET.tokens ?? 0) / 3 }
    const [far, nearer] = [ask(TARGET), ask(near)]
    expect(nearer.prepared[0]).toBe(far.prepared[0])
    for (const [made, target] of [
      [far, TARGET],
      [nearer, near],
    ] as const)
      expect(made.predictions[0].accuracy).toEqual(run(NOISY, target).predictions[0].accuracy)
  })

  it('reads percentages as shares', () => {
    const percent = RUNS.map((r) => ({ ...r, value: 100 * r.value, chance: 25 }))
    expect(run(percent).predictions[0].accuracy).toEqual(run(RUNS).predictions[0].accuracy)
  })

  it('takes models of several sizes under one name for as many runs', () => {
    const shared = run(RUNS.map((r) => ({ ...r, model: 'ours' })))
    expect(shared.predictions[0].usedRuns).toBe(4)
  })

  it('takes duplicated rows once', () => {
    expect(run([...RUNS, ...RUNS]).predictions[0].benchmark.usable).toHaveLength(
      run(RUNS).predictions[0].benchmark.usable.length,
    )
  })

  it('drops an impossible accuracy among shares, with its row', () => {
    const made = run([...RUNS, row(3e8, 3e10, { value: 45, source: 't.csv:99' })])
    expect(made.dropped).toContainEqual({
      source: 't.csv:99',
      reason: '45 among shares of task: a percentage?',
    })
  })

  it.each([
    [
      'a benchmark at chance everywhere',
      RUNS.map((r) => ({ ...r, value: CHANCE + 0.01 })),
      '0 usable points of 12',
    ],
    ['two models only', RUNS.slice(-2), '2 usable points of 2'],
    [
      'checkpoints of one run',
      [1, 2, 3, 4, 5, 6, 7].map((i) => row(1e9, i * 3e10, { model: 'one', checkpoint: `step${i}` })),
      '1 run, 2 needed',
    ],
  ])('abstains on %s', (_what, rows, reason) => {
    const made = run(rows)
    expect(made.predictions).toHaveLength(0)
    expect(made.abstentions[0].reason).toContain(reason)
  })

  it('abstains beyond 1,000× the largest run and warns beyond 30×', () => {
    const most = 6 * 1.6e9 * 180 * 1.6e9
    const at = (factor: number): Forecast => run(RUNS, { params: null, tokens: null, flops: factor * most })
    expect(at(1001).abstentions[0].reason).toContain('1,001× the compute')
    expect(at(31).predictions[0].warnings.join()).toContain('more than 30×')
    expect(at(29).predictions[0].warnings.join()).not.toContain('30×')
  })

  it('abstains where nothing beats copying the largest run', () => {
    const random = createRandom(3)
    // Rises steeply, then stands still: every power law overshoots the last sizes.
    const flat = RUNS.map((r) => ({
      ...r,
      value: (r.params ?? 0) < 3e8 ? 0.35 + 0.05 * random.uniform() : 0.7,
    }))
    expect(run(flat).abstentions[0].reason).toContain('the average of forms does not beat copying')
  })

  it('uses laws in C alone when N is missing, or tokens per parameter hardly vary', () => {
    const unsized = RUNS.map((r) => ({
      ...r,
      flops: 6 * (r.params ?? 0) * (r.tokens ?? 0),
      params: null,
      tokens: null,
    }))
    const fixed = [1, 2, 4, 8, 16, 32].map((i) => row(1e8 * i, 2e9 * i))
    for (const rows of [unsized, fixed]) {
      const [p] = run(rows).predictions
      expect(p.forms.filter((f) => f.weight > 0).map((f) => f.form)).toEqual(['direct', 'direct-ceiling'])
    }
    expect(run(fixed).predictions[0].forms.find((f) => f.form === 'params-tokens')?.refusal).toContain(
      'too little to tell N from D',
    )
  })

  it('leaves out metrics where lower is better, and runs without compute, each with its row', () => {
    const made = run([
      ...RUNS,
      row(1e9, 1e10, { metric: 'word_perplexity', source: 'a:1' }),
      row(1e9, 1e10, { tokens: null, source: 'a:2' }),
    ])
    expect(made.dropped.map((d) => d.source)).toEqual(['a:1', 'a:2'])
  })

  it('forecasts families apart when asked', () => {
    const two = RUNS.flatMap((r) => [
      { ...r, family: 'a' },
      { ...r, family: 'b', value: r.value - 0.02 },
    ])
    const made = run(two, TARGET, { ...FAST, usable: { ...FAST.usable, byFamily: true } })
    expect(made.predictions.map((p) => p.benchmark.family)).toEqual(['a', 'b'])
  })

  it('aggregates benchmarks: mean accuracy and chance, items by the noise of the mean; runs that lack one are left out', () => {
    const rows = [
      row(1e9, 2e10, { benchmark: 'a', value: 0.4, n_items: 10 }),
      row(1e9, 2e10, { benchmark: 'b', value: 0.6, chance: 0.5, n_items: 30 }),
      row(2e9, 2e10, { benchmark: 'a' }),
    ]
    const { benchmarks, dropped } = usableBenchmarks(rows, {
      ...FAST.usable,
      aggregates: new Map([['both', ['a', 'b']]]),
    })
    const both = benchmarks.find((b) => b.name === 'both')
    // .5·.5 over (.4·.6/10 + .6·.4/30)/2² = 31.25: the part of ten items brings more noise than a sum of forty has.
    expect(both?.chance).toBe(0.375)
    expect(both?.items).toBeCloseTo(31.25, 12)
    expect(both?.all.map((p) => p.accuracy)).toEqual([0.5])
    expect(dropped[0].reason).toContain('lacks b')
  })

  it('thins checkpoints as asked: warm-up out, decayed, final', () => {
    const rows = [1, 50, 92, 100].map((i) => row(1e9, i * 1e9, { model: 'one', checkpoint: `step${i}` }))
    const kept = (checkpoints: 'all' | 'decayed' | 'final'): number =>
      usableBenchmarks(rows, { ...FAST.usable, checkpoints }).benchmarks[0].all.length
    expect([kept('all'), kept('decayed'), kept('final')]).toEqual([3, 2, 1])
  })

  it('inverts: the compute that reaches an accuracy is where the forecast says that accuracy', () => {
    const made = run(RUNS, null, { ...FAST, settings: { ...FAST.settings, curveReach: 1000 } })
    expect(made.assumedTarget).toBe(true)
    const { flops } = invertForecast(made.predictions[0], 0.7)
    if (flops.kind !== 'estimate') throw new Error(flops.reason)
    // Planted: 600·C^(−.15) = −ln .6.
    const wanted = (600 / -Math.log(0.6)) ** (1 / 0.15)
    expect(Math.abs(Math.log(flops.value / wanted))).toBeLessThan(0.1)
    expect(invertForecast(made.predictions[0], 0.999).flops.kind).toBe('notEstimable')
  })

  it('gives no compute for an accuracy that the curve, or its upper end, has where it starts', () => {
    const [p] = run(RUNS, null, { ...FAST, settings: { ...FAST.settings, curveReach: 1000 } }).predictions
    const { accuracy, high } = p.curve
    const under = invertForecast(p, accuracy[0] - 0.01)
    expect(under.flops).toMatchObject({
      kind: 'notEstimable',
      reason: expect.stringContaining('is below the'),
    })
    expect([under.params, under.tokens]).toEqual([null, null])
    expect(invertForecast(p, (accuracy[0] + high[0]) / 2).flops).toMatchObject({
      kind: 'notEstimable',
      reason: expect.stringContaining('upper end is above'),
    })
  })
})

describe('parts', () => {
  it('leaves bootstrap refits that did not converge out, and counts them', () => {
    // Two runs of three points each at one compute: a resample of one run alone cannot tell a slope.
    const rows = [1, 2].flatMap((i) =>
      [1, 2, 3].map((c) =>
        row(1, 1, { model: `run${i}`, checkpoint: `step${c}`, params: null, tokens: null, flops: i * 1e20 }),
      ),
    )
    const points = usableBenchmarks(rows.map((r, i) => ({ ...r, value: 0.5 + 0.01 * i }))).benchmarks[0]
      .usable
    expect(points).toHaveLength(6)
    const data = { usable: points, all: points }
    const scale = accuracyScale(CHANCE)
    const target = { ...TARGET, params: null, tokens: null }
    const { fits } = candidateFitter(data, scale, true)(target)
    const weights = CANDIDATES.map((c) => (c.id === 'direct' ? 1 : 0))
    const refits = bootstrapRefits(points, scale, membersOf(fits, weights), createRandom(1), 200)
    expect(refits.made).toBe(200)
    // One run is drawn twice with probability ½: 100 of 200, give or take five standard deviations of √50.
    expect(Math.abs(refits.leftOut - 100)).toBeLessThan(5 * Math.sqrt(50))
    const draws = drawsAt(refits, weights, target)
    expect(draws).toHaveLength(refits.made)
    expect(draws.filter((u) => u === null)).toHaveLength(refits.leftOut)
  })

  it('holds out by compute without fitting on a held run, or on anything as large', () => {
    // Three runs of four checkpoints each, sizes unknown: run i ends at 4·10^(19+i).
    const points = [0, 1, 2].flatMap((i) =>
      [1, 2, 3, 4].map((c) =>
        row(1, 1, {
          model: `run${i}`,
          checkpoint: `step${c}`,
          params: null,
          tokens: null,
          flops: c * 10 ** (19 + i),
        }),
      ),
    )
    points.push(row(1, 1, { model: 'twin', params: null, tokens: null, flops: 2e21 }))
    const all = usableBenchmarks(points.map((p) => ({ ...p, value: 0.6 }))).benchmarks[0].usable
    expect(all).toHaveLength(13)
    const [fold, ...more] = rollingFolds({ usable: all, all })
    expect(more).toHaveLength(0)
    // A quarter of 13 is 3 points: 4, 3 and 2 × 10²¹; the twin equals the last and is held out with it.
    expect(fold.test.map((p) => p.flops)).toEqual([2e21, 2e21, 3e21, 4e21])
    for (const part of [fold.train.usable, fold.train.all]) {
      expect([...new Set(part.map((p) => p.run))]).toEqual(['run0', 'run1'])
      expect(part).toHaveLength(8)
    }
    // Without run 0, the twin and a checkpoint, run 1 has three points below run 2's last: too few for a fold.
    const few = all.filter((p) => !['run0', 'twin'].includes(p.run) && p.flops !== 1e20)
    expect(rollingFolds({ usable: few, all: few })).toEqual([])
  })

  it('sums up the baseline over the folds that the forecast was judged on, no others', () => {
    const [{ test, heldOut, scale }] = run(RUNS).prepared
    expect(test.folds.length).toBeGreaterThan(1)
    const first = summarise(
      test,
      heldOut.filter((h) => h.fold === 0),
      scale,
      { factor: 1, apartFrom: () => 1 },
      0.8,
    )
    // All points of the first fold were judged, so its own mean is what the summary must give.
    expect(heldOut.filter((h) => h.fold === 0)).toHaveLength(test.folds[0].test.length)
    expect(first.baselineMae).toBeCloseTo(test.baselineErrors[0], 12)
    expect(test.baselineErrors[1]).not.toBeCloseTo(test.baselineErrors[0], 3)
  })

  it('keeps runs of one name apart where they are of several sizes or families', () => {
    const of = (params: number, family: string): EvaluationRow => row(params, 2e10, { model: 'm', family })
    const rows = [of(1e9, 'a'), of(1e9, 'b'), of(4e9, 'a')]
    const [{ all }] = usableBenchmarks(rows).benchmarks
    expect(all.map((p) => p.run)).toEqual([
      'm (1.00e+9 parameters, a)',
      'm (1.00e+9 parameters, b)',
      'm (4.00e+9 parameters, a)',
    ])
    // The subject is the run of its size and family: the other sizes and families have the name, and the benchmark.
    const subject = { model: 'm', family: 'b' }
    const asked = { ...TARGET, params: 1e9, tokens: 2e10 }
    const unmeasured = [
      of(1e9, 'a'),
      row(4e9, 2e10, { model: 'm', family: 'b' }),
      row(1e9, 2e10, { benchmark: 'other' }),
    ]
    const made = forecast(unmeasured, asked, { ...FAST, subject }, createRandom(1))
    expect(made.abstentions.map((a) => a.benchmark.name)).toEqual(['task', 'other'])
    const measured = forecast([...unmeasured, of(1e9, 'b')], asked, { ...FAST, subject }, createRandom(1))
    expect(measured.abstentions.map((a) => a.benchmark.name)).toEqual(['other'])
  })

  it('judges a fold by weights and a widening that its own runs had no part in', () => {
    const [own] = run(NOISY).prepared
    // What the largest size scored is held out by the first fold, and fitted by none that judges it.
    const most = Math.max(...RUNS.map((r) => r.params ?? 0))
    const [other] = run(NOISY.map((r) => (r.params === most ? { ...r, value: r.value - 0.1 } : r))).prepared
    const said = ({ heldOut }: typeof own) =>
      heldOut.filter((h) => h.fold === 0).map((h) => [h.u, h.deviation])
    expect(said(own)).toHaveLength(3)
    expect(said(other)).toEqual(said(own))
    const apart = ({ test, ...rest }: typeof own) => wideningOf([{ test, ...rest }]).apartFrom(test.folds[0])
    expect(apart(other)).toBe(apart({ ...own, heldOut: other.heldOut }))
    expect(wideningOf([other]).factor).toBeGreaterThan(wideningOf([own]).factor)
  })

  it('correlates what resamples tell of two places by pairs, where some of them cannot tell', () => {
    const [p] = run(NOISY).prepared
    const spread = { runs: 0.2, forms: 0, reach: 0, recipe: 0.03, items: 0 }
    const site = { params: 1e9, tokens: 2e10, flops: 1.2e20 }
    const draws = [0.5, -1, 1.5, -0.2, 0.9, -1.4, 0.1, 0.7]
    const width = (target: (number | null)[], at: (number | null)[]): number | undefined =>
      sharpeningRuns([site], target, [at], p, { u: -0.5, spread }, TARGET, 1, 1.28)[0]?.widthAfter
    // The same draws at both places: with one untold at each, six pairs are left, and they are still the same.
    const both = width([null, ...draws.slice(1)], [...draws.slice(0, 7), null])
    expect(both).toBeCloseTo(width(draws.slice(1, 7), draws.slice(1, 7)) ?? 0, 12)
  })

  it('takes the mean of rows that contradict each other, and names them; rounding is no contradiction', () => {
    const rows = [
      row(1e9, 2e10, { value: 0.5, source: 'a:1' }),
      row(1e9, 2e10, { value: 0.6, source: 'a:2' }),
      row(2e9, 2e10, { value: 0.5001, source: 'a:3' }),
      row(2e9, 2e10, { value: 0.5, source: 'a:4' }),
    ]
    const { benchmarks, contradictions } = usableBenchmarks(rows)
    expect(benchmarks[0].all.map((p) => p.accuracy)).toEqual([0.55, expect.closeTo(0.50005, 12)])
    expect(contradictions).toEqual([
      {
        run: rows[0].model,
        benchmark: 'task',
        rows: [
          { source: 'a:1', value: 0.5 },
          { source: 'a:2', value: 0.6 },
        ],
      },
    ])
    const only = new Set(['other'])
    expect(usableBenchmarks(rows, { ...FAST.usable, only }).contradictions).toEqual([])
  })

  it('copies the largest run whose tokens per parameter are nearest', () => {
    const { benchmarks } = usableBenchmarks(RUNS)
    const near = copyBaseline(benchmarks[0].usable, { params: 7e9, tokens: 7e9 * 70, flops: 1 })
    expect(near).toBe(planted(6 * 1.6e9 * 60 * 1.6e9))
  })

  it('widens spreads by what the back-test shows, shrunk to 1 and never below', () => {
    // Errors of exactly 2·1.2816 spreads at the 80 % quantile in 8 folds, against 8 prior folds: (8·2 + 8)/16.
    expect(calibrationFactor(Array.from({ length: 8 }, () => [2 * 1.2815515655]))).toBeCloseTo(1.5, 6)
    expect(calibrationFactor([[0.01]])).toBe(1)
    expect(calibrationFactor([])).toBe(1)
  })

  it('knows customary chance levels by prefix', () => {
    expect([
      knownChance('mmlu_anatomy'),
      knownChance('ARC-Easy'),
      knownChance('lambada_openai'),
      knownChance('novel'),
    ]).toEqual([0.25, 0.25, 0, null])
    // Other benchmarks than MATH, ARC and TruthfulQA's choices.
    expect(
      ['math_qa', 'arc_agi', 'truthfulqa_gen', 'truthful_qa_gen', 'math_algebra'].map(knownChance),
    ).toEqual([0.2, 0, null, null, 0])
  })
})
