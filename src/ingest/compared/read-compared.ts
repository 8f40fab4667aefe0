import {
  type ComparedBenchmark,
  commonMetric,
  DEFAULT_LEVEL,
  type Estimate,
  type EvaluationRow,
  estimate,
  groupBy,
  notEstimable,
  preferredMetric,
  RIGHT_OR_WRONG,
  rightOrWrongOf,
  sameMetric,
  scoreName,
  wilsonInterval,
} from '../../core/index.js'
import { listed } from '../../core/text/counted.js'
import { raiseItems } from '../items/errors.js'
import type { ItemsOptions } from '../items/item-row.js'
import { NO_METRIC } from '../items/scores.js'
import { pairModels } from './pair-models.js'
import {
  readSubjects,
  requireWishedOf,
  type Subject,
  type SubjectRow,
  type SubjectSource,
  UNNAMED,
} from './read-subject.js'

/** Results of several models, ready to be compared. */
export interface ComparedResults {
  readonly models: readonly string[]
  readonly benchmarks: readonly ComparedBenchmark[]
  readonly files: readonly string[]
  readonly notes: readonly string[]
}

/** How results are read for a comparison. */
export interface ComparedOptions extends ItemsOptions {
  readonly level?: number
}

/** Letters of a key that is no mere number of an item. */
const LEAST_KEY = 16

function scoreOf(row: EvaluationRow, level: number): Estimate {
  const { value, n_items } = row
  if (n_items === null || !(n_items > 0))
    return notEstimable(`${row.source} does not tell how many items were asked`)
  return estimate(value, wilsonInterval(value * n_items, n_items, level), 'accuracy', n_items)
}

/** What models tell of a benchmark without items. */
interface Told {
  readonly metric?: string
  readonly told: readonly (Estimate | undefined)[]
  /** Why a model that tells it is left out: it does so in another metric. */
  readonly leftOut: ReadonlyMap<string, string>
}

/** @throws items/other-shots where a model was shown another number of solved examples */
function requireSameShots(
  benchmark: string,
  rows: readonly { readonly shots?: number | null; readonly place: string }[],
): void {
  const told = rows.filter(({ shots = null }) => shots !== null)
  const other = told.find(({ shots }) => shots !== told[0].shots)
  if (other !== undefined)
    throw raiseItems(
      'other-shots',
      `${benchmark} was asked with ${other.shots} shots here, with ${told[0].shots} at ${told[0].place}`,
      { path: other.place },
    )
}

/** Scores of every model that tells no items: in the metric of those that do, else in the one that most of them have. */
function toldScores(
  subjects: readonly Subject[],
  benchmark: string,
  item: SubjectRow | undefined,
  { metric: wished, level = DEFAULT_LEVEL }: ComparedOptions,
  notes: string[],
): Told {
  const rows = subjects.map(({ told }) => told.filter((row) => scoreName(row) === benchmark))
  const leftOut = new Map<string, string>()
  if (rows.every((own) => own.length === 0)) return { told: rows.map(() => undefined), leftOut }
  const names = groupBy(rows.flat(), (row) => commonMetric(row.metric))
  const counts = new Map([...names].map(([name, own]) => [name, own.length]))
  const ofItems = item === undefined ? undefined : (item.metric ?? NO_METRIC)
  const common = wished === undefined ? undefined : commonMetric(wished)
  const metric =
    ofItems ?? (common !== undefined && counts.has(common) ? common : preferredMetric(counts, RIGHT_OR_WRONG))
  if (common !== undefined && ofItems === undefined && metric !== common)
    notes.push(`${benchmark}: no results tell ${wished}; ${metric} is compared`)
  const chosen = rows.map((own, m) => {
    const { model } = subjects[m]
    if (own.length === 0) return undefined
    const same = own.find((row) => sameMetric(row.metric, metric) === 'same')
    const fitting = own.filter((row) => sameMetric(row.metric, metric) === 'unknown')
    const row = same ?? rightOrWrongOf(fitting, (one) => one.metric)
    if (row === undefined)
      leftOut.set(
        model,
        `${benchmark} was not measured of ${model} in ${metric}: its results tell ${own.map((one) => one.metric).join(', ')}`,
      )
    else if (same === undefined)
      notes.push(
        `${benchmark}: ${model} is told in ${row.metric}, others in ${metric}: a difference may be the metric’s`,
      )
    return row
  })
  requireSameShots(benchmark, [
    ...(item === undefined ? [] : [{ shots: item.shots ?? null, place: item.path }]),
    ...chosen.flatMap((row) => (row === undefined ? [] : [{ shots: row.shots ?? null, place: row.source }])),
  ])
  const told = chosen.map((row) => row && scoreOf(row, level))
  return { ...(metric === NO_METRIC ? {} : { metric }), told, leftOut }
}

function requireSeveral(subjects: readonly Subject[], sources: readonly SubjectSource[]): void {
  const path = sources.map((source) => source.path).join(', ')
  if (subjects.length < 2)
    throw raiseItems('one-model', `found ${subjects.map(({ model }) => model).join(', ') || 'none'} alone`, {
      path,
    })
  const twice = subjects.find(({ model }, i) => subjects.findIndex((other) => other.model === model) !== i)
  if (twice !== undefined)
    throw raiseItems('one-model', `two of the results are named ${twice.model}`, { path })
}

/** Rows that name no benchmark, under that of another model's which most of them stand in. */
function nameByItems(subjects: readonly Subject[], notes: string[]): Subject[] {
  const named = subjects.flatMap(({ rows }) => rows.filter(({ benchmark }) => benchmark !== UNNAMED))
  const byBenchmark = [...groupBy(named, (row) => row.benchmark)].map(
    ([benchmark, rows]) => [benchmark, new Set(rows.map(({ key }) => key))] as const,
  )
  return subjects.map((subject) => {
    const untold = subject.rows.filter(({ benchmark }) => benchmark === UNNAMED)
    const [best] = byBenchmark
      .map(([benchmark, keys]) => ({ benchmark, found: untold.filter(({ key }) => keys.has(key)).length }))
      .sort((a, b) => b.found - a.found)
    // Ids alone, as 0 to 99, stand in every benchmark: hashes of documents are long.
    const told = untold.every(({ key }) => key.length >= LEAST_KEY)
    if (best === undefined || !told || 2 * best.found <= untold.length) return subject
    notes.push(
      `${untold[0].path} tells no task: ${best.found} of its ${untold.length} items are those of ${best.benchmark}, as which it is compared`,
    )
    const rows = subject.rows.map((row) =>
      row.benchmark === UNNAMED ? { ...row, benchmark: best.benchmark } : row,
    )
    return { ...subject, rows }
  })
}

/** @throws items/no-common-size where models were trained on other numbers of examples */
function requireSameSizes(subjects: readonly Subject[], notes: string[]): void {
  const [first, ...rest] = subjects.filter(({ rows }) => rows.length > 0)
  if (first === undefined) return
  const other = rest.find(({ sizes }) => sizes.join() !== first.sizes.join())
  if (other !== undefined)
    throw raiseItems(
      'no-common-size',
      `${first.model} has n = ${first.sizes.join(', ') || 'nothing'}, ${other.model} n = ${other.sizes.join(', ') || 'nothing'}`,
      { path: other.rows[0].path, field: 'n' },
    )
  if (first.sizes.length > 1 || subjects.some(({ seeds }) => seeds > 1))
    notes.push(
      'an item’s score is its mean over training sizes and seeds: intervals are about other items, not other training runs (assay gain tells those apart)',
    )
}

/**
 * Read the results of several models, and pair their items benchmark by benchmark. What is not shared is said.
 *
 * @throws {AssayError} items/…, evaluations/…, table/… naming the file, and the rows where there are any at fault
 */
export async function readCompared(
  sources: readonly SubjectSource[],
  options: ComparedOptions = {},
): Promise<ComparedResults> {
  const read = []
  for (const source of sources) read.push(await readSubjects(source, options))
  const notes = read.flatMap((own) => own.notes)
  const subjects = nameByItems(
    read.flatMap((own) => own.subjects),
    notes,
  )
  requireSeveral(subjects, sources)
  requireWishedOf(subjects, options, sources[0].path)
  requireSameSizes(subjects, notes)
  const names = new Set(
    subjects.flatMap(({ rows, told }) => [...rows.map((row) => row.benchmark), ...told.map(scoreName)]),
  )
  const otherMetrics: string[] = []
  const byBenchmark = subjects.map(({ rows }) => groupBy(rows, (row) => row.benchmark))
  const benchmarks = [...names].flatMap((benchmark): ComparedBenchmark[] => {
    const models = subjects.map(({ model }, m) => ({ model, rows: byBenchmark[m].get(benchmark) ?? [] }))
    const [first] = models.flatMap(({ rows }) => rows.slice(0, 1))
    const { leftOut, ...scored } = toldScores(subjects, benchmark, first, options, notes)
    const lacking = models.filter(({ rows }, m) => rows.length === 0 && scored.told[m] === undefined)
    const unmeasured = lacking.filter(({ model }) => !leftOut.has(model))
    if (unmeasured.length > 0)
      notes.push(`${benchmark} was not measured of ${unmeasured.map(({ model }) => model).join(', ')}`)
    otherMetrics.push(...leftOut.values())
    if (models.length - lacking.length < 2) return []
    if (models.every(({ rows }) => rows.length === 0))
      return [{ benchmark, ...scored, clusters: [], scores: models.map(() => undefined) }]
    const { names: _names, ...paired } = pairModels(benchmark, models, notes)
    return [{ benchmark, ...scored, ...paired }]
  })
  if (benchmarks.length === 0 && otherMetrics.length > 0)
    throw raiseItems('other-metric', otherMetrics.join('; '), { path: sources[0].path })
  if (benchmarks.length === 0)
    throw raiseItems(
      'nothing-shared',
      subjects
        .map(({ model }, m) => {
          const own = [...byBenchmark[m].keys(), ...new Set(subjects[m].told.map(scoreName))]
          return `${model} has ${listed(own, 5)}`
        })
        .join('; '),
      { path: sources[0].path },
    )
  return {
    models: subjects.map(({ model }) => model),
    benchmarks,
    files: read.flatMap((own) => own.files),
    notes: [...notes, ...otherMetrics],
  }
}
