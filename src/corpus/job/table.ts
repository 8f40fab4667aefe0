import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBAppender } from '@duckdb/node-api'
import type { Fact, FactCount } from '../../core/index.js'
import { tsvCell } from '../../core/text/tsv.js'
import type { Tally } from '../counter.js'
import { raise } from '../errors.js'
import type { Entities } from '../names/entities.js'
import { foldsOf, type MatchOptions } from '../names/match.js'
import { type Lost, lostIn } from '../readers/unit.js'
import { writeAnywhere, writeError } from './files.js'
import type { Totals } from './totals.js'

/** A row of the counts table; the last column is there only with a window, and `approx` only from an index. */
export interface CountRow extends FactCount {
  /** Documents that hold both anywhere; `n_so` then counts those in which both stand within the window. */
  readonly n_so_document?: number
  /** Whether a sampled estimate or a lower bound is among the three. */
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

/** What a table tells of the corpus beside its rows, so that what is read from it needs no other file. */
export interface CorpusNote {
  readonly documents: number
  readonly bytes: number
  readonly match: MatchOptions
  /** What damaged files keep back of the corpus; null where none is damaged. */
  readonly lost: Lost | null
}

/** What a count tells of its corpus. */
export function corpusNote(totals: Totals, match: MatchOptions): CorpusNote {
  const { documents, bytes } = totals.tally
  return { documents, bytes, match, lost: lostIn(totals.skipped) }
}

const COLUMNS = ['fact_id', 'subject', 'object', 'relation', 'n_s', 'n_o', 'n_so'] as const
type Column = (typeof COLUMNS)[number] | 'n_so_document' | 'approx'

function columnsOf(rows: readonly CountRow[]): Column[] {
  const first = rows[0]
  const optional = (['n_so_document', 'approx'] as const).filter((name) => first?.[name] !== undefined)
  return [...COLUMNS, ...optional]
}

/** Sizes of the corpus by the names that they have in tables. */
function tellCorpus({ documents, bytes, lost }: CorpusNote): Readonly<Record<string, number>> {
  const damage: Readonly<Record<string, number>> =
    lost === null ? {} : { lost_documents: lost.documents, lost_stretches: lost.unknown }
  return { documents, bytes, ...damage }
}

/**
 * The counts as tab-separated text. The corpus stands in the last columns, the same in every row: lines before the
 * header would break readers that take the first line for it.
 */
export function toTsv(rows: readonly CountRow[], corpus: CorpusNote | null): string {
  const columns = columnsOf(rows)
  const about: Readonly<Record<string, string | number>> =
    corpus === null ? {} : { ...tellCorpus(corpus), match: corpus.match.match }
  const header = [...columns, ...Object.keys(about)]
  const lines = rows.map((row) =>
    [...columns.map((name) => row[name] ?? null), ...Object.values(about)].map(tsvCell).join('\t'),
  )
  return `${[header.join('\t'), ...lines].join('\n')}\n`
}

function append(appender: DuckDBAppender, column: Column, row: CountRow): void {
  const value = row[column]
  if (typeof value === 'string') appender.appendVarchar(value)
  else if (typeof value === 'boolean') appender.appendBoolean(value)
  else appender.appendBigInt(BigInt(value ?? 0))
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Key-value metadata of the Parquet file: `{documents: '12', …}` as DuckDB writes it. */
function metadataOf(corpus: CorpusNote | null): string {
  if (corpus === null) return ''
  const { match } = corpus
  const notes = {
    schema: 'assay/counts@1',
    ...tellCorpus(corpus),
    match: match.match,
    ignore_case: match.ignoreCase,
    fold: foldsOf(match).join(' ') || 'none',
    ...(match.within === null ? {} : { within: match.within }),
  }
  const entries = Object.entries(notes).map(([key, value]) => `${key}: ${literal(String(value))}`)
  return `, KV_METADATA {${entries.join(', ')}}`
}

async function toParquet(rows: readonly CountRow[], corpus: CorpusNote | null): Promise<Uint8Array> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const folder = mkdtempSync(join(tmpdir(), 'assay-counts-'))
  const path = join(folder, 'counts.parquet')
  try {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    try {
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
      await connection.run(
        `COPY counts TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd${metadataOf(corpus)})`,
      )
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Format of a table by its name: `.parquet` or `.tsv`; undefined for anything else. */
export function tableFormat(path: string): 'parquet' | 'tsv' | undefined {
  return path.endsWith('.parquet') ? 'parquet' : path.endsWith('.tsv') ? 'tsv' : undefined
}

/**
 * Write the counts as Parquet or TSV, by the name's ending, to disk or `s3://`: whole or not at all.
 *
 * @param corpus what was counted; null where documents were not
 * @throws {AssayError} corpus/cannot-write
 */
export async function writeTable(
  path: string,
  rows: readonly CountRow[],
  corpus: CorpusNote | null,
): Promise<void> {
  const format = tableFormat(path)
  if (format === undefined)
    throw raise('bad-option', `found --out ${path}, expected a name that ends in .parquet or .tsv`)
  if (format === 'tsv') return writeAnywhere(path, Buffer.from(toTsv(rows, corpus), 'utf8'))
  let bytes: Uint8Array
  try {
    bytes = await toParquet(rows, corpus)
  } catch (error) {
    // DuckDB writes a draft to the folder of temporary files first.
    throw writeError(error, tmpdir())
  }
  await writeAnywhere(path, bytes)
}
