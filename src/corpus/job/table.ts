import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBAppender } from '@duckdb/node-api'
import { type Fact, type FactCount, groupBy } from '../../core/index.js'
import { sqlText } from '../../core/text/quoted.js'
import { tsvCell } from '../../core/text/tsv.js'
import type { Tally } from '../counter.js'
import { raise } from '../errors.js'
import type { Entities } from '../names/entities.js'
import { foldsOf, type MatchOptions } from '../names/match.js'
import { type Lost, lostIn } from '../readers/unit.js'
import { writeAnywhere, writeError } from './files.js'
import type { GroupCounts } from './groups.js'
import type { Sparse } from './sparse.js'
import type { Totals } from './totals.js'

/** A row of the counts table; the last column is there only with a window, and `approx` only from an index. */
export interface CountRow extends FactCount {
  /** Of a table by group: which grouping, and its value ('' where a document has none); `documents` are the group's. */
  readonly by?: string
  readonly value?: string
  /** Documents that hold both anywhere; `n_so` then counts those in which both stand within the window. */
  readonly n_so_document?: number
  /** Whether a sampled estimate or a lower bound is among the three. */
  readonly approx?: boolean
  /** Documents by weight: one that is read w times counts w times. */
  readonly w_s?: number
  readonly w_o?: number
  readonly w_so?: number
}

/** Documents by entity and by pair; `inDocument` only with a window. */
interface CountsOf {
  entity(index: number): number
  pair(index: number): number
  readonly inDocument: ((index: number) => number) | null
}

function rowOf(fact: Fact, i: number, entities: Entities, { entity, pair, inDocument }: CountsOf): CountRow {
  const own = entities.pairOf[i]!
  const row: CountRow = {
    fact_id: fact.fact_id,
    subject: fact.subject,
    object: fact.object,
    relation: fact.relation,
    n_s: entity(entities.subjectOf[i]!),
    n_o: entity(entities.objectOf[i]!),
    n_so: pair(own),
  }
  return inDocument === null ? row : { ...row, n_so_document: inDocument(own) }
}

/** Counts of every fact, in the order of the facts. */
export function toRows(facts: readonly Fact[], entities: Entities, tally: Tally): CountRow[] {
  const { ofEntity, ofPair, ofPairInDocument } = tally
  const counts = {
    entity: (i: number) => ofEntity[i]!,
    pair: (i: number) => ofPair[i]!,
    inDocument: ofPairInDocument === null ? null : (i: number) => ofPairInDocument[i]!,
  }
  return facts.map((fact, i) => rowOf(fact, i, entities, counts))
}

/** The table by group: every fact of whose names a group has any; groups have few of many facts. */
export function groupRowsOf(
  facts: readonly Fact[],
  entities: Entities,
  groups: readonly GroupCounts[],
): CountRow[] {
  const factsOf = groupBy(
    [...facts.keys()].flatMap((i) =>
      [entities.subjectOf[i]!, entities.objectOf[i]!].map((e) => [e, i] as const),
    ),
    ([entity]) => entity,
  )
  return groups.flatMap(({ by, value, documents, ofEntity, ofPair, ofPairInDocument }) => {
    const lookUp = (sparse: Sparse | null): ((index: number) => number) => {
      const known = new Map(Array.from(sparse?.indices ?? [], (index, k) => [index, sparse?.values[k] ?? 0]))
      return (index) => known.get(index) ?? 0
    }
    const counts = {
      entity: lookUp(ofEntity),
      pair: lookUp(ofPair),
      inDocument: entities.options.within === null ? null : lookUp(ofPairInDocument),
    }
    const held = new Set(
      Array.from(ofEntity.indices, (e) => factsOf.get(e) ?? [])
        .flat()
        .map(([, i]) => i),
    )
    return [...held]
      .sort((a, b) => a - b)
      .map((i) => ({ by, value, documents, ...rowOf(facts[i]!, i, entities, counts) }))
  })
}

/** What a table tells of the corpus beside its rows, so that what is read from it needs no other file. */
export interface CorpusNote {
  readonly documents: number
  readonly bytes: number
  readonly match: MatchOptions
  /** What damaged files keep back of the corpus; null where none is damaged. */
  readonly lost: Lost | null
  /** How often each named corpus is read, and what that makes of the documents. */
  readonly weighted?: {
    readonly documents: number
    readonly weights: Readonly<Record<string, number>>
  }
}

/** What a count tells of its corpus. */
export function corpusNote(totals: Totals, match: MatchOptions): CorpusNote {
  const { documents, bytes } = totals.tally
  return { documents, bytes, match, lost: lostIn(totals.skipped) }
}

const COLUMNS = ['fact_id', 'subject', 'object', 'relation', 'n_s', 'n_o', 'n_so'] as const
const OF_GROUPS = ['by', 'value', 'documents'] as const
const OPTIONAL = ['n_so_document', 'approx', 'w_s', 'w_o', 'w_so'] as const
type Column = (typeof COLUMNS | typeof OF_GROUPS | typeof OPTIONAL)[number]

function columnsOf(rows: readonly CountRow[]): Column[] {
  const has = (name: Column): boolean => rows[0]?.[name] !== undefined
  return [...OF_GROUPS.filter(has), ...COLUMNS, ...OPTIONAL.filter(has)]
}

function typeOf(column: Column): 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'VARCHAR' {
  if (column.startsWith('w_')) return 'DOUBLE'
  if (column.startsWith('n_') || column === 'documents') return 'BIGINT'
  return column === 'approx' ? 'BOOLEAN' : 'VARCHAR'
}

/** Sizes of the corpus by the names that they have in tables. */
function tellCorpus({ documents, bytes, lost, weighted }: CorpusNote): Readonly<Record<string, number>> {
  const damage: Readonly<Record<string, number>> =
    lost === null ? {} : { lost_documents: lost.documents, lost_stretches: lost.unknown }
  const read: Readonly<Record<string, number>> =
    weighted === undefined ? {} : { weighted_documents: weighted.documents }
  return { documents, bytes, ...read, ...damage }
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
  else if (typeOf(column) === 'DOUBLE') appender.appendDouble(value ?? 0)
  else appender.appendBigInt(BigInt(value ?? 0))
}

/** Key-value metadata of the Parquet file: `{documents: '12', …}` as DuckDB writes it. */
function metadataOf(corpus: CorpusNote | null): string {
  if (corpus === null) return ''
  const { match, weighted } = corpus
  const notes = {
    schema: 'assay/counts@1',
    ...tellCorpus(corpus),
    ...(weighted === undefined
      ? {}
      : {
          weights: Object.entries(weighted.weights)
            .map(([name, times]) => `${name}=${times}`)
            .join(','),
        }),
    match: match.match,
    ignore_case: match.ignoreCase,
    fold: foldsOf(match).join(' ') || 'none',
    ...(match.within === null ? {} : { within: match.within }),
  }
  const entries = Object.entries(notes).map(([key, value]) => `${key}: ${sqlText(String(value))}`)
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
        `COPY counts TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd${metadataOf(corpus)})`,
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
