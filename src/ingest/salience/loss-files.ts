import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import type { Domains, LossBlock, SalienceModel, Span } from '../../core/index.js'
import { sqlText } from '../../core/text/quoted.js'
import { raise } from '../records/errors.js'
import { isLoss, LOSS_EXPECTED } from './bounds.js'
import { raiseSalience } from './errors.js'
import { type KnownModels, knownModel } from './model-name.js'

/** Losses of one model a file, span by span in one order: read in blocks as often as wanted, never whole. */
export interface LossFiles {
  readonly models: readonly SalienceModel[]
  readonly textSha256: string
  readonly spans: number
  readonly paths: readonly string[]
  /** @throws {AssayError} table/bad-value naming file and row */
  blocks(): AsyncGenerator<LossBlock>
  /** Spans by their positions. */
  spansAt(positions: readonly number[]): Promise<Span[]>
  /** Domains; all of one where a file holds the spans of a domain in several stretches. */
  domains(): Promise<Domains>
}

/** What one file says of itself in its Parquet statistics: columns that hold one value, and how many rows there are. */
interface FileHead {
  readonly path: string
  readonly rows: number
  readonly values: ReadonlyMap<string, { readonly low: string; readonly high: string }>
}

/** A database in memory; a thread decodes while this one computes. */
async function connected<T>(use: (connect: () => Promise<DuckDBConnection>) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  try {
    return await use(() => instance.connect())
  } finally {
    instance.closeSync()
  }
}

async function headOf(connection: DuckDBConnection, path: string): Promise<FileHead> {
  const read = await connection.runAndReadAll(
    `SELECT path_in_schema, min(stats_min_value), max(stats_max_value), sum(num_values)::DOUBLE,
            coalesce(sum(stats_null_count), 1)::DOUBLE
     FROM parquet_metadata(${sqlText(path)}) GROUP BY 1`,
  )
  const rows = read.getRowsJS() as [string, string | null, string | null, number, number][]
  return {
    path,
    rows: rows[0]?.[3] ?? 0,
    values: new Map(
      rows.flatMap(([name, low, high, , nulls]) =>
        low === null || high === null || nulls > 0 ? [] : [[name, { low, high }]],
      ),
    ),
  }
}

/** The one value of a column, or null where it has several, or tells none. */
function oneValue({ values }: FileHead, column: string): string | null {
  const range = values.get(column)
  return range !== undefined && range.low === range.high ? range.low : null
}

const COLUMNS = ['bits', 'byte_start', 'byte_end', 'document', 'domain']

/**
 * Files of `assay loss --spans`, one model each, of one text in one unit.
 *
 * @returns null where they are no such files: `readLosses` reads those, and says what is wrong
 * @throws {AssayError} table/bad-value where two files hold the same model, salience/other-text where they hold their spans
 *   in other orders
 */
export async function openLossFiles(paths: readonly string[], known: KnownModels): Promise<LossFiles | null> {
  if (!paths.every((path) => path.endsWith('.parquet'))) return null
  const heads = await connected(async (connect) => {
    const connection = await connect()
    const found: FileHead[] = []
    for (const path of paths) found.push(await headOf(connection, path))
    return found
  }).catch(() => [])
  const [first] = heads
  if (first === undefined) return null
  const told = (column: string): string | null => oneValue(first, column)
  const textSha256 = told('text_sha256')
  if (textSha256 === null || told('unit') === null) return null
  const alike = heads.every(
    (head) =>
      head.rows === first.rows &&
      COLUMNS.every((column) => head.values.has(column)) &&
      oneValue(head, 'model') !== null &&
      ['text_sha256', 'unit'].every((column) => oneValue(head, column) === told(column)) &&
      ['byte_start', 'byte_end'].every(
        (column) => head.values.get(column)?.high === first.values.get(column)?.high,
      ),
  )
  if (!alike) return null
  const models = heads.map((head): SalienceModel => {
    const name = oneValue(head, 'model') ?? ''
    return knownModel(name, oneValue(head, 'checkpoint') ?? '', known, { family: name })
  })
  models.forEach(({ id }, m) => {
    const earlier = models.findIndex((other) => other.id === id)
    if (earlier < m) throw raise('bad-value', `${id} stands in ${paths[earlier]} already`, { path: paths[m] })
  })
  return {
    models,
    textSha256,
    spans: first.rows,
    paths,
    domains: () => domainsIn(paths[0], first.rows),
    blocks: () => blocksOf(paths),
    spansAt: (positions) => spansAt(paths[0], positions),
  }
}

/** The values of a column of doubles as they lie in memory; one by one, where the library keeps them otherwise. */
function doublesOf(
  chunk: NonNullable<Awaited<ReturnType<DuckDBResult['fetchChunk']>>>,
  column: number,
): Float64Array {
  const vector = chunk.getColumnVector(column)
  const count = chunk.rowCount
  for (const part of Object.values(vector))
    if (part instanceof Float64Array && part.length === count) return part
  return Float64Array.from({ length: count }, (_, i) => Number(vector.getItem(i)))
}

/** Blocks as the database hands them out, every file one behind the other. */
async function* blocksOf(paths: readonly string[]): AsyncGenerator<LossBlock> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  try {
    const results: DuckDBResult[] = []
    for (const [m, path] of paths.entries()) {
      const bytes = m === 0 ? ', (byte_end - byte_start)::DOUBLE AS bytes' : ''
      const connection = await instance.connect()
      results.push(
        await connection.stream(`SELECT bits::DOUBLE AS bits${bytes} FROM read_parquet(${sqlText(path)})`),
      )
    }
    let losses: Float64Array[] = []
    let before = 0
    for (;;) {
      const chunks = await Promise.all(results.map((result) => result.fetchChunk()))
      const count = chunks[0]?.rowCount ?? 0
      if (losses.length === 0) losses = paths.map(() => new Float64Array(count))
      if (count === 0) return
      const weights = chunks[0] === null ? new Float64Array() : doublesOf(chunks[0], 1)
      chunks.forEach((chunk, m) => {
        if (chunk?.rowCount !== count) throw new RangeError(`${paths[m]} ends before ${paths[0]}`)
        const bits = doublesOf(chunk, 0)
        const row = losses[m]
        for (let i = 0; i < count; i++) {
          const value = bits[i] / weights[i]
          if (!isLoss(value))
            throw raise(
              'bad-value',
              `found ${bits[i]} bits over ${weights[i]} bytes, expected ${LOSS_EXPECTED}`,
              {
                path: paths[m],
                line: before + i + 1,
                field: 'bits',
              },
            )
          row[i] = value
        }
      })
      yield { losses, weights, count }
      before += count
    }
  } finally {
    instance.closeSync()
  }
}

async function spansAt(path: string, positions: readonly number[]): Promise<Span[]> {
  if (positions.length === 0) return []
  const rows = await connected(async (connect) => {
    const read = await (await connect()).runAndReadAll(
      `SELECT file_row_number::DOUBLE, document, domain, byte_start::DOUBLE, byte_end::DOUBLE
       FROM read_parquet(${sqlText(path)}, file_row_number = true)
       WHERE file_row_number IN (${positions.join(', ')})`,
    )
    return read.getRowsJS() as [number, string, string, number, number][]
  })
  const found = new Map(
    rows.map(([at, document, domain, start, end]) => [at, { document, domain, bytes: { start, end } }]),
  )
  return positions.flatMap((at) => found.get(at) ?? [])
}

/** @throws {AssayError} salience/other-text where files hold their spans in other orders */
export async function requireSameOrder(paths: readonly string[]): Promise<void> {
  const sums = await connected(async (connect) => {
    const connection = await connect()
    const found: string[] = []
    for (const path of paths) {
      // Products with the row's number: two rows that change places change the sum.
      const read = await connection.runAndReadAll(
        `SELECT (sum((byte_start + 1) * (file_row_number % 65521 + 1)::HUGEINT) || ' ' || sum(byte_end * (file_row_number % 65519 + 1)::HUGEINT))
         FROM read_parquet(${sqlText(path)}, file_row_number = true)`,
      )
      found.push(String(read.getRowsJS()[0][0]))
    }
    return found
  })
  const other = sums.findIndex((sum) => sum !== sums[0])
  if (other >= 0)
    throw raiseSalience('other-text', `holds its spans otherwise than ${paths[0]} does`, {
      path: paths[other],
    })
}

async function domainsIn(path: string, spans: number): Promise<Domains> {
  const rows = await connected(async (connect) => {
    const read = await (await connect()).runAndReadAll(
      `SELECT domain, min(file_row_number)::DOUBLE, max(file_row_number)::DOUBLE, count(*)::DOUBLE
       FROM read_parquet(${sqlText(path)}, file_row_number = true) GROUP BY 1 ORDER BY 2`,
    )
    return read.getRowsJS() as [string, number, number, number][]
  })
  const place = new Uint16Array(spans)
  if (rows.some(([, first, last, count]) => last - first + 1 !== count)) return { names: [''], of: place }
  for (const [d, [, first, last]] of rows.entries()) place.fill(d, first, last + 1)
  return { names: rows.map(([name]) => name), of: place }
}
