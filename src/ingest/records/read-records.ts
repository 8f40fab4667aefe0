import { accessSync, constants } from 'node:fs'
import type { Place } from '../../core/index.js'
import { delimitedTable } from '../text/delimited.js'
import { readPackedText, reason } from '../text/unpack.js'
import { raise } from './errors.js'

/** One row of a table: cells by column name, `undefined` where the row has none. */
export interface RecordRow {
  /** Line of the file, or number of the row in a Parquet file, from 1. */
  readonly line: number
  get(column: string): unknown
}

export interface Records {
  readonly path: string
  readonly columns: readonly string[]
  readonly rows: readonly RecordRow[]
  /** What the file says of itself: `# documents: 12` lines of a text table, key-value metadata of Parquet. */
  readonly notes: ReadonlyMap<string, string>
}

async function readText(path: string): Promise<string> {
  try {
    return await readPackedText(path)
  } catch (error) {
    throw raise('unreadable', reason(error), { path }, error)
  }
}

/** `# documents: 12` and `# documents=12` before the first row. */
function readNotes(text: string): Map<string, string> {
  const notes = new Map<string, string>()
  for (const line of text.split('\n', 50)) {
    if (!line.startsWith('#')) break
    const match = /^#\s*([\w.]+)\s*[:=]\s*(.*?)\s*$/.exec(line)
    if (match !== null) notes.set(match[1], match[2])
  }
  return notes
}

function readDelimited(path: string, text: string): Records {
  const table = delimitedTable(text, (message, line) => raise('malformed', message, { path, line }))
  if (table.columns.length === 0) throw raise('empty', 'not even a header line was found', { path })
  return { path, ...table, notes: readNotes(text) }
}

function readJsonl(path: string, text: string): Records {
  const columns = new Set<string>()
  const rows: RecordRow[] = []
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (raw.trim() === '') continue
    const place: Place = { path, line: index + 1 }
    let value: unknown
    try {
      value = JSON.parse(raw)
    } catch (error) {
      throw raise('malformed', error instanceof Error ? error.message : String(error), place, error)
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw raise('malformed', 'expected one JSON object a line', place)
    const record = value as Readonly<Record<string, unknown>>
    for (const column of Object.keys(record)) columns.add(column)
    rows.push({ line: index + 1, get: (column) => record[column] ?? undefined })
  }
  return { path, columns: [...columns], rows, notes: new Map() }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

async function readParquet(path: string): Promise<Records> {
  try {
    accessSync(path, constants.R_OK)
  } catch (error) {
    throw raise('unreadable', reason(error), { path }, error)
  }
  // Loaded late: the native library costs 0.1 s that text tables should not pay.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  try {
    const result = await connection.runAndReadAll(`SELECT * FROM read_parquet(${literal(path)})`)
    const columns = result.columnNames()
    const values = result.getColumnsJS() as unknown[][]
    const metadata = await connection.runAndReadAll(
      `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${literal(path)})`,
    )
    const position = new Map(columns.map((c, i) => [c, i]))
    return {
      path,
      columns,
      notes: new Map(metadata.getRowsJS().map(([key, value]) => [String(key), String(value)])),
      rows: (values[0] ?? []).map((_, row) => ({
        line: row + 1,
        get: (column) => {
          const cell = values[position.get(column) ?? -1]?.[row] ?? undefined
          return typeof cell === 'bigint' ? Number(cell) : cell
        },
      })),
    }
  } catch (error) {
    // The library quotes its own query below the first line.
    throw raise(
      'unreadable',
      String(error)
        .split('\n')[0]
        .replace(/^(Error: )?[\w ]* Error: /, ''),
      { path },
      error,
    )
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/**
 * Read a TSV, CSV, JSONL (each also packed by gzip or Zstandard, or in UTF-16) or Parquet table; text formats are told apart
 * by the first line.
 */
export async function readRecords(path: string): Promise<Records> {
  if (path.endsWith('.parquet')) return readParquet(path)
  const text = await readText(path)
  const first = /^(?:\uFEFF?#.*\n)*\uFEFF?(.*)/.exec(text)?.[1] ?? ''
  if (first.startsWith('{')) return readJsonl(path, text)
  return readDelimited(path, text)
}
