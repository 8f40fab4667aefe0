import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

let shared: Promise<DuckDBInstance> | undefined

/**
 * Work with a connection to the process's database in memory: a database of its own for each file takes 17 ms, and an audit reads
 * and writes sixty. What is made in it must be temporary, which is a connection's own.
 */
export async function withConnection<T>(
  use: (connection: DuckDBConnection, duckdb: typeof import('@duckdb/node-api')) => Promise<T>,
): Promise<T> {
  // Loaded late: the native library costs 0.1 s that commands without tables should not pay.
  const duckdb = await import('@duckdb/node-api')
  shared ??= duckdb.DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await (await shared).connect()
  try {
    return await use(connection, duckdb)
  } finally {
    connection.closeSync()
  }
}
