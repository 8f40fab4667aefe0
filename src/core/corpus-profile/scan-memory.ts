import { characterClass } from './characters.js'
import type { Growing } from './growing.js'
import { BAND_ROWS, BANDS, MASKS, MULTIPLIERS } from './minhash.js'
import { MOST_TERMS, type Ngrams, REPEATED_NGRAM_LIMITS } from './repetition.js'
import { SCAN_WASM } from './scan-wasm.js'
import { WATCHED, WATCHED_BY_SLOT } from './watched.js'

/** Where everything lies, as in assembly/scan.ts. */
const COUNTERS = 0x400
const BOUNDS_AT = 0x500
const LEAST = 0x800
const MULTIPLIERS_AT = 0x900
const MASKS_AT = 0xa00
const WATCHED_AT = 0xc00
const TAGS_AT = 0x1000
const ENTITIES_AT = 0x1800
const SLOTS_AT = 0x2000
const CLASSES_AT = 0x4000
const CLASS_TABLE = 0x40000
/** The class of a character that did not occur yet: the scanner asks for the 256 around it. */
const UNKNOWN = 255
export const TERMS_AT = 0x50000
export const LENGTHS_AT = 0x90000
export const LINE_HASHES_AT = 0xd0000
export const LINE_BYTES_AT = 0xe0000
export const PARAGRAPHS_AT = 0xf0000
export const EVENTS_AT = 0x130000
const NGRAM_TERMS_AT = 0x140000
const NGRAM_LENGTHS_AT = 0x240000
/** Behind buckets and keys of assembly/repetition.ts. */
const TEXT_AT = 0x780000
const TERM_ROOM = 0x10000
/** Bytes that may be read behind a document. */
const MARGIN = 64
const PAGE = 65536
const LEAST_TEXT = 1 << 20
/** What a call of the scanner ends with: see `scan`. */
const FULL = -2

const TAGS =
  'a b body br center dd div dl dt em embed font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input li link meta nav noscript object ol option p param pre script section select small span strong style sub sup table tbody td th tr u ul'
const ENTITIES = 'amp apos copy gt hellip laquo ldquo lsquo lt mdash nbsp ndash quot raquo rdquo rsquo'

/** What is counted, in the order of assembly/scan.ts. */
const COUNTER_NAMES = [
  'characters',
  'letters',
  'singles',
  'digits',
  'spaces',
  'illFormed',
  'replacements',
  'controls',
  'mojibake',
  'words',
  'alphabeticWords',
  'hashSigns',
  'ellipses',
  'curlyBrackets',
  'sentences',
  'markup',
  'stopWords',
  'stopWordTerms',
  'lines',
  'bulletLines',
  'ellipsisLines',
  'terminalLines',
  'lineBytes',
  'hashHigh',
  'hashLow',
] as const
const ENDS_CLOSED = COUNTER_NAMES.length
type Counters = Record<(typeof COUNTER_NAMES)[number], number>

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  begin(length: number): void
  /** DONE, FULL, or the number of a block of 256 characters whose classes are wanted. */
  scan(): number
  leastHashes(count: number): void
  boundNgrams(terms: number): void
  topCharacters(terms: number, n: number): number
  repeatedCharacters(terms: number, n: number): number
}

/** The parts of the platform that are used; this room's types know none. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: unknown }
}
declare const atob: (base64: string) => string

let compiled: object | undefined

/** Eight bytes of a name, the first the lowest. */
function nameKey(name: string): bigint {
  return [...name].reduce((key, c, i) => key | (BigInt(c.charCodeAt(0)) << BigInt(8 * i)), 0n)
}

/** The memory of one scanner: tables, the buffers that it fills, the document. */
export class ScanMemory {
  readonly #exports: Exports
  #bytes = new Uint8Array(0)
  ints = new Int32Array(0)

  constructor() {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(SCAN_WASM), (c) => c.charCodeAt(0)))
    this.#exports = new WebAssembly.Instance(compiled).exports as Exports
    this.#fit(LEAST_TEXT)
    const bytes = this.#bytes
    bytes.fill(UNKNOWN, CLASSES_AT, CLASSES_AT + CLASS_TABLE)
    bytes.set(WATCHED_BY_SLOT, SLOTS_AT)
    for (const [i, { hash }] of WATCHED.entries()) this.ints[WATCHED_AT / 4 + 1 + i] = hash
    this.ints.set(MULTIPLIERS, MULTIPLIERS_AT / 4)
    this.ints.set(MASKS, MASKS_AT / 4)
    this.#putNames(TAGS, TAGS_AT, 255)
    this.#putNames(ENTITIES, ENTITIES_AT, 63)
  }

  #fit(length: number): void {
    const { memory } = this.#exports
    const missing = TEXT_AT + length + MARGIN - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
    if (this.#bytes.buffer === memory.buffer) return
    this.#bytes = new Uint8Array(memory.buffer)
    this.ints = new Int32Array(memory.buffer)
  }

  /** An open-addressed table of `mask` + 1 names. */
  #putNames(names: string, at: number, mask: number): void {
    const table = new BigUint64Array(this.#bytes.buffer, at, mask + 1)
    for (const name of names.split(' ')) {
      const key = nameKey(name)
      const folded = Number(BigInt.asIntN(32, key ^ (key >> 32n)))
      let slot = (Math.imul(folded, 0x9e3779b1) >>> 20) & mask
      while (table[slot] !== 0n) slot = (slot + 1) & mask
      table[slot] = key
    }
  }

  /** Put a document there. */
  begin(bytes: Uint8Array, begin: number, end: number): void {
    this.#fit(end - begin)
    this.#bytes.set(bytes.subarray(begin, end), TEXT_AT)
    this.#exports.begin(end - begin)
  }

  /** Look at the document until a buffer is full (true) or it is over. */
  scan(): boolean {
    let state = this.#exports.scan()
    for (; state >= 0; state = this.#exports.scan()) {
      const from = state << 8
      for (let code = from; code < from + 256; code++) this.#bytes[CLASSES_AT + code] = characterClass(code)
    }
    return state === FULL
  }

  /** What was counted, into the fields of the same names. */
  read(into: Counters): void {
    for (let i = 0; i < COUNTER_NAMES.length; i++) into[COUNTER_NAMES[i]!] = this.#counter(i)
  }

  /** Whether the last character ends a sentence. */
  endsClosed(): boolean {
    return this.#counter(ENDS_CLOSED) !== 0
  }

  /** How much stands in the buffers. */
  held(): { terms: number; lines: number; paragraphs: number; events: number } {
    return {
      terms: this.#counter(ENDS_CLOSED + 1),
      lines: this.#counter(ENDS_CLOSED + 2),
      paragraphs: this.#counter(ENDS_CLOSED + 3),
      events: this.#counter(ENDS_CLOSED + 4),
    }
  }

  #counter(index: number): number {
    return this.ints[COUNTERS / 4 + index]!
  }

  /** The least value of each MinHash over hashes, shape (bands × rows); valid until the next call. */
  leastHashes(hashes: Int32Array, length: number): Int32Array {
    const least = this.ints.subarray(LEAST / 4, LEAST / 4 + BANDS * BAND_ROWS).fill(0x7fffffff)
    for (let from = 0; from < length; from += TERM_ROOM) {
      const to = Math.min(length, from + TERM_ROOM)
      this.ints.set(hashes.subarray(from, to), TERMS_AT / 4)
      this.#exports.leastHashes(to - from)
    }
    return least
  }

  /** The n-grams of a document of these terms; valid until the next call. */
  ngrams(terms: Growing, lengths: Growing): Ngrams {
    const held = Math.min(terms.length, MOST_TERMS)
    this.ints.set(terms.values.subarray(0, held), NGRAM_TERMS_AT / 4)
    this.ints.set(lengths.values.subarray(0, held), NGRAM_LENGTHS_AT / 4)
    const { boundNgrams, topCharacters, repeatedCharacters } = this.#exports
    boundNgrams(held)
    const [bounds, repeated] = [BOUNDS_AT / 4, REPEATED_NGRAM_LIMITS.length]
    const characters = this.ints[bounds]!
    const share = (part: number): number => (part === 0 ? 0 : part / characters)
    return {
      characters,
      mostOfTop: this.ints[bounds + 1]!,
      mostRepeated: this.ints.slice(bounds + 2, bounds + 2 + repeated),
      topShare: (n) => share(topCharacters(held, n)),
      repeatedShare: (n) => share(repeatedCharacters(held, n)),
    }
  }
}
