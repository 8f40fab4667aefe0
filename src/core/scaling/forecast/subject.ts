import type { EvaluationRow } from '../../evidence/index.js'
import { acrossFamilies } from './across-families.js'
import type { Forecast, ForecastOptions } from './index.js'
import { runNames } from './measured.js'
import type { Abstention, Prediction } from './outcome.js'
import type { Target } from './point.js'
import { type Benchmark, type UsableOptions, usableBenchmarks } from './usable.js'

/** All benchmarks over all families, each run at its end: those that are not asked for tell of those that are. */
export function poolOfFamilies(rows: readonly EvaluationRow[], usable: UsableOptions): Benchmark[] {
  return usableBenchmarks(rows, { ...usable, byFamily: false, checkpoints: 'final', only: null }).benchmarks
}

/** A benchmark as far as one family was measured on it. */
function ofFamily(benchmark: Benchmark, family: string): Benchmark {
  const own = (points: Benchmark['all']): Benchmark['all'] => points.filter((p) => p.family === family)
  return { ...benchmark, family, all: own(benchmark.all), usable: own(benchmark.usable) }
}

/** Forecast what one model was not measured on, from its own scores, its relatives and the other families. */
export function forecastSubject(
  rows: readonly EvaluationRow[],
  target: Target,
  options: ForecastOptions,
  subject: { readonly model: string; readonly family: string },
): Forecast {
  const { dropped, contradictions } = usableBenchmarks(rows, options.usable)
  const pool = poolOfFamilies(rows, options.usable)
  const run = runNames(rows)({ ...subject, params: target.params })
  const across = acrossFamilies(pool, run)
  const { only } = options.usable
  const unmeasured = pool
    .filter((b) => only === null || only.has(b.name))
    .filter((b) => !b.all.some((p) => p.run === run && p.family === subject.family))
    .map((b) => ofFamily(b, subject.family))
  const outcomes = unmeasured.map(
    (benchmark): Prediction | Abstention =>
      across?.forecast(benchmark, target, options.settings, run) ?? {
        kind: 'abstention',
        benchmark,
        reason: 'fewer than three families of known sizes were measured',
        forms: [],
      },
  )
  return {
    target,
    assumedTarget: false,
    predictions: outcomes.filter((o) => o.kind === 'prediction'),
    abstentions: outcomes.filter((o) => o.kind === 'abstention'),
    prepared: [],
    dropped,
    contradictions,
    undecayed: null,
    pooledFamilies: 0,
    worthMeasuring: across?.worthMeasuring(unmeasured, target, run) ?? [],
  }
}
