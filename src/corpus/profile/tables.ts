import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { Growing, pushSketch } from '../../core/index.js'
import { raise } from '../errors.js'
import { Draft, writeError } from '../job/files.js'

/** What is held before it goes to the file: a unit may be a compressed file of any size. */
const PIECE_ROWS = 2 ** 18
const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 2 },
  { name: 'hash', type: 'INT64', repetition_type: 'REQUIRED' },
  { name: 'bytes', type: 'INT32', repetition_type: 'REQUIRED' },
]

/** A draft that knows the SHA-256 of what it holds. */
class SummedDraft extends Draft {
  readonly #sum = createHash('sha256')

  override append(bytes: Uint8Array): void {
    this.#sum.update(bytes)
    super.append(bytes)
  }

  sum(): string {
    return this.#sum.digest('hex')
  }
}

/** Rows of a 64-bit hash and a number, as many as a unit has, as Parquet: `hash BIGINT, bytes INTEGER`, in the order added. */
export class HashTable {
  #halves = new Int32Array(2 * 1024)
  #bytes = new Int32Array(1024)
  #rows = 0
  #draft: SummedDraft | undefined
  #writer!: ParquetWriter

  /** Begin a file anew; what was not ended is forgotten. */
  begin(path: string): void {
    this.#draft?.abandon()
    const draft = new SummedDraft(path)
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

  /** The file stands whole from here on. Returns its SHA-256. */
  end(isKept: boolean): string {
    this.#flush()
    this.#writer.finish()
    this.#draft!.commit(isKept)
    return this.#draft!.sum()
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
  #draft: SummedDraft | undefined

  /** Begin a file anew; what was not ended is forgotten. */
  begin(path: string): void {
    this.#draft?.abandon()
    this.#draft = new SummedDraft(path)
    this.#words.clear()
  }

  /** @param least as of {@link pushSketch} */
  add(least: Int32Array): void {
    pushSketch(least, this.#words)
    if (this.#words.length >= PIECE_ROWS) this.#flush()
  }

  /** The file stands whole from here on. Returns its SHA-256. */
  end(isKept: boolean): string {
    this.#flush()
    this.#draft!.commit(isKept)
    return this.#draft!.sum()
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

/** What is read of a table at once to see whether it is as it was. */
const PIECE_BYTES = 2 ** 20

function sumOf(path: string): string {
  const sum = createHash('sha256')
  const piece = Buffer.alloc(PIECE_BYTES)
  const file = openSync(path, 'r')
  try {
    for (let n = readSync(file, piece); n > 0; n = readSync(file, piece)) sum.update(piece.subarray(0, n))
  } finally {
    closeSync(file)
  }
  return sum.digest('hex')
}

/**
 * The first table of a folder that is gone, or not as it was written.
 *
 * @param sums SHA-256 by the names of files
 */
export function tableFault(
  folder: string,
  sums: Readonly<Record<string, string>>,
): { path: string; what: string } | undefined {
  for (const [name, sum] of Object.entries(sums)) {
    const path = join(folder, name)
    if (!existsSync(path)) return { path, what: 'the table is gone' }
    if (sumOf(path) !== sum) return { path, what: 'the table is damaged' }
  }
  return undefined
}

/** Why the search for duplicates failed, where that is a table that is gone or damaged, or a full disk; else the error itself. */
export function tableError(error: unknown, folder: string, sums: Readonly<Record<string, string>>): unknown {
  const told = writeError(error, folder)
  if (told.code !== 'corpus/cannot-write') return told
  const fault = tableFault(folder, sums)
  return fault === undefined ? error : raise('bad-part', fault.what, { path: fault.path }, error)
}
