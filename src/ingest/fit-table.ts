import { counted, type FitTable, inputQuantity, measuredQuantity, type ScalingForm } from '../core/index.js'
import { raise } from './records/errors.js'
import { FieldReader } from './records/fields.js'
import { type RecordRow, type Records, readRecords } from './records/read-records.js'

/** How a table is read for a form. */
export interface FitTableOptions {
  /** Our field → the file's column, `column*number` or `column/number`. */
  readonly columns: Readonly<Record<string, string>>
  /** Only rows whose column reads exactly so. */
  readonly where: Readonly<Record<string, string>>
  /** Level of chance; null = the table's own column, else 0. */
  readonly chance: number | null
}

/** A table as a form takes it, and what was left out of it. */
export interface ReadFitTable {
  readonly table: FitTable
  /** What was done to the rows on the way, for a reader to know. */
  readonly notes: readonly string[]
}

/** Other names that tables of the field give a quantity. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  params: ['N', 'n_params', 'num_params', 'parameters'],
  tokens: ['D', 'n_tokens', 'num_tokens', 'train_tokens'],
  flops: ['C', 'compute', 'train_flops'],
  loss: ['L'],
  samples: ['k'],
  updatesToData: ['utd', 'sigma'],
  accuracy: ['acc', 'value'],
  coverage: ['pass_rate', 'value'],
  score: ['value'],
  transferredTokens: ['transferred', 'd_t'],
  run: ['model', 'name'],
}

/** `activeParams`, `active_params` and `Active params` are one name; a symbol of one letter is read as it is. */
function plain(name: string): string {
  return name.length === 1 ? name : name.replace(/[_\s-]/g, '').toLowerCase()
}

/** Column of a field: as named, else by its own name, else by a customary one. */
function columnOf(records: Records, field: string, named: string | undefined): string | undefined {
  if (named !== undefined) return named
  const wanted = [field, ...(ALIASES[field] ?? [])].map(plain)
  for (const name of wanted) {
    const column = records.columns.find((c) => plain(c) === name)
    if (column !== undefined) return column
  }
  return undefined
}

const SCALED = /^(.*?)\s*([*/])\s*([0-9.]+(?:e[+-]?[0-9]+)?)$/i

/** `tokens_B*1e9` → the column and the factor; a column that is itself called so stays whole. */
function factorOf(records: Records, named: string): { column: string; factor: number } {
  const match = records.columns.includes(named) ? null : SCALED.exec(named)
  if (match === null) return { column: named, factor: 1 }
  const number = Number(match[3])
  return { column: match[1], factor: match[2] === '*' ? number : 1 / number }
}

function isEmpty(cell: unknown): boolean {
  return cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')
}

interface Point {
  readonly line: number
  readonly run: string
  readonly inputs: Float64Array
  readonly measured: number
  readonly chance: number
}

/** Reads the cells of one table by our names, each with its factor. */
class Cells {
  readonly #fields: FieldReader
  readonly #records: Records
  readonly #factors = new Map<string, number>()
  readonly #columns = new Map<string, string>()

  constructor(records: Records, options: FitTableOptions, fields: readonly string[]) {
    const mapping: Record<string, string> = {}
    for (const field of fields) {
      const named = columnOf(records, field, options.columns[field])
      if (named === undefined) continue
      const { column, factor } = factorOf(records, named)
      mapping[field] = column
      this.#columns.set(field, column)
      this.#factors.set(field, factor)
    }
    this.#records = records
    this.#fields = new FieldReader(records, mapping)
  }

  has(field: string): boolean {
    const column = this.#columns.get(field)
    return column !== undefined && this.#records.columns.includes(column)
  }

  require(fields: readonly string[]): void {
    this.#fields.require(...fields)
  }

  isEmpty(row: RecordRow, field: string): boolean {
    return isEmpty(row.get(this.#columns.get(field) ?? field))
  }

  text(row: RecordRow, field: string, otherwise: string): string {
    return this.has(field) ? this.#fields.textOr(row, field, otherwise) : otherwise
  }

  number(row: RecordRow, field: string, accepts: (value: number) => boolean, expected: string): number {
    const factor = this.#factors.get(field) ?? 1
    return (
      factor *
      this.#fields.number(
        row,
        field,
        (value) => {
          const scaled = factor * value
          return Number.isFinite(scaled) && accepts(scaled)
        },
        expected,
      )
    )
  }

  finish(): void {
    this.#fields.finish()
  }
}

function chosen(records: Records, where: Readonly<Record<string, string>>): readonly RecordRow[] {
  const conditions = Object.entries(where)
  for (const [column] of conditions)
    if (!records.columns.includes(column))
      throw raise(
        'missing-column',
        `--where names "${column}"; the table has ${records.columns.map((c) => `"${c}"`).join(', ')}`,
        { path: records.path },
      )
  const rows = records.rows.filter((row) =>
    conditions.every(([column, value]) => String(row.get(column) ?? '') === value),
  )
  if (rows.length === 0)
    throw raise('empty', `no row has ${conditions.map(([c, v]) => `${c} = ${v}`).join(' and ')}`, {
      path: records.path,
    })
  return rows
}

/** Scores of several benchmarks are several laws; a loss of a run stands beside each of its benchmarks. */
function requireOneBenchmark(records: Records, rows: readonly RecordRow[], field: string): void {
  if (field === 'loss' || !records.columns.includes('benchmark')) return
  const names = [...new Set(rows.map((row) => String(row.get('benchmark') ?? '')))]
  if (names.length < 2) return
  throw raise(
    'bad-value',
    `the rows are of ${names.length} benchmarks, and one law is fitted to one: choose it with --where benchmark=${names[0]} (or ${names.slice(1, 6).join(', ')}${names.length > 6 ? ', …' : ''})`,
    { path: records.path, field: 'benchmark' },
  )
}

/** A loss stands in as many rows as a run has benchmarks: rows that say the same of the same run count once. */
function withoutRepeats(points: readonly Point[]): Point[] {
  const seen = new Set<string>()
  return points.filter((p) => {
    const key = [p.run, p.measured, ...p.inputs].join('\u0000')
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
}

function numbered(points: readonly Point[]): Int32Array {
  const runs = new Map<string, number>()
  return Int32Array.from(points, ({ run }) => {
    const known = runs.get(run)
    if (known !== undefined) return known
    runs.set(run, runs.size)
    return runs.size - 1
  })
}

/**
 * Read a table for one form (CSV, TSV, JSONL, each also `.gz`, or Parquet): a column for each of its inputs and one
 * for what was measured, called as the form calls them, by a customary name, or as `--columns` says. FLOPs are
 * 6·N·D where the table has none. A column `run` (or `model`) groups the rows of one run.
 *
 * @throws {AssayError} table/missing-column, table/bad-value with row and field, table/empty
 */
export async function readFitTable(
  path: string,
  form: ScalingForm,
  options: FitTableOptions,
): Promise<ReadFitTable> {
  const records = await readRecords(path)
  const response = measuredQuantity(form.response)
  const cells = new Cells(records, options, [
    ...form.inputs.map((input) => inputQuantity(input).name),
    'params',
    'tokens',
    response.name,
    'run',
    'chance',
  ])
  const computed =
    form.inputs.includes('flops') && !cells.has('flops') && cells.has('params') && cells.has('tokens')
  const needed = form.inputs.flatMap((input) =>
    input === 'flops' && computed ? ['params', 'tokens'] : [inputQuantity(input).name],
  )
  cells.require([...new Set([...needed, response.name])])
  const rows = chosen(records, options.where)
  requireOneBenchmark(records, rows, response.name)
  const whole = rows.filter((row) => [...needed, response.name].every((field) => !cells.isEmpty(row, field)))
  const points = whole.map((row): Point => {
    const amount = (field: string): number => cells.number(row, field, (v) => v > 0, 'a number above 0')
    return {
      line: row.line,
      run: cells.text(row, 'run', `row ${row.line}`),
      inputs: Float64Array.from(form.inputs, (input) => {
        if (input === 'flops' && computed) return 6 * amount('params') * amount('tokens')
        const { name, accepts, expected } = inputQuantity(input)
        return cells.number(row, name, accepts, expected)
      }),
      measured: cells.number(row, response.name, response.accepts, response.expected),
      chance:
        options.chance ??
        (form.response === 'lnNegLnAccuracy' && cells.has('chance') && !cells.isEmpty(row, 'chance')
          ? cells.number(row, 'chance', (v) => v >= 0 && v < 1, 'a share of 0 or more, below 1')
          : 0),
    }
  })
  cells.finish()
  const chances = [...new Set(points.map((p) => p.chance))]
  if (chances.length > 1)
    throw raise(
      'bad-value',
      `chance levels are ${chances.slice(0, 5).join(', ')}: one law has one; give it with --chance, or choose rows with --where`,
      { path, field: 'chance' },
    )
  const once = withoutRepeats(points)
  const usable = once.filter((p) => response.toResponse(p.measured, p.chance) !== null)
  const out = once.length - usable.length
  const notes = [
    ...(whole.length < rows.length
      ? [
          `of ${counted(rows.length, 'row')} ${counted(rows.length - whole.length, 'has an empty cell and is', 'have an empty cell and are')} left out`,
        ]
      : []),
    ...(once.length < points.length
      ? [
          `${counted(points.length - once.length, 'row says of a run what another row says, and counts', 'rows say of a run what another row says, and count')} once`,
        ]
      : []),
    ...(out > 0
      ? [
          `${counted(out, 'row lies', 'rows lie')} at or below chance or at 1, where the law has no logarithm, and ${out === 1 ? 'is' : 'are'} left out`,
        ]
      : []),
    ...(computed ? ['training FLOPs are 6·params·tokens'] : []),
  ]
  if (usable.length === 0)
    throw raise('empty', notes[0] ?? 'no row can be used', { path, field: response.name })
  return {
    table: {
      inputs: usable.map((p) => p.inputs),
      measured: Float64Array.from(usable, (p) => p.measured),
      runs: numbered(usable),
      chance: chances[0] ?? 0,
    },
    notes,
  }
}
