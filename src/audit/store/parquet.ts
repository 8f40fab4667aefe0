import { renameSync } from 'node:fs'
import { sqlText } from '../../core/text/quoted.js'
import { withConnection } from '../../ingest/index.js'
import { fileError, raise } from '../errors.js'
import { removeQuietly } from './files.js'

/** Columns of one length; `null` = unknown. Numbers are stored as DOUBLE or INTEGER, so they come back to the bit. */
export type Column =
  | { readonly type: 'VARCHAR'; readonly values: readonly (string | null)[] }
  | { readonly type: 'BOOLEAN'; readonly values: readonly (boolean | null)[] }
  | { readonly type: 'DOUBLE' | 'INTEGER'; readonly values: ArrayLike<number | null> }

export type Columns = Readonly<Record<string, Column>>

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** Write a Parquet file, whole or not at all; the same columns give the same bytes. */
export async function writeParquet(path: string, columns: Columns): Promise<void> {
  const draft = `${path}.part`
  const names = Object.keys(columns)
  const rows = Math.max(0, ...names.map((name) => columns[name].values.length))
  try {
    await withConnection(async (connection, duckdb) => {
      await connection.run(
        `CREATE TEMP TABLE t (${names.map((n) => `${quoted(n)} ${columns[n].type}`).join(', ')})`,
      )
      const types = names.map((n) => duckdb[columns[n].type])
      const appender = await connection.createAppender('t', 'main', 'temp')
      const size = 2048
      for (let start = 0; start < rows; start += size) {
        const end = Math.min(rows, start + size)
        const chunk = duckdb.DuckDBDataChunk.create(types, end - start)
        names.forEach((name, c) => {
          chunk.setColumnValues(c, Array.prototype.slice.call(columns[name].values, start, end))
        })
        appender.appendDataChunk(chunk)
      }
      appender.closeSync()
      await connection.run(`COPY t TO ${sqlText(draft)} (FORMAT parquet, COMPRESSION zstd)`)
    })
    renameSync(draft, path)
  } catch (error) {
    removeQuietly(draft)
    throw /No space left|disk/i.test(String(error))
      ? raise('disk-full', 'no space is left on the device', { path }, error)
      : fileError(error, path, 'write')
  }
}

/**
 * Read named columns of a Parquet file; a file that is not what was written is an error, never a guess.
 *
 * @param names columns that must be there
 * @param later columns that may be missing; those are missing from the result, too
 */
export async function readParquet(
  path: string,
  names: readonly string[],
  later: readonly string[] = [],
): Promise<Record<string, unknown[]>> {
  try {
    return await withConnection(async (connection) => {
      const wanted = [...names, ...later].map(sqlText).join(', ')
      const reader = await connection.runAndReadAll(
        `SELECT COLUMNS(c -> c IN (${wanted})) FROM read_parquet(${sqlText(path)})`,
      )
      const columns = reader.getColumns()
      const found = new Map(reader.columnNames().map((name, c) => [name, columns[c] ?? []]))
      const missing = names.filter((name) => !found.has(name))
      if (missing.length > 0) throw new Error(`it has no column ${missing.map(quoted).join(', ')}`)
      return Object.fromEntries(found)
    })
  } catch (error) {
    throw raise('damaged-evidence', String(error).split('\n')[0], { path }, error)
  }
}
