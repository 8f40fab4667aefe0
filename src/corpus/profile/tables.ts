import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { Growing, pushSketch, SKETCH_WORDS } from '../../core/index.js'
import { messageOf, raise } from '../errors.js'
import { Draft, writeError } from '../job/files.js'

/** What is held before it goes to the file: a unit may be a compressed file of any size. */
const PIECE_ROWS = 2 ** 18
const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 2 },
  { name: 'hash', type: 'INT64', repetition_type: 'REQUIRED' },
  { name: 'bytes', type: 'INT32', repetition_type: 'REQUIRED' },
]

/** Rows of a 64-bit hash and a number, as many as a unit has, as Parquet: `hash BIGINT, bytes INTEGER`, in the order added. */
export class HashTable {
  #halves = new Int32Array(2 * 1024)
  #bytes = new Int32Array(1024)
  #rows = 0
  #draft: Draft | undefined
  #writer!: ParquetWriter

  /** Begin a file anew; what was not ended is forgotten. */
  begin(path: string): void {
    this.#draft?.abandon()
    const draft = new Draft(path)
    const bytes = new ByteWriter()
    const flush = (): void => {
      draft.append(bytes.getBytes())
      bytes.index = 0
    }
    const writer = Object.assign(bytes, { flush, finish: flush })
    this.#draft = draft
    this.#writer = new ParquetWriter({ writer, schema: SCHEMA, codec: 'UNCOMPRESSED', statistics: false })
    this.#rows = 0
  }

  add(high: number, low: number, bytes: number): void {
    if (this.#rows === PIECE_ROWS) this.#flush()
    if (this.#rows === this.#bytes.length) {
      this.#halves = grown(this.#halves)
      this.#bytes = grown(this.#bytes)
    }
    this.#halves[2 * this.#rows] = low
    this.#halves[2 * this.#rows + 1] = high
    this.#bytes[this.#rows++] = bytes
  }

  /** The file stands whole from here on. */
  end(isKept: boolean): void {
    this.#flush()
    this.#writer.finish()
    this.#draft!.commit(isKept)
    this.#draft = undefined
  }

  #flush(): void {
    const hash = new BigInt64Array(this.#halves.buffer, 0, this.#rows)
    this.#writer.write({
      columnData: [
        { name: 'hash', data: hash, encoding: 'PLAIN' },
        { name: 'bytes', data: this.#bytes.subarray(0, this.#rows), encoding: 'PLAIN' },
      ],
    })
    this.#rows = 0
  }
}

/** Sketches of a unit's documents, one behind the other, as their words alone. */
export class SketchTable {
  readonly #words = new Growing(PIECE_ROWS)
  #draft: Draft | undefined

  /** Begin a file anew; what was not ended is forgotten. */
  begin(path: string): void {
    this.#draft?.abandon()
    this.#draft = new Draft(path)
    this.#words.clear()
  }

  /** @param least as of {@link pushSketch} */
  add(least: Int32Array): void {
    pushSketch(least, this.#words)
    if (this.#words.length >= PIECE_ROWS) this.#flush()
  }

  /** The file stands whole from here on. */
  end(isKept: boolean): void {
    this.#flush()
    this.#draft!.commit(isKept)
    this.#draft = undefined
  }

  #flush(): void {
    const { values, length } = this.#words
    this.#draft!.append(new Uint8Array(values.buffer, 0, 4 * length))
    this.#words.clear()
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
