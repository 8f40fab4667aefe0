import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { agreeingHashes, SKETCH_AGREES, SKETCH_WORDS } from '../../core/index.js'
import { raise } from '../errors.js'
import { writeAll } from '../job/files.js'
import { listOf, rowsOf } from './duplicates.js'

/** In larger buckets documents are compared with the first and with the one before them alone. */
const ALL_PAIRS_UP_TO = 32
/** An id of a document is its unit × 2³² + its number there. */
export const PER_UNIT = 2 ** 32
const PAIRS_AT_ONCE = 1 << 16

/** Candidate pairs in a table of the database: a.id < b.id, each once. */
export async function findCandidates(
  connection: DuckDBConnection,
  documents: readonly string[],
  bands: readonly string[],
): Promise<void> {
  const unitOf = (paths: readonly string[]): string =>
    `(SELECT unnest(${listOf(paths)}) AS filename, unnest(range(${paths.length})) AS unit)`
  const id = `unit * ${PER_UNIT} + document`
  // The first of byte for byte equal documents stands for them.
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE firsts AS SELECT min(${id})::BIGINT AS id FROM
     (SELECT hash, bytes, unit, file_row_number AS document
      FROM read_parquet(${listOf(documents)}, filename = true, file_row_number = true) JOIN ${unitOf(documents)} USING (filename))
     WHERE bytes > 0 GROUP BY hash, bytes`,
  )
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE members AS SELECT hash, id, count(*) OVER (PARTITION BY hash) AS n FROM
     (SELECT hash, (${id})::BIGINT AS id FROM
      (SELECT hash, bytes AS document, unit FROM read_parquet(${listOf(bands)}, filename = true) JOIN ${unitOf(bands)} USING (filename)))
     SEMI JOIN firsts USING (id) QUALIFY n > 1`,
  )
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE candidates AS
     SELECT a.id AS a, b.id AS b FROM members a JOIN members b ON a.hash = b.hash AND a.id < b.id WHERE a.n <= ${ALL_PAIRS_UP_TO}
     UNION
     SELECT a, b FROM (SELECT lag(id) OVER (PARTITION BY hash ORDER BY id) AS a, id AS b FROM members WHERE n > ${ALL_PAIRS_UP_TO}) WHERE a IS NOT NULL
     UNION
     SELECT a, b FROM (SELECT min(id) OVER (PARTITION BY hash) AS a, id AS b FROM members WHERE n > ${ALL_PAIRS_UP_TO}) WHERE a < b`,
  )
  await connection.run('DROP TABLE members')
}

/** Rows of numbers, a few thousand at a time; `visit` is told each row's first two. */
async function forRows(
  connection: DuckDBConnection,
  sql: string,
  visit: (first: number, second: number) => void,
): Promise<void> {
  const result = await connection.stream(sql)
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    const { rowCount, columnCount } = chunk
    if (rowCount === 0) return
    const first = chunk.getColumnVector(0)
    const second = chunk.getColumnVector(columnCount - 1)
    for (let row = 0; row < rowCount; row++)
      visit(first.getItem(row) as number, second.getItem(row) as number)
  }
}

/** Place of an id among ascending ids; −1 where it is none of them. */
export function placeAmong(ids: Float64Array, id: number): number {
  let low = 0
  let high = ids.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ids[middle]! < id) low = middle + 1
    else high = middle
  }
  return ids[low] === id ? low : -1
}

/** Sketches of documents, shape (ids × SKETCH_WORDS), from the units' tables. */
function readSketches(ids: Float64Array, tables: readonly string[]): Int32Array {
  const sketches = new Int32Array(SKETCH_WORDS * ids.length)
  for (let at = 0; at < ids.length; ) {
    const unit = Math.floor(ids[at]! / PER_UNIT)
    const { buffer, byteOffset, byteLength } = readFileSync(tables[unit]!)
    const own = new Int32Array(buffer, byteOffset, byteLength >> 2)
    for (; at < ids.length && Math.floor(ids[at]! / PER_UNIT) === unit; at++) {
      const from = SKETCH_WORDS * (ids[at]! % PER_UNIT)
      if (from + SKETCH_WORDS > own.length)
        throw raise('bad-part', 'the table is damaged', { path: tables[unit]! })
      sketches.set(own.subarray(from, from + SKETCH_WORDS), SKETCH_WORDS * at)
    }
  }
  return sketches
}

/**
 * Those candidates whose sketches agree, in the order of their ids; the rest is as good as sure to be less alike, and its text need not be
 * read. In memory are 40 bytes a document that has a candidate.
 */
export class LikelyPairs {
  /** Of the documents of the pairs, ascending. */
  readonly ids: Float64Array
  readonly #file: number
  readonly #pairs: number

  private constructor(file: number, pairs: number, ids: Float64Array) {
    this.#file = file
    this.#pairs = pairs
    this.ids = ids
  }

  /**
   * @param sketches tables of the documents' sketches, one a unit
   * @param path     file for the pairs
   */
  static async among(
    connection: DuckDBConnection,
    sketches: readonly string[],
    path: string,
  ): Promise<LikelyPairs> {
    const [counted] = await rowsOf(
      connection,
      'CREATE OR REPLACE TEMP TABLE ids AS SELECT a AS id FROM candidates UNION SELECT b FROM candidates',
    )
    const ids = new Float64Array(Number(counted?.Count))
    let held = 0
    await forRows(connection, 'SELECT id::DOUBLE FROM ids ORDER BY id', (id) => {
      ids[held++] = id
    })
    const words = readSketches(ids, sketches)
    const isLikely = new Uint8Array(ids.length)
    const file = openSync(path, 'w+')
    const block = new Float64Array(2 * PAIRS_AT_ONCE)
    let [pairs, filled] = [0, 0]
    const flush = (): void => {
      writeAll(file, new Uint8Array(block.buffer, 0, 8 * filled), path)
      filled = 0
    }
    try {
      await forRows(connection, 'SELECT a::DOUBLE, b::DOUBLE FROM candidates ORDER BY a, b', (a, b) => {
        const [i, j] = [placeAmong(ids, a), placeAmong(ids, b)]
        if (agreeingHashes(words, i, j) < SKETCH_AGREES) return
        isLikely[i] = 1
        isLikely[j] = 1
        block[filled++] = a
        block[filled++] = b
        pairs++
        if (filled === block.length) flush()
      })
      flush()
    } catch (error) {
      closeSync(file)
      throw error
    }
    return new LikelyPairs(
      file,
      pairs,
      ids.filter((_, i) => isLikely[i] === 1),
    )
  }

  /** Every pair, ascending. */
  forEach(visit: (a: number, b: number) => void): void {
    const block = new Float64Array(2 * PAIRS_AT_ONCE)
    for (let from = 0; from < this.#pairs; from += PAIRS_AT_ONCE) {
      const most = Math.min(PAIRS_AT_ONCE, this.#pairs - from)
      readSync(this.#file, new Uint8Array(block.buffer), 0, 16 * most, 16 * from)
      for (let i = 0; i < most; i++) visit(block[2 * i]!, block[2 * i + 1]!)
    }
  }

  close(): void {
    closeSync(this.#file)
  }
}
