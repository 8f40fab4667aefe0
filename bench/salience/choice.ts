/**
 * Which rule of choice among the readings tells new families best, on other tables than the public one
 * (docs/decisions/0092-the-least-error-chooses.md): `npx tsx bench/salience/choice.ts [tables = 40] [part of a name]`.
 */
import { createRandom, type Random, shuffled } from '../../src/core/random/index.js'
import { salienceData } from '../../src/core/salience/analyse.js'
import type { FittedCapability, SalienceData } from '../../src/core/salience/estimator.js'
import { SALIENCE_ESTIMATORS } from '../../src/core/salience/estimators/index.js'
import { innerFolds, total } from '../../src/core/salience/inner-folds.js'
import { familiesOf } from '../../src/core/salience/loss-table.js'
import { trainingSpace } from '../../src/core/salience/training-space.js'
import { median } from '../../src/core/stats/index.js'
import { readLosses, readScores } from '../../src/ingest/salience/index.js'
import { type Made, made } from './simulations.js'

const sigmoid = (level: number, factor: number): number =>
  0.25 + 0.6 / (1 + Math.exp(8 * (level + 2 * factor - 1)))
const line = (level: number, factor: number): number => 0.9 - 0.3 * level - factor
const WORLDS: Readonly<Record<string, Omit<Made, 'models'>>> = {
  'line, 5 % planted': { spans: 200, planted: 10, kinship: 0, score: line },
  'line, 5 % planted, kin': { spans: 200, planted: 10, kinship: 0.5, score: line },
  'sigmoid, 10 % planted, kin': { spans: 100, planted: 10, kinship: 0.5, score: sigmoid },
  'sigmoid, half planted': { spans: 100, planted: 50, kinship: 0, score: sigmoid },
  'line, no salience': { spans: 60, planted: 0, kinship: 0, score: (level) => line(level, 0) },
  'sigmoid, no salience': { spans: 60, planted: 0, kinship: 1, score: (level) => sigmoid(level, 0) },
}
/** Mean losses below which a run of the ladder is no ill one, bits/byte. */
const HEALTHY = 4

type Fits = ReadonlyMap<string, FittedCapability>
const CANDIDATES = ['residual-ridge', 'pls', 'residual-components']
const ALL = ['mean-linear', 'mean-sigmoid', ...CANDIDATES]

const errorsOf = (fits: Fits, method: string): Float64Array =>
  fits.get(method)?.foldErrors ?? new Float64Array()
const least = (fits: Fits, among: readonly string[]): string =>
  among.reduce((a, b) => (total(errorsOf(fits, b)) < total(errorsOf(fits, a)) ? b : a))

/** Standard error of a sum over folds. */
function errorOfSum(values: Float64Array): number {
  const n = values.length
  const mean = total(values) / n
  return Math.sqrt((n / (n - 1)) * values.reduce((sum, v) => sum + (v - mean) ** 2, 0))
}

/** The first of the methods, from the simplest on, within one standard error of the least error. */
function simplest(fits: Fits, order: readonly string[], isPaired: boolean): string {
  const best = errorsOf(fits, least(fits, order))
  const isNear = (method: string): boolean => {
    const more = errorsOf(fits, method).map((e, f) => e - best[f])
    return total(more) <= errorOfSum(isPaired ? more : best)
  }
  return order.find(isNear) ?? order[0]
}

const RULES: Readonly<Record<string, (fits: Fits) => string>> = {
  least: (fits) => least(fits, ALL),
  paired: (fits) => simplest(fits, CANDIDATES, true),
  unpaired: (fits) => simplest(fits, CANDIDATES, false),
  'paired, plain ones too': (fits) => simplest(fits, ALL, true),
  'unpaired, plain ones too': (fits) => simplest(fits, ALL, false),
  ...Object.fromEntries(ALL.map((method) => [method, () => method])),
}

/** By rule: squared error over the judged models, relative to their variance. */
function judged(
  data: SalienceData,
  y: Float64Array,
  train: readonly number[],
  out: readonly number[],
  random: Random,
): Record<string, number> {
  const space = trainingSpace(data.profiles, train)
  const folds = innerFolds(space, data.table.models, random)
  const estimators = SALIENCE_ESTIMATORS.filter((e) => ALL.includes(e.id))
  const fits: Fits = new Map(estimators.map((e) => [e.id, e.fit(data, space, y, folds)]))
  const centre = out.reduce((sum, m) => sum + y[m], 0) / out.length
  const variance = out.reduce((sum, m) => sum + (y[m] - centre) ** 2, 0)
  const errorOf = (method: string): number =>
    out.reduce((sum, m) => sum + ((fits.get(method)?.predict(m) ?? Number.NaN) - y[m]) ** 2, 0)
  return Object.fromEntries(
    Object.entries(RULES).map(([rule, choose]) => [rule, errorOf(choose(fits)) / variance]),
  )
}

function show(name: string, rows: readonly Record<string, number>[]): void {
  const of = (rule: string): string => (1 - median(rows.map((row) => row[rule]))).toFixed(3)
  console.log(
    `${name}: ${Object.keys(RULES)
      .map((rule) => `${rule} ${of(rule)}`)
      .join(', ')}`,
  )
}

const [tables = '40', only = ''] = process.argv.slice(2)
for (const n of [20, 40])
  for (const [name, world] of Object.entries(WORLDS).filter(([own]) => own.includes(only)))
    show(
      `${name}, ${n} models`,
      Array.from({ length: Number(tables) }, (_, seed) => {
        const random = createRandom(seed).derive(`choice ${name} ${n}`)
        const { data, y } = made({ models: n + 20, ...world }, random)
        const all = [...y.keys()]
        return judged(data, y, all.slice(0, n), all.slice(n), random.derive('folds'))
      }),
    )
if ('ladder'.includes(only)) {
  const { table } = await readLosses(['ladder/span-losses.parquet'], { columns: {}, families: new Map() })
  const data = salienceData(table)
  const tasks = await readScores(['ladder/evaluations.csv', 'ladder/evaluations-unhealthy.csv'], {})
  for (const { name, scores } of tasks) {
    const y = Float64Array.from(table.models, ({ id }) => scores.get(id) ?? Number.NaN)
    const known = [...y.keys()].filter((m) => Number.isFinite(y[m]) && data.profiles.mean[m] < HEALTHY)
    const runs = familiesOf(table.models, known).map((run) => [run[run.length - 1], run[run.length >> 1]])
    show(
      `ladder, ${name}`,
      Array.from({ length: 12 }, (_, split) => {
        const random = createRandom(split).derive(`ladder ${name}`)
        const drawn = shuffled(runs, random)
        return judged(data, y, drawn.slice(0, 14).flat(), drawn.slice(14).flat(), random.derive('folds'))
      }),
    )
  }
}
