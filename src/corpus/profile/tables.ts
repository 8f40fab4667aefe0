import { parquetWriteBuffer } from 'hyparquet-writer'
import { writeWhole } from '../job/files.js'

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
