import type { DuckDBConnection } from '@duckdb/node-api'
import { sqlText } from '../../core/text/quoted.js'

/** How often texts of one kind stand in the corpus. */
export interface Repeats {
  /** Texts counted: documents, or paragraphs long enough to count. */
  readonly texts: number
  readonly bytes: number
  /** Texts beyond the first of each group of equal ones, and their bytes. */
  readonly duplicates: number
  readonly duplicateBytes: number
  /** Groups of equal texts by their size; those of one text are not listed. */
  readonly histogram: readonly { readonly times: number; readonly groups: number }[]
  /** Groups that take the most bytes beyond their first text. */
  readonly worst: readonly RepeatedText[]
}

export interface RepeatedText {
  readonly times: number
  readonly bytes: number
  /** Where the one that is read first stands: the table of its unit, and its row there. */
  readonly table: string
  readonly row: number
}

const WORST = 10
const MEMORY = '1GB'

/** A tenth of a second, which a pass in several threads takes along. */
export function loadDuckDb(): Promise<typeof import('@duckdb/node-api')> {
  return import('@duckdb/node-api')
}

/**
 * DuckDB in a folder, where it puts down what does not fit into memory.
 *
 * @param threads null = one for each core
 */
export async function withDuckDb<T>(
  folder: string,
  threads: number | null,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = await loadDuckDb()
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY,
    temp_directory: folder,
    preserve_insertion_order: 'false',
    ...(threads === null ? {} : { threads: String(threads) }),
  })
  const connection = await instance.connect()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Rows of a query, by column. */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<Readonly<Record<string, unknown>>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS()
}

export function listOf(paths: readonly string[]): string {
  return `[${paths.map(sqlText).join(', ')}]`
}

/**
 * Equal texts over all tables: one GROUP BY that goes to disk where it has to.
 *
 * @param tables files with the columns `hash, bytes`; empty texts are no duplicates of each other
 */
export async function findRepeats(connection: DuckDBConnection, tables: readonly string[]): Promise<Repeats> {
  const from = `FROM read_parquet(${listOf(tables)}, filename = true, file_row_number = true) WHERE bytes > 0`
  await connection.run(
    // Numbers alone: the least of structs or strings is held outside of what DuckDB counts as its memory, 100 bytes a text.
    `CREATE OR REPLACE TEMP TABLE repeats AS SELECT hash, bytes, count(*) AS times ${from} GROUP BY hash, bytes HAVING count(*) > 1`,
  )
  const [whole] = await rowsOf(
    connection,
    `SELECT count(*) AS texts, coalesce(sum(bytes), 0) AS bytes ${from}`,
  )
  const [over] = await rowsOf(
    connection,
    'SELECT coalesce(sum(times - 1), 0) AS duplicates, coalesce(sum((times - 1) * bytes), 0) AS bytes FROM repeats',
  )
  const histogram = await rowsOf(
    connection,
    'SELECT times, count(*) AS groups FROM repeats GROUP BY times ORDER BY times',
  )
  const worst = await rowsOf(
    connection,
    `WITH worst AS (SELECT * FROM repeats ORDER BY (times - 1) * bytes DESC, times DESC, hash LIMIT ${WORST}),
     places AS (SELECT hash, bytes, min(struct_pack(r := file_row_number, f := filename)) AS place
       FROM (SELECT * ${from}) SEMI JOIN worst USING (hash, bytes) GROUP BY hash, bytes)
     SELECT times, bytes, place.f AS "table", place.r AS "row" FROM worst JOIN places USING (hash, bytes)
     ORDER BY (times - 1) * bytes DESC, times DESC, hash`,
  )
  return {
    texts: Number(whole?.texts),
    bytes: Number(whole?.bytes),
    duplicates: Number(over?.duplicates),
    duplicateBytes: Number(over?.bytes),
    histogram: histogram.map(({ times, groups }) => ({ times: Number(times), groups: Number(groups) })),
    worst: worst.map((row) => ({
      times: Number(row.times),
      bytes: Number(row.bytes),
      table: String(row.table),
      row: Number(row.row),
    })),
  }
}
