import { describe, expect, it } from 'vitest'
import { createRandom, DEFAULT_FORECAST_OPTIONS, type EvaluationRow, forecast } from '../../src/core/index.js'

const CHANCE = 0.25
const TARGET = { params: 8e9, tokens: 4e11, flops: 6 * 8e9 * 4e11 }

/**
 * One synthetic suite of four benchmarks: −ln Q′ = A·N^(−α) + B·D^(−β), each run off by its own recipe noise
 * (.03 in u, shared by a run's benchmarks) and by binomial noise of 2,000 items.
 */
function suite(seed: number): { rows: EvaluationRow[]; truth: Map<string, number> } {
  const random = createRandom(seed).derive('coverage of forecasts')
  const rows: EvaluationRow[] = []
  const truth = new Map<string, number>()
  const sizes = [1.5e8, 3e8, 6e8, 1.2e9]
  const runs = sizes.flatMap((params) =>
    [20, 50, 120].map((ratio) => ({ params, tokens: ratio * params, off: 0.03 * random.normal() })),
  )
  const late = 0.03 * random.normal()
  for (let b = 0; b < 4; b++) {
    const [alpha, beta] = [0.25 + 0.2 * random.uniform(), 0.2 + 0.15 * random.uniform()]
    const [logA, logB] = [
      alpha * Math.log(6e8) - 0.6 * random.uniform(),
      beta * Math.log(2e10) - 0.6 * random.uniform(),
    ]
    const measured = (params: number, tokens: number, off: number): number => {
      const u =
        Math.log(Math.exp(logA - alpha * Math.log(params)) + Math.exp(logB - beta * Math.log(tokens))) + off
      const q = CHANCE + (1 - CHANCE) * Math.exp(-Math.exp(u))
      return Math.min(0.999, Math.max(0.001, q + Math.sqrt((q * (1 - q)) / 2000) * random.normal()))
    }
    for (const run of runs)
      rows.push({
        model: `m${run.params}-${run.tokens}`,
        family: null,
        params: run.params,
        tokens: run.tokens,
        flops: null,
        checkpoint: null,
        benchmark: `b${b}`,
        metric: 'acc',
        value: measured(run.params, run.tokens, run.off),
        n_items: 2000,
        chance: CHANCE,
        k: null,
        loss: null,
        task_loss: null,
        subset: null,
        source: 'planted',
      })
    truth.set(`b${b}`, measured(TARGET.params, TARGET.tokens, late))
  }
  return { rows, truth }
}

describe('forecast intervals', () => {
  it('80 % intervals hold 70–95 % of planted larger runs (25 suites of 4 benchmarks)', () => {
    let hits = 0
    let n = 0
    const options = {
      ...DEFAULT_FORECAST_OPTIONS,
      normalise: 'on' as const,
      settings: { ...DEFAULT_FORECAST_OPTIONS.settings, resamples: 60 },
    }
    for (let seed = 1; seed <= 25; seed++) {
      const { rows, truth } = suite(seed)
      for (const { benchmark, accuracy } of forecast(rows, TARGET, options, createRandom(seed)).predictions) {
        const value = truth.get(benchmark.name)
        if (accuracy.kind === 'notEstimable' || value === undefined) continue
        n++
        if (accuracy.interval.low <= value && value <= accuracy.interval.high) hits++
      }
    }
    expect(n).toBeGreaterThan(90)
    // ± 2 standard errors of a share of 100, which are not independent within a suite: 80 % ± 10 points.
    expect(hits / n).toBeGreaterThanOrEqual(0.7)
    expect(hits / n).toBeLessThanOrEqual(0.95)
  }, 600_000)
})
