import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  hellaswagRow,
  type PyDict,
  type PyValue,
  raiseTask as raise,
  type TaskDocument,
} from '../../core/index.js'
import { type RecordRow, type Records, readRecords } from '../records/read-records.js'
import { isMapping } from './fields.js'

/** Rows of a split, with the columns that they have. */
export interface Split {
  readonly columns: readonly string[]
  readonly rows: readonly TaskDocument[]
  readonly paths: readonly string[]
}

/** What pandas takes for a missing cell of a CSV, as `datasets` reads it. */
const MISSING = new Set(
  '|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'.split(
    '|',
  ),
)

const BOOLEANS: Readonly<Record<string, boolean>> = {
  True: true,
  TRUE: true,
  true: true,
  False: false,
  FALSE: false,
  false: false,
}

/** Cells of a CSV's column, typed as pandas types them: all numbers, all booleans, or text; a missing one is null. */
function typedCells(cells: readonly unknown[]): (string | number | boolean | null)[] {
  const texts = cells.map((cell) => (cell === undefined || MISSING.has(String(cell)) ? null : String(cell)))
  const given = texts.filter((text) => text !== null)
  const each = <T>(read: (text: string) => T): (T | null)[] =>
    texts.map((text) => (text === null ? null : read(text)))
  if (given.length > 0 && given.every((text) => /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)))
    return each(Number)
  if (given.length > 0 && given.every((text) => Object.hasOwn(BOOLEANS, text)))
    return each((text) => BOOLEANS[text]!)
  return texts
}

/** A cell as plain data: large integers of Parquet as numbers, what has no plain form as text. */
function plain(value: unknown): PyValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  return value as string | number | boolean
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** `doc_hash` of lm-evaluation-harness: of the row as `json.dumps(doc, indent=2, ensure_ascii=False)` writes it. */
export const documentHash = (fields: PyDict): string => sha256(JSON.stringify(fields, null, 2))

const isDelimited = (path: string): boolean => /\.(csv|tsv)(\.(gz|zst))?$/i.test(path)

function cellsOf(records: Records): ReadonlyMap<string, readonly unknown[]> | null {
  if (!isDelimited(records.path)) return null
  return new Map(records.columns.map((name) => [name, typedCells(records.rows.map((row) => row.get(name)))]))
}

export interface SplitOptions {
  /** Our column → the file's. */
  readonly columns: Readonly<Record<string, string>>
  /** Column with the id; null: rows are numbered. */
  readonly id: string | null
  /** Whether rows go through `process_docs` of HellaSwag. */
  readonly hellaswag: boolean
}

/**
 * Rows of a split's files, one after the other.
 *
 * @throws {AssayError} table/unreadable, malformed, empty; task/bad-item for two rows of one id, or what a helper cannot read
 */
export async function readSplit(paths: readonly string[], options: SplitOptions): Promise<Split> {
  const files = await Promise.all(paths.map(readRecords))
  const renamed = Object.entries(options.columns)
  const of = (name: string): string => options.columns[name] ?? name
  const there = new Set(files.flatMap((file) => file.columns))
  const missing = renamed.find((names) => names.every((name) => !there.has(name)))
  if (missing !== undefined)
    throw raise('no-such-column', `found ${[...there].join(', ')}, expected "${missing[1]}"`, {
      path: paths[0] ?? '',
    })
  const columns = [
    ...new Set([...files.flatMap((file) => file.columns), ...renamed.map(([ours]) => ours)]),
  ].filter((name) => files.some((file) => file.columns.includes(of(name)) || file.columns.includes(name)))
  const seen = new Map<string, string>()
  const rows: TaskDocument[] = []
  for (const file of files) {
    const typed = cellsOf(file)
    file.rows.forEach((row, at) => {
      const cell = (name: string): PyValue => {
        const source = file.columns.includes(of(name)) ? of(name) : name
        return plain(typed === null ? row.get(source) : typed.get(source)?.[at])
      }
      const given = Object.fromEntries(columns.map((name) => [name, cell(name)]))
      const fields = options.hellaswag
        ? hellaswagRow(given, (message) => badRow(file, row, 'process_docs', message))
        : given
      const id = idOf(fields, options.id, rows.length)
      const before = seen.get(id)
      if (before !== undefined)
        throw badRow(
          file,
          row,
          options.id ?? 'id',
          `the id ${JSON.stringify(id)} already stands at ${before}`,
        )
      seen.set(id, `${file.path}:${row.line}`)
      rows.push({
        index: rows.length,
        line: row.line,
        path: file.path,
        id,
        fields,
        hash: documentHash(fields),
      })
    })
  }
  if (rows.length === 0) throw raise('no-items', 'there is no row', { path: paths[0] ?? '' })
  return { columns: Object.keys(rows[0]!.fields), rows, paths }
}

const badRow = (file: Records, row: RecordRow, field: string, message: string): Error =>
  raise('bad-item', message, { path: file.path, line: row.line, field })

function idOf(fields: PyDict, column: string | null, index: number): string {
  const value = column === null ? null : fields[column]
  return value === undefined || value === null || isMapping(value) || Array.isArray(value)
    ? String(index)
    : String(value)
}

/** SHA-256 of files, one after the other. */
export function filesHash(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(readFileSync(path))
  return hash.digest('hex')
}
