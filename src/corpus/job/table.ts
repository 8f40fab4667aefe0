import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBAppender } from '@duckdb/node-api'
import type { Fact, FactCount } from '../../core/index.js'
import type { Tally } from '../counter.js'
import { raise } from '../errors.js'
import type { Entities } from '../names/entities.js'
import { writeAnywhere } from './files.js'

/** A row of the counts table; the last column is there only with a window, and `approx` only from an index. */
export interface CountRow extends FactCount {
  /** Documents that hold both anywhere; `n_so` then counts those in which both stand within the window. */
  readonly n_so_document?: number
  /** Whether a sampled estimate is among the three. */
  readonly approx?: boolean
}

/** Counts of every fact, in the order of the facts. */
export function toRows(facts: readonly Fact[], entities: Entities, tally: Tally): CountRow[] {
  return facts.map((fact, i) => {
    const pair = entities.pairOf[i]!
    const row: CountRow = {
      fact_id: fact.fact_id,
      subject: fact.subject,
      object: fact.object,
      relation: fact.relation,
      n_s: tally.ofEntity[entities.subjectOf[i]!]!,
      n_o: tally.ofEntity[entities.objectOf[i]!]!,
      n_so: tally.ofPair[pair]!,
    }
    return tally.ofPairInDocument === null ? row : { ...row, n_so_document: tally.ofPairInDocument[pair]! }
  })
}

const COLUMNS = ['fact_id', 'subject', 'object', 'relation', 'n_s', 'n_o', 'n_so'] as const
type Column = (typeof COLUMNS)[number] | 'n_so_document' | 'approx'

function columnsOf(rows: readonly CountRow[]): Column[] {
  const first = rows[0]
  const optional = (['n_so_document', 'approx'] as const).filter((name) => first?.[name] !== undefined)
  return [...COLUMNS, ...optional]
}

/** A tab, a line break or a backslash in a name would break the table; they become \t, \n, \r and \\. */
function escapeTsv(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character]!)
}

export function toTsv(rows: readonly CountRow[]): string {
  const columns = columnsOf(rows)
  const lines = rows.map((row) => columns.map((name) => escapeTsv(String(row[name]))).join('\t'))
  return `${[columns.join('\t'), ...lines].join('\n')}\n`
}

function append(appender: DuckDBAppender, column: Column, row: CountRow): void {
  const value = row[column]
  if (typeof value === 'string') appender.appendVarchar(value)
  else if (typeof value === 'boolean') appender.appendBoolean(value)
  else appender.appendBigInt(BigInt(value ?? 0))
}

async function toParquet(rows: readonly CountRow[]): Promise<Uint8Array> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const folder = mkdtempSync(join(tmpdir(), 'assay-counts-'))
  const path = join(folder, 'counts.parquet')
  try {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const columns = columnsOf(rows)
    const typeOf = (name: Column): string =>
      name.startsWith('n_') ? 'BIGINT' : name === 'approx' ? 'BOOLEAN' : 'VARCHAR'
    await connection.run(
      `CREATE TABLE counts (${columns.map((name) => `${name} ${typeOf(name)}`).join(', ')})`,
    )
    const appender = await connection.createAppender('counts')
    for (const row of rows) {
      for (const column of columns) append(appender, column, row)
      appender.endRow()
    }
    appender.closeSync()
    await connection.run(`COPY counts TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`)
    connection.closeSync()
    instance.closeSync()
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Format of a table by its name: `.parquet` or `.tsv`; undefined for anything else. */
export function tableFormat(path: string): 'parquet' | 'tsv' | undefined {
  return path.endsWith('.parquet') ? 'parquet' : path.endsWith('.tsv') ? 'tsv' : undefined
}

/** Write the counts as Parquet or TSV, by the name's ending, to disk or `s3://`: whole or not at all. */
export async function writeTable(path: string, rows: readonly CountRow[]): Promise<void> {
  const format = tableFormat(path)
  if (format === undefined)
    throw raise('bad-option', `found --out ${path}, expected a name that ends in .parquet or .tsv`)
  await writeAnywhere(path, format === 'parquet' ? await toParquet(rows) : Buffer.from(toTsv(rows), 'utf8'))
}
