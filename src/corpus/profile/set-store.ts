import { closeSync, openSync, readSync } from 'node:fs'
import { DocumentScan, Growing, jaccard, shingleSet, shingles } from '../../core/index.js'
import { writeAll } from '../job/files.js'
import { readUnit } from '../readers/read-unit.js'
import { Enough, type ReadOptions, type Unit } from '../readers/unit.js'
import { PER_UNIT } from './candidates.js'

/** Sets kept in memory while pairs are compared, each in the place of its number; longer ones (texts of 30 kB and more) are read again. */
const PLACES = 4096
const PLACE_SHINGLES = 4096

/** Sets of shingles of some documents on disk, by the document's id. */
export class SetStore {
  readonly ids: Float64Array
  readonly bytes: Float64Array
  readonly #path: string
  readonly #offsets: Float64Array
  readonly #lengths: Int32Array
  readonly #places: Int32Array
  /** Whose set stands in each place; −1 = nobody's. */
  readonly #owners = new Int32Array(PLACES).fill(-1)
  #file = -1

  /** @param ids ascending */
  constructor(path: string, ids: Float64Array) {
    this.#path = path
    this.ids = ids
    this.bytes = new Float64Array(ids.length)
    this.#offsets = new Float64Array(ids.length)
    this.#lengths = new Int32Array(ids.length)
    this.#places = new Int32Array(PLACE_SHINGLES * Math.min(PLACES, ids.length))
  }

  /** Read the documents again and write their sets; what can no longer be read has the empty set, like to nothing. */
  async fill(units: readonly Unit[], options: ReadOptions): Promise<void> {
    this.#file = openSync(this.#path, 'w+')
    const scan = new DocumentScan()
    const hashes = new Growing()
    let offset = 0
    let failure: unknown
    for (let at = 0; at < this.ids.length; ) {
      const unit = Math.floor(this.ids[at]! / PER_UNIT)
      const last = units[unit]!
      let ordinal = -1
      try {
        await readUnit(last, options, {
          document: (bytes, begin, end) => {
            ordinal++
            if (this.ids[at] !== unit * PER_UNIT + ordinal) return
            scan.scan(bytes, begin, end)
            shingles(scan.terms, hashes)
            const set = shingleSet(hashes)
            try {
              writeAll(this.#file, new Uint8Array(set.buffer, set.byteOffset, set.byteLength), this.#path)
            } catch (error) {
              failure = error
              throw error
            }
            this.#offsets[at] = offset
            this.#lengths[at] = set.length
            this.bytes[at] = end - begin
            offset += set.byteLength
            at++
            // Nothing more is wanted of the unit.
            if (this.ids[at] === undefined || Math.floor(this.ids[at]! / PER_UNIT) !== unit)
              throw new Enough()
          },
          skip() {},
          lose() {},
        })
      } catch {
        if (failure !== undefined) throw failure
        // It was enough, or the pass has told what of the unit cannot be read.
      }
      while (at < this.ids.length && Math.floor(this.ids[at]! / PER_UNIT) === unit) at++
    }
  }

  sizeOf(index: number): number {
    return this.#lengths[index]!
  }

  /** Jaccard similarity of two of the documents. */
  similarity(a: number, b: number): number {
    const first = this.#setOf(a)
    return jaccard(a % PLACES === b % PLACES ? first.slice() : first, this.#setOf(b))
  }

  /** Valid until the set of another document of the same place is asked for. */
  #setOf(index: number): Int32Array {
    const length = this.#lengths[index]!
    if (length > PLACE_SHINGLES) return this.#read(index, new Int32Array(length))
    const place = index % PLACES
    const set = this.#places.subarray(place * PLACE_SHINGLES, place * PLACE_SHINGLES + length)
    if (this.#owners[place] !== index) this.#read(index, set)
    this.#owners[place] = index
    return set
  }

  #read(index: number, into: Int32Array): Int32Array {
    readSync(this.#file, into, 0, into.byteLength, this.#offsets[index]!)
    return into
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file)
  }
}
