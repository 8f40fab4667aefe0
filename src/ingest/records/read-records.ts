import { accessSync, constants } from 'node:fs'
import { messageOf } from '../../core/errors.js'
import type { Place } from '../../core/index.js'
import { sqlText } from '../../core/text/quoted.js'
import { delimitedTable } from '../text/delimited.js'
import { readPackedText, reason } from '../text/unpack.js'
import { withConnection } from './database.js'
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

/** Rows of objects, each with its line. */
function objectRows(path: string, objects: Iterable<readonly [line: number, value: unknown]>): Records {
  const columns = new Set<string>()
  const rows: RecordRow[] = []
  for (const [line, value] of objects) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw raise(
        'malformed',
        Array.isArray(value)
          ? 'found a list, expected a JSON object; a file that is one list of objects is called .json'
          : 'expected JSON objects',
        { path, line },
      )
    const record = value as Readonly<Record<string, unknown>>
    for (const column of Object.keys(record)) columns.add(column)
    rows.push({ line, get: (column) => record[column] ?? undefined })
  }
  return { path, columns: [...columns], rows, notes: new Map() }
}

function readJsonl(path: string, text: string): Records {
  const objects: [number, unknown][] = []
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (raw.trim() === '') continue
    objects.push([index + 1, parseJson(raw, { path, line: index + 1 })])
  }
  return objectRows(path, objects)
}

function parseJson(text: string, place: Place): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw raise('malformed', messageOf(error), place, error)
  }
}

/** A list of objects over the whole file; its lines are counted by objects. */
function readJsonList(path: string, text: string): Records {
  const list = parseJson(text.replace(/^\uFEFF/, ''), { path })
  return objectRows(
    path,
    (list as unknown[]).map((value, i) => [i + 1, value] as const),
  )
}

async function readParquet(path: string): Promise<Records> {
  try {
    accessSync(path, constants.R_OK)
  } catch (error) {
    throw raise('unreadable', reason(error), { path }, error)
  }
  try {
    return await withConnection(async (connection) => {
      const result = await connection.runAndReadAll(`SELECT * FROM read_parquet(${sqlText(path)})`)
      const columns = result.columnNames()
      const values = result.getColumnsJS() as unknown[][]
      const metadata = await connection.runAndReadAll(
        `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${sqlText(path)})`,
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
    })
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
  }
}

/**
 * Read a TSV, CSV, JSONL or a JSON list of objects (each also packed by gzip or Zstandard, or in UTF-16) or Parquet table; text formats are told apart
 * by the first line.
 */
export async function readRecords(path: string): Promise<Records> {
  if (path.endsWith('.parquet')) return readParquet(path)
  const text = await readText(path)
  const first = /^(?:\uFEFF?#.*\n)*\uFEFF?(.*)/.exec(text)?.[1] ?? ''
  if (first.startsWith('{') || (/^\s*\[/.test(first) && /\.(jsonl|ndjson)(\.(gz|zst))?$/.test(path)))
    return readJsonl(path, text)
  if (/^\s*\[/.test(first) && /\.json(\.(gz|zst))?$/.test(path)) return readJsonList(path, text)
  return readDelimited(path, text)
}
