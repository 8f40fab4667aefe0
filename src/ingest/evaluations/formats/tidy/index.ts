import type {
  EvaluationRow,
  EvaluationsEvidence,
  EvaluationsReader,
  EvaluationsReaderOptions,
  EvaluationsSource,
  ProblemSamples,
  RunFacts,
} from '../../../../core/index.js'
import { raiseEvaluations } from '../../errors.js'
import { evaluationRow } from '../../row.js'
import { headerOf } from './header.js'
import { numberOf, sizeInName } from './numbers.js'
import {
  Cells,
  chooseColumns,
  type Field,
  isMissing,
  plain,
  soundsLike,
  type Table,
  tableOf,
} from './tidy-columns.js'
import { undecayedRows } from './undecayed-rows.js'
import { type BenchmarkColumn, wideColumns } from './wide.js'

const BITS_TO_NATS = Math.LN2

function lossOf(cells: Cells, faults: string[]): number | null {
  const nats = cells.positive('loss', faults)
  if (nats !== null) return nats
  const bits = cells.positive('loss_bits', faults)
  return bits === null ? null : bits * BITS_TO_NATS
}

function factsOf(cells: Cells, faults: string[]): RunFacts | null {
  const model = cells.model()
  if (model === null) {
    faults.push('no model')
    return null
  }
  const params = cells.positive('params', faults)
  const active = cells.positive('active_params', faults)
  if (active !== null && params !== null && active > params)
    faults.push(`${active} active parameters of ${params}: more than there are`)
  return {
    model,
    family: cells.text('family'),
    params,
    ...(active === null ? {} : { active_params: active }),
    tokens: cells.positive('tokens', faults),
    flops: cells.positive('flops', faults),
    checkpoint: cells.text('checkpoint'),
    loss: lossOf(cells, faults),
  }
}

function measurement(
  cells: Cells,
  facts: RunFacts,
  valueColumn: string,
  faults: string[],
  source: string,
): EvaluationRow | null {
  const benchmark = cells.text('benchmark')
  const value = cells.number('value')
  if (benchmark === null) faults.push('no benchmark')
  if (value === null)
    faults.push(`${valueColumn} is ${JSON.stringify(cells.raw('value')) ?? 'missing'}, expected a number`)
  if (cells.text('higher_is_better')?.toLowerCase() === 'false')
    faults.push('lower is better (higher_is_better = false): no accuracy to forecast')
  const metric =
    cells.text('metric') ??
    (plain(valueColumn) === 'value' || plain(valueColumn) === 'score' ? 'acc' : plain(valueColumn))
  const items = cells.positive('n_items', faults)
  const chance = cells.positive('chance', faults)
  const k = cells.positive('k', faults)
  const taskLoss = cells.positive('task_loss', faults)
  if (benchmark === null || value === null || faults.length > 0) return null
  return {
    ...facts,
    benchmark,
    metric,
    value,
    n_items: items,
    chance,
    k,
    task_loss: taskLoss,
    subset: cells.text('subset'),
    source,
  }
}

/** The scores of one row of a table that has a column a benchmark. */
function scoresOf(
  row: Table['rows'][number],
  isComma: boolean,
  facts: RunFacts,
  columns: readonly BenchmarkColumn[],
  path: string,
  dropped: { source: string; reason: string }[],
): EvaluationRow[] {
  return columns.flatMap(({ column, benchmark, metric, factor }): EvaluationRow[] => {
    const cell = row.get(column)
    if (isMissing(cell)) return []
    const source = `${path}${row.place}`
    const value = numberOf(cell, factor, isComma)
    if (value === null) {
      dropped.push({ source, reason: `${column} is ${JSON.stringify(cell)}, expected a number` })
      return []
    }
    return [evaluationRow({ ...facts, benchmark, metric, value, source })]
  })
}

/** Names that tell the sizes which no column has, or not of all: asked for, and not taken in silence. */
function sizesInNames(
  untold: ReadonlySet<string>,
  models: number,
  column: string,
  isColumn: boolean,
): string[] {
  const told = [...untold].filter((model) => sizeInName(model) !== null)
  const [first] = told
  if (first === undefined) return []
  const size = sizeInName(first)?.toExponential(1).replace('e+', 'e')
  const names = told.length === 1 ? 'name tells' : 'names tell'
  return [
    `${isColumn ? `parameters of ${untold.size} models are blank` : 'no column of parameters'}, but ${told.length} of ${isColumn ? untold.size : models} ${names} a size (${first}: ${size}): --columns params=${column} takes them`,
  ]
}

/** No language model has fewer parameters, nor a run fewer tokens: where all do, the column is in another unit. */
const LEAST: Readonly<Partial<Record<Field, number>>> = { params: 1e4, active_params: 1e4, tokens: 1e5 }

/** Columns that are in millions or billions, as their size tells and their name does not. */
function unitNotes(runs: readonly RunFacts[], columns: ReadonlyMap<Field, { column: string }>): string[] {
  return (['params', 'active_params', 'tokens'] as const).flatMap((field) => {
    const values = runs.flatMap((run) => run[field] || [])
    const most = values.reduce((a, b) => Math.max(a, b), 0)
    const column = columns.get(field)?.column
    return column === undefined || values.length === 0 || most >= (LEAST[field] ?? 0)
      ? []
      : [
          `${column} is ${most} at most: in millions, or billions? --columns "${field}=${column}*1e6" (or *1e9) says so`,
        ]
  })
}

function problemOf(cells: Cells, facts: RunFacts, faults: string[], source: string): ProblemSamples | null {
  const n = cells.number('samples')
  const c = cells.number('correct')
  const benchmark = cells.text('benchmark') ?? 'problems'
  if (n === null || !Number.isInteger(n) || n < 1)
    faults.push(`samples are ${JSON.stringify(cells.raw('samples'))}, expected a whole number ≥ 1`)
  if (c === null || !Number.isInteger(c) || c < 0 || (n !== null && c > n))
    faults.push(
      `correct are ${JSON.stringify(cells.raw('correct'))}, expected a whole number from 0 to the samples`,
    )
  if (n === null || c === null || faults.length > 0) return null
  const { loss: _, ...run } = facts
  return { ...run, benchmark, problem: cells.text('problem') ?? source, n, c, source }
}

/** Fields of a run, whose columns are no benchmarks in a table that has a column for each. */
const TELL_OF_A_RUN: ReadonlySet<Field> = new Set<Field>([
  'model',
  'family',
  'params',
  'active_params',
  'tokens',
  'flops',
  'checkpoint',
  'loss',
  'loss_bits',
  'task_loss',
  'n_items',
  'chance',
  'decayed',
  'learning_rate',
])

/**
 * Tidy CSV, TSV, JSONL or a JSON list: one measurement a row (`model, benchmark, value` and what else is known); or a column
 * a benchmark (leaderboards); or one problem a row (`model, problem, num_samples, num_correct`) for pass@k; or, without
 * measurements, one run a row (`model, params, tokens`), joined to the results of other files.
 */
export const tidyReader: EvaluationsReader = {
  format: 'tidy table',
  recognise(source) {
    const head = source.text.slice(0, 4000).trimStart()
    if (head.startsWith('[')) return /^\[\s*\{/.test(head) ? 0.2 : 0
    if (head.startsWith('{')) {
      const first = head.split('\n', 1)[0].trimEnd()
      return first.endsWith('}') || source.path.endsWith('.jsonl') ? 0.3 : 0
    }
    const header = head.split('\n', 1)[0]
    return /[,\t;]/.test(header) ? 0.3 : 0
  },
  read(source: EvaluationsSource, options: EvaluationsReaderOptions): EvaluationsEvidence {
    const table = tableOf(source)
    if (table.rows.length === 0)
      throw raiseEvaluations('no-rows', 'the table has no row', { path: source.path })
    const columns = chooseColumns(table.columns, options.columns, source.path)
    const wide =
      columns.has('value') && columns.has('benchmark')
        ? null
        : wideColumns(
            table,
            new Set(
              [...columns].flatMap(([field, { column }]) => (TELL_OF_A_RUN.has(field) ? [column] : [])),
            ),
            options.benchmarks ?? [],
          )
    const kind =
      columns.has('samples') && columns.has('correct')
        ? 'problems'
        : wide === null
          ? 'measurements'
          : wide.columns.length > 0
            ? 'wide'
            : 'runs'
    if (
      kind === 'runs' &&
      !columns.has('params') &&
      !columns.has('active_params') &&
      !columns.has('tokens') &&
      !columns.has('flops')
    ) {
      const missing = (['benchmark', 'value'] as const).filter((f) => !columns.has(f))
      throw raiseEvaluations(
        'missing-column',
        `no column for ${missing.map((f) => soundsLike(f, table.columns)).join(' and ')}, and none that is known as a benchmark; the table has ${table.columns.map((c) => `"${c}"`).join(', ')}`,
        { path: source.path },
      )
    }
    const rows: EvaluationRow[] = []
    const problems: ProblemSamples[] = []
    const runs: RunFacts[] = []
    const dropped: { source: string; reason: string }[] = []
    const known: RunFacts[] = []
    const valueColumn = headerOf(columns.get('value')?.column ?? 'value').name
    for (const row of table.rows) {
      const place = `${source.path}${row.place}`
      const faults: string[] = []
      const cells = new Cells(row, columns, table.isComma)
      const facts = factsOf(cells, faults)
      if (facts !== null) known.push(facts)
      if (facts !== null && kind === 'runs') runs.push(facts)
      if (facts !== null && kind === 'measurements') {
        const made = measurement(cells, facts, valueColumn, faults, place)
        if (made !== null) rows.push(made)
      }
      if (facts !== null && kind === 'wide' && faults.length === 0)
        rows.push(...scoresOf(row, table.isComma, facts, wide?.columns ?? [], source.path, dropped))
      if (facts !== null && kind === 'problems') {
        const made = problemOf(cells, facts, faults, place)
        if (made !== null) problems.push(made)
      }
      if (faults.length > 0) dropped.push({ source: place, reason: faults.join('; ') })
    }
    const undecayed = undecayedRows(table, columns, source.path)
    const notes = [
      ...(kind === 'wide' ? (wide?.notes ?? []) : []),
      ...sizesInNames(
        new Set(
          known.flatMap((r) => (r.params === null && r.flops === null && !r.active_params ? [r.model] : [])),
        ),
        new Set(known.map((r) => r.model)).size,
        columns.get('model')?.column ?? 'model',
        columns.has('params'),
      ),
      ...unitNotes(known, columns),
    ]
    return {
      rows,
      dropped,
      runs,
      problems,
      ...(Object.keys(options.columns).length === 0 ? {} : { columns: table.columns }),
      ...(undecayed.length === 0 ? {} : { undecayed }),
      ...(notes.length === 0 ? {} : { notes: notes.map((note) => `${source.path}: ${note}`) }),
    }
  },
}
