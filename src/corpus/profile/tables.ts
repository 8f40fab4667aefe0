import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { SKETCH_WORDS } from '../../core/index.js'
import { messageOf, raise } from '../errors.js'
import { writeError, writeWhole } from '../job/files.js'

/** Rows of a 64-bit hash and a number, as many as a unit has; written as Parquet. */
export class HashTable {
  #halves = new Int32Array(2 * 1024)
  #bytes = new Int32Array(1024)
  #rows = 0

  add(high: number, low: number, bytes: number): void {
    if (this.#rows === this.#bytes.length) {
      this.#halves = grown(this.#halves)
      this.#bytes = grown(this.#bytes)
    }
    this.#halves[2 * this.#rows] = low
    this.#halves[2 * this.#rows + 1] = high
    this.#bytes[this.#rows++] = bytes
  }

  /** Write the rows (`writeWhole`), and begin anew. Columns: `hash BIGINT, bytes INTEGER`, in the order added. */
  write(path: string, isKept: boolean): void {
    const rows = this.#rows
    this.#rows = 0
    const hash = new BigInt64Array(this.#halves.buffer, 0, rows)
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'hash', data: hash, type: 'INT64', encoding: 'PLAIN' },
        { name: 'bytes', data: this.#bytes.subarray(0, rows), type: 'INT32', encoding: 'PLAIN' },
      ],
      codec: 'UNCOMPRESSED',
      statistics: false,
    })
    writeWhole(path, new Uint8Array(file), isKept)
  }
}

function grown(values: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(2 * values.length)
  more.set(values)
  return more
}

/** Bytes behind the footer of Parquet: its length, and the magic number. */
const PARQUET_END = 8

/** Whether a table is there and was not cut off: Parquet ends with its footer, a file of sketches with a whole one. */
export function isWholeTable(path: string): boolean {
  if (!existsSync(path)) return false
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    if (path.endsWith('.bin')) return size % (4 * SKETCH_WORDS) === 0
    const end = Buffer.alloc(PARQUET_END)
    return (
      size > PARQUET_END &&
      readSync(file, end, 0, PARQUET_END, size - PARQUET_END) === PARQUET_END &&
      end.toString('latin1', 4) === 'PAR1' &&
      end.readUInt32LE(0) + PARQUET_END < size
    )
  } finally {
    closeSync(file)
  }
}

/** Why the search for duplicates failed, where that is a table that is gone or damaged, or a full disk; else the error itself. */
export function tableError(error: unknown, folder: string, tables: readonly string[]): unknown {
  const told = writeError(error, folder)
  if (told.code !== 'corpus/cannot-write') return told
  const text = messageOf(error)
  const path = tables.find((table) => !isWholeTable(table)) ?? tables.find((table) => text.includes(table))
  if (path !== undefined)
    return raise('bad-part', `the table is ${existsSync(path) ? 'damaged' : 'gone'}`, { path }, error)
  // What DuckDB finds within a file it says without its name.
  return /^(Invalid|IO|Serialization)( \w+)? Error/.test(text)
    ? raise('bad-part', `a table there is damaged (${text.split('\n')[0]})`, { path: folder }, error)
    : error
}
