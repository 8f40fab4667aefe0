import type { EvaluationRow } from '../../evidence/index.js'
import { createRandom, DEFAULT_SEED, type Random } from '../../random/index.js'
import { meanOrNull } from '../../stats/index.js'
import { acrossFamilies } from './across-families.js'
import type { BackTest } from './back-test.js'
import { CANDIDATES } from './candidates.js'
import { chooseLaw } from './choose-law.js'
import { factorOf, placeAt } from './curve.js'
import { DEFAULT_FORECAST, earlyAbstention, type ForecastSettings, forecastOne } from './forecast.js'
import type { Contradiction, Dropped } from './measured.js'
import type { Abstention, Prediction } from './outcome.js'
import { type Target, tokensPerParam } from './point.js'
import { type Askable, backTestOf, type Prepared, prepare, scaleOf } from './prepare.js'
import { forecastSubject, poolOfFamilies } from './subject.js'
import {
  type Benchmark,
  DEFAULT_USABLE,
  type UndecayedReport,
  type UsableOptions,
  usableBenchmarks,
} from './usable.js'
import { pooledErrors } from './weights.js'
import { type Widening, wideningOf } from './widening.js'
import type { WorthMeasuring } from './worth-measuring.js'

/** How a forecast is made; begin with `DEFAULT_FORECAST_OPTIONS`. */
export interface ForecastOptions {
  readonly usable: UsableOptions
  readonly settings: ForecastSettings
  /** `auto`: raw accuracies only where the pooled back-test clearly prefers them. */
  readonly normalise: 'auto' | 'on' | 'off'
  /** The one model to forecast, of which the table may hold some scores; what it was not measured on is forecast. */
  readonly subject?: { readonly model: string; readonly family: string }
  readonly onProgress?: (done: number, total: number, benchmark: string) => void
}

/** What `assay forecast` uses where nothing else is asked for. */
export const DEFAULT_FORECAST_OPTIONS: ForecastOptions = {
  usable: DEFAULT_USABLE,
  settings: DEFAULT_FORECAST,
  normalise: 'auto',
}

/** Everything that a forecast of several benchmarks says. */
export interface Forecast {
  readonly target: Target
  /** True when the caller named no target and one was put a little beyond the runs, for curves and back-tests. */
  readonly assumedTarget: boolean
  readonly predictions: readonly Prediction[]
  readonly abstentions: readonly Abstention[]
  /** Prepared benchmarks in the order of the predictions and abstentions that were fitted. */
  readonly prepared: readonly Prepared[]
  readonly dropped: readonly Dropped[]
  /** Runs that the table scores twice, differently: means are taken. */
  readonly contradictions: readonly Contradiction[]
  /** Checkpoints from before the decay of the learning rate, where there are any; null also where all were asked for. */
  readonly undecayed: UndecayedReport | null
  /** Families that speak as one where forecasts are not made by family; fewer than two are not counted. */
  readonly pooledFamilies: number
  /** Unmeasured benchmarks of a subject by what measuring each would tell, the most first. */
  readonly worthMeasuring: readonly WorthMeasuring[]
}

const ASSUMED_REACH = 10

/** Raw accuracies must beat normalised ones by this factor in the pooled back-test to be used. */
const RAW_ADVANTAGE = 0.85

function meanAveragedError(tests: readonly BackTest[]): number {
  const pooled = pooledErrors(tests.map((t) => t.errors))
  const errors = pooled.filter((e, i) => e !== null && CANDIDATES[i].average) as number[]
  return meanOrNull(errors) ?? Infinity
}

/**
 * The back-tests on the scale that the option names, or that the pooled back-test prefers: raw accuracies must
 * win clearly, since normalised ones are what the law is about.
 */
function backTests(
  benchmarks: readonly Benchmark[],
  normalise: ForecastOptions['normalise'],
): { normalised: boolean; tests: BackTest[] } {
  const all = (normalised: boolean): BackTest[] => benchmarks.map((b) => backTestOf(b, normalised, false))
  if (normalise === 'off') return { normalised: false, tests: all(false) }
  const tests = all(true)
  if (normalise === 'on' || benchmarks.every((b) => b.chance === 0)) return { normalised: true, tests }
  const raw = benchmarks.map((b) => backTestOf(b, false, true))
  if (meanAveragedError(raw) < RAW_ADVANTAGE * meanAveragedError(tests))
    return { normalised: false, tests: all(false) }
  return { normalised: true, tests }
}

/** A target for callers that name none: `ASSUMED_REACH` times the largest run, at its tokens per parameter. */
function beyond(benchmarks: readonly Benchmark[]): Target {
  const points = benchmarks.flatMap((b) => b.all)
  if (points.length === 0) return { params: null, tokens: null, flops: 1 }
  const largest = points.reduce((best, p) => (p.flops > best.flops ? p : best))
  return placeAt(ASSUMED_REACH * largest.flops, tokensPerParam(largest), factorOf(largest))
}

/** Benchmarks of one pool of back-tests (one family, or all), ready to be asked for any target. */
interface Pool {
  readonly prepared: readonly Askable[]
  readonly pooled: readonly (number | null)[]
  readonly widening: Widening
}

function poolOf(fitting: readonly Benchmark[], options: ForecastOptions, random: Random): Pool {
  const { normalised, tests } = backTests(fitting, options.normalise)
  const prepared = fitting.map((benchmark, i) =>
    prepare(benchmark, scaleOf(benchmark, normalised), tests[i], tests, random),
  )
  return { prepared, pooled: pooledErrors(tests.map((t) => t.errors)), widening: wideningOf(prepared) }
}

type PoolForecast = Pick<Forecast, 'predictions' | 'abstentions' | 'prepared'>

/** Forecasts of one pool; back-tests and fits are made once for all targets that reach the same benchmarks. */
function poolForecaster(
  benchmarks: readonly Benchmark[],
  options: ForecastOptions,
  random: Random,
): (target: Target) => PoolForecast {
  const pools = new Map<string, Pool>()
  const made = benchmarks.flatMap((b) => b.all)
  return (target) => {
    const reasons = benchmarks.map((benchmark) => earlyAbstention(benchmark, target))
    const key = reasons.map((reason) => reason === null).join()
    const pool =
      pools.get(key) ??
      poolOf(
        benchmarks.filter((_, i) => reasons[i] === null),
        options,
        random,
      )
    pools.set(key, pool)
    const predictions: Prediction[] = []
    const abstentions = benchmarks.flatMap((benchmark, i): Abstention[] => {
      const reason = reasons[i]
      return reason === null ? [] : [{ kind: 'abstention', benchmark, reason, forms: [] }]
    })
    const { prepared, pooled, widening } = pool
    prepared.forEach((p, i) => {
      options.onProgress?.(i, prepared.length, p.benchmark.name)
      const outcome = forecastOne(p, pooled, widening, made, target, options.settings, random)
      if (outcome.kind === 'prediction') predictions.push(outcome)
      else abstentions.push(outcome)
    })
    return { predictions, abstentions, prepared }
  }
}

/**
 * Forecasts of every benchmark of a tidy table at any target (arXiv:2512.08894, docs/methods/scaling.md#average-of-laws):
 * near-chance filter, rolling back-test, average of the direct laws weighted by it, intervals calibrated on it,
 * abstention where the data cannot carry a forecast. What needs no target is made once.
 */
export function forecaster(
  rows: readonly EvaluationRow[],
  options: ForecastOptions = DEFAULT_FORECAST_OPTIONS,
  random: Random = createRandom(DEFAULT_SEED),
): (asked: Target | null) => Forecast {
  const { subject, usable, settings } = options
  const { benchmarks, dropped, undecayed, contradictions } = usableBenchmarks(rows, usable)
  const across =
    usable.byFamily && subject === undefined ? acrossFamilies(poolOfFamilies(rows, usable)) : null
  const families = [...new Set(benchmarks.map((b) => b.family))]
  const pools = families.map((family) =>
    poolForecaster(
      benchmarks.filter((b) => b.family === family),
      options,
      random.derive(family ?? 'all'),
    ),
  )
  return (asked) => {
    const target = asked ?? beyond(benchmarks)
    if (subject !== undefined) return forecastSubject(rows, target, options, subject)
    const parts = pools.map((pool) => {
      const part = pool(target)
      return across === null ? part : { ...part, ...chooseLaw(part, across, target, settings) }
    })
    return {
      target,
      assumedTarget: asked === null,
      predictions: parts.flatMap((p) => p.predictions),
      abstentions: parts.flatMap((p) => p.abstentions),
      prepared: parts.flatMap((p) => p.prepared),
      dropped,
      contradictions,
      undecayed,
      pooledFamilies: usable.byFamily ? 0 : familiesOf(benchmarks),
      worthMeasuring: [],
    }
  }
}

/** {@link forecaster} for one target. */
export function forecast(
  rows: readonly EvaluationRow[],
  asked: Target | null,
  options: ForecastOptions = DEFAULT_FORECAST_OPTIONS,
  random: Random = createRandom(DEFAULT_SEED),
): Forecast {
  return forecaster(rows, options, random)(asked)
}

function familiesOf(benchmarks: readonly Benchmark[]): number {
  return new Set(benchmarks.flatMap((b) => b.usable.flatMap((p) => p.family ?? []))).size
}

export { ACROSS_FAMILIES } from './across-families.js'
export type { BackTestSummary } from './back-test-summary.js'
export { CANDIDATES } from './candidates.js'
export type { Checkpoints as ForecastCheckpoints } from './checkpoints.js'
export { type ComputeRule, computeRuleOf, followsRule } from './compute-rule.js'
export type { Curve as ForecastCurve } from './curve.js'
export { surpassedBy, WARNED_EXTRAPOLATION } from './explain.js'
export { type ForecastSettings, LARGEST_EXTRAPOLATION } from './forecast.js'
export type { Spread as ForecastSpread } from './interval.js'
export { type Inversion, invertForecast } from './invert.js'
export {
  type Contradiction as ForecastContradiction,
  type Dropped as DroppedBenchmark,
  isOneSize,
} from './measured.js'
export { nextRun } from './next-run.js'
export type {
  Abstention as ForecastAbstention,
  FormReport,
  Prediction as ForecastPrediction,
} from './outcome.js'
export { DENSE_FACTOR, type RunPoint, type Target as ForecastTarget, trainingFlops } from './point.js'
export type { Prepared as PreparedBenchmark } from './prepare.js'
export type { Sharpening } from './sharpen.js'
export type { Candidate as ForecastCandidate } from './stages.js'
export {
  type Benchmark as ForecastBenchmark,
  NEAR_CHANCE_MARGIN,
  type UndecayedReport,
  type UsableOptions,
  usableBenchmarks,
} from './usable.js'
export type { WorthMeasuring } from './worth-measuring.js'
