import { WORDS_WASM } from './words-wasm.js'

/** Where everything lies, as in assembly/words.ts and assembly/seek.ts. */
const KEPT_AT = 0x1000
const DOCUMENTS_AT = 0x9000
/** Words that are kept of the text behind the present one: more than the longest span, and what is read at once. */
export const KEPT = 1 << 13
const FOLDED_AT = 0x40000
const SEQUENCES_AT = 0x140000
const ANCHORS_AT = 0x180000
const ANCHOR_WORDS = 1 << 15
const EVENTS_AT = ANCHORS_AT + 4 * ANCHOR_WORDS
/** More than a reading tells: five of each of its words. */
const EVENT_BYTES = 0x80000
const FILTERS_AT = EVENTS_AT + EVENT_BYTES
const CODE_TABLE = 0x40000
/** Bytes that may be read behind a document. */
const MARGIN = 64
const PAGE = 65536
/** What a call of the reader ends with, beside the number of a block of 256 characters that is wanted. */
const FULL = -2

/** A letter of a script without spaces, and a character that several take the place of. */
export const UNSPACED = 1 << 24
const SEVERAL = 1 << 25

/** What a seed or a published n-gram that may be sought is told as. */
export const HIT = 0

/** What decides which words are told. */
export interface WordFilters {
  readonly anchors: Int32Array
  readonly pairs: Int32Array
  readonly seeds: Int32Array
  readonly leasts: Int32Array
  readonly grams: Int32Array
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  setFilters(...pointersAndMasks: number[]): void
  reset(): void
  begin(at: number, length: number, document: number): void
  read(): number
  wordsTaken(): number
  events(): number
}

/** The part of the platform's WebAssembly that is used; Node's types leave it to the DOM's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: unknown }
}

const NOTHING = new Int32Array(1)
let compiled: object | undefined

/** Cuts documents into words, and tells those at which something may stand that is sought. */
export class WordMemory {
  readonly #exports: Exports
  readonly #fold: (codePoint: number) => readonly number[]
  /** The last words, a ring, and the documents that they stand in; shapes ({@link KEPT}). */
  kept = new Int32Array(0)
  documents = new Int32Array(0)
  #bytes = new Uint8Array(0)
  #ints = new Int32Array(0)
  #textAt = FILTERS_AT
  #sequenceEnd = 0

  /** @param fold letters that take the place of a character; 0 = a separator, none = it vanishes */
  constructor(fold: (codePoint: number) => readonly number[], filters?: WordFilters) {
    compiled ??= new WebAssembly.Module(Buffer.from(WORDS_WASM, 'base64'))
    this.#exports = new WebAssembly.Instance(compiled).exports as Exports
    this.#fold = fold
    const { anchors, pairs, seeds, leasts, grams } = filters ?? {
      anchors: NOTHING,
      pairs: NOTHING,
      seeds: NOTHING,
      leasts: NOTHING,
      grams: NOTHING,
    }
    const tables = [pairs, seeds, leasts, grams]
    this.#fit(tables.reduce((sum, { byteLength }) => sum + byteLength, 0))
    this.#ints.set(anchors, ANCHORS_AT / 4)
    const pointers = tables.flatMap((table) => {
      this.#ints.set(table, this.#textAt / 4)
      this.#textAt += table.byteLength
      return [this.#textAt - table.byteLength, table.length - 1]
    })
    this.#exports.setFilters(...pointers)
    this.#ints.fill(-1, FOLDED_AT / 4, FOLDED_AT / 4 + CODE_TABLE)
    this.#putBlock(0)
    this.#exports.reset()
  }

  #fit(length: number): void {
    const { memory } = this.#exports
    const missing = this.#textAt + length + MARGIN - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
    if (this.#bytes.buffer === memory.buffer) return
    this.#bytes = new Uint8Array(memory.buffer)
    this.#ints = new Int32Array(memory.buffer)
    this.kept = new Int32Array(memory.buffer, KEPT_AT, KEPT)
    this.documents = new Int32Array(memory.buffer, DOCUMENTS_AT, KEPT)
  }

  /** Tell the reader of 256 characters. */
  #putBlock(block: number): void {
    for (let code = block << 8; code < (block + 1) << 8; code++) {
      const letters = this.#fold(code)
      let value = letters[0] ?? 1
      if (letters.length > 1) {
        value = SEVERAL + this.#sequenceEnd
        this.#ints.set([letters.length, ...letters], SEQUENCES_AT / 4 + this.#sequenceEnd)
        this.#sequenceEnd += letters.length + 1
      }
      this.#ints[FOLDED_AT / 4 + code] = value
    }
  }

  /** A unit begins: what was read is forgotten. */
  reset(): void {
    this.#exports.reset()
  }

  /** Put the document of this number there. */
  begin(bytes: Uint8Array, begin: number, end: number, document: number): void {
    this.#fit(end - begin)
    this.#bytes.set(bytes.subarray(begin, end), this.#textAt)
    this.#exports.begin(this.#textAt, end - begin, document)
  }

  /** Read some thousand words; false where the document is over. */
  read(): boolean {
    let state = this.#exports.read()
    for (; state >= 0; state = this.#exports.read()) this.#putBlock(state)
    return state === FULL
  }

  /** Position behind the last word; the first word of a unit is at {@link KEPT}. */
  position(): number {
    return this.#exports.wordsTaken()
  }

  /** What the last read came upon, in order: {@link HIT} or a published n-gram, its hash, the position of its last word. */
  forEvents(visit: (kind: number, hash: number, position: number) => void): void {
    const events = this.#exports.events()
    const ints = this.#ints
    for (let i = 0, at = EVENTS_AT / 4; i < events; i++, at += 3)
      visit(ints[at]!, ints[at + 1]!, ints[at + 2]!)
  }
}
