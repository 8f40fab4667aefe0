import type { EvaluationRow } from '../../core/index.js'
import { counted } from '../../core/index.js'
import { readEvaluations } from '../evaluations/index.js'
import { raise } from '../records/errors.js'
import { FieldReader } from '../records/fields.js'
import { readRecords } from '../records/read-records.js'
import { decimal } from '../text/decimal.js'
import { isScore, requireDistinctColumns, SCORE_EXPECTED } from './bounds.js'
import { modelId } from './model-name.js'

/** Scores of one benchmark and metric. */
export interface CapabilityScores {
  /** `benchmark`, or `benchmark metric` where a benchmark has several. */
  readonly name: string
  readonly benchmark: string
  readonly metric: string
  /** By model, or model@checkpoint. */
  readonly scores: ReadonlyMap<string, number>
  /** What the result files tell of the models beside their scores. */
  readonly models: ReadonlyMap<string, Pick<EvaluationRow, 'family' | 'params' | 'tokens'>>
}

/**
 * Read scores: result files of any known format (the tidy table among them), or a wide table with benchmarks down and
 * models across.
 *
 * @param note told how many scores of subsets and of k draws are left out
 * @throws {AssayError} evaluations/…, table/… naming file and row; a model scored twice is named with both values
 */
export async function readScores(
  paths: readonly string[],
  columns: Readonly<Record<string, string>>,
  note: (text: string) => void = () => {},
): Promise<CapabilityScores[]> {
  if (paths.length === 1) {
    const wide = await readWide(paths[0])
    if (wide !== null) return wide
  }
  const { rows } = await readEvaluations(paths, { columns })
  const metrics = new Map<string, Set<string>>()
  for (const { benchmark, metric } of rows)
    metrics.set(benchmark, (metrics.get(benchmark) ?? new Set()).add(metric))
  const groups = new Map<
    string,
    { row: EvaluationRow; scores: Map<string, number>; models: Map<string, EvaluationRow> }
  >()
  const whole = rows.filter((row) => row.subset === null && row.k === null)
  if (whole.length < rows.length)
    note(
      `of ${counted(rows.length, 'score')} ${counted(rows.length - whole.length, 'is', 'are')} left out: of a subset, or of k draws (columns subset and k)`,
    )
  for (const row of whole) {
    if (!isScore(row.value))
      throw raise(
        'bad-value',
        `${row.model} has the score ${row.value} of ${row.benchmark}, expected ${SCORE_EXPECTED}`,
        {
          path: row.source,
        },
      )
    const name =
      (metrics.get(row.benchmark)?.size ?? 1) > 1 ? `${row.benchmark} ${row.metric}` : row.benchmark
    const group = groups.get(name) ?? { row, scores: new Map(), models: new Map() }
    groups.set(name, group)
    const id = modelId(row.model, row.checkpoint ?? '')
    const earlier = group.scores.get(id)
    if (earlier !== undefined && earlier !== row.value)
      throw raise('bad-value', `${id} has two scores of ${name}, ${earlier} and ${row.value}`, {
        path: row.source,
      })
    group.scores.set(id, row.value)
    group.models.set(id, row)
  }
  return [...groups].map(([name, { row, scores, models }]) => ({
    name,
    benchmark: row.benchmark,
    metric: row.metric,
    scores,
    models,
  }))
}

const isEmpty = (cell: unknown): boolean => cell === undefined || cell === null || cell === ''

/**
 * null where the table is none of this shape: a column of names, and mostly numbers behind it. One cell that is no number
 * is a fault of that cell, not another format.
 */
async function readWide(path: string): Promise<CapabilityScores[] | null> {
  if (!/\.(?:csv|tsv|parquet)(?:\.gz|\.zst)?$/i.test(path)) return null
  const records = await readRecords(path)
  const [name, ...models] = records.columns
  if (models.length < 2 || ['value', 'metric', 'model'].some((column) => models.includes(column))) return null
  const cells = records.rows.flatMap((row) => models.map((m) => row.get(m))).filter((cell) => !isEmpty(cell))
  const numbers = cells.filter((cell) => !Number.isNaN(decimal(String(cell)))).length
  if (numbers === 0 || numbers < cells.length / 2) return null
  requireDistinctColumns(records)
  const fields = new FieldReader(records, {})
  const out = records.rows.map((row): CapabilityScores => {
    const benchmark = fields.text(row, name)
    const scores = new Map<string, number>()
    for (const model of models)
      if (!isEmpty(row.get(model))) scores.set(model, fields.number(row, model, isScore, SCORE_EXPECTED))
    return { name: benchmark, benchmark, metric: 'score', scores, models: new Map() }
  })
  fields.finish()
  return out
}
