import { renameSync } from 'node:fs'
import { fileError, raise } from '../errors.js'

/** Columns of one length; `null` = unknown. Numbers are stored as DOUBLE or INTEGER, so they come back to the bit. */
export type Column =
  | { readonly type: 'VARCHAR'; readonly values: readonly (string | null)[] }
  | { readonly type: 'DOUBLE' | 'INTEGER'; readonly values: ArrayLike<number | null> }

export type Columns = Readonly<Record<string, Column>>

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

async function connect() {
  // Loaded late: the native library costs 0.1 s that commands without tables should not pay.
  const duckdb = await import('@duckdb/node-api')
  const instance = await duckdb.DuckDBInstance.create(':memory:', { threads: '1' })
  return { duckdb, connection: await instance.connect() }
}

/** Write a Parquet file, whole or not at all; the same columns give the same bytes. */
export async function writeParquet(path: string, columns: Columns): Promise<void> {
  const { duckdb, connection } = await connect()
  const names = Object.keys(columns)
  const rows = Math.max(0, ...names.map((name) => columns[name].values.length))
  try {
    await connection.run(`CREATE TABLE t (${names.map((n) => `${quoted(n)} ${columns[n].type}`).join(', ')})`)
    const types = names.map((n) => duckdb[columns[n].type])
    const appender = await connection.createAppender('t')
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
    await connection.run(`COPY t TO ${literal(`${path}.part`)} (FORMAT parquet, COMPRESSION zstd)`)
    renameSync(`${path}.part`, path)
  } catch (error) {
    const text = String(error)
    throw /No space left|disk/i.test(text)
      ? raise('disk-full', text, { path }, error)
      : fileError(error, path, 'write')
  } finally {
    connection.closeSync()
  }
}

/** Read named columns of a Parquet file; a file that is not what was written is an error, never a guess. */
export async function readParquet(
  path: string,
  names: readonly string[],
): Promise<Record<string, unknown[]>> {
  const { connection } = await connect()
  try {
    const reader = await connection.runAndReadAll(
      `SELECT ${names.map(quoted).join(', ')} FROM read_parquet(${literal(path)})`,
    )
    const columns = reader.getColumns()
    return Object.fromEntries(names.map((name, c) => [name, columns[c] ?? []]))
  } catch (error) {
    throw raise('damaged-evidence', String(error).split('\n')[0], { path }, error)
  } finally {
    connection.closeSync()
  }
}
