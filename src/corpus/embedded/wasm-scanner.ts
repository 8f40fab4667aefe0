import { foldBits, type TextFold } from '../names/fold.js'
import { wordClass } from '../names/word-class.js'
import { MATCHER_WASM } from './matcher-wasm.js'
import { PlainScanner, type Scanner } from './scanner.js'
import { nextDocument } from './stamps.js'
import type { TokenTrie } from './token-trie.js'

const PAGE = 65536
/** As the module was compiled; a shared memory must say how far it may grow. */
const MAX_PAGES = 65536
/** Longer documents go to the plain scanner. */
const TEXT_BYTES = 4 * 2 ** 20
/** Bytes that the scanner may read beyond the text. */
const MARGIN = 32
const CLASS_TABLE = 0x40000

interface Memory {
  readonly buffer: SharedArrayBuffer
}

interface Exports {
  setTrie(...pointers: number[]): void
  setRule(classes: number, openAtRoot: number, openLengths: number, published: boolean): void
  setThread(stamps: number, hits: number, active: number): void
  scan(begin: number, end: number, document: number): number
  fold(from: number, end: number, to: number, folds: number): number
}

/** The part of the platform's WebAssembly that is used; Node's types leave it to the DOM's. */
declare const WebAssembly: {
  Memory: new (descriptor: { initial: number; maximum: number; shared: boolean }) => Memory
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: { env: { memory: Memory } }) => { exports: unknown }
}

/** One memory with all tables and a place for every thread; travels to threads as it is. */
export interface WasmTables {
  readonly memory: Memory
  readonly pointers: {
    readonly edges: number
    readonly heads: number
    readonly singles: number
    readonly pairs: number
    readonly inner: number
    readonly candidateStarts: number
    readonly candidates: number
    readonly names: number
    readonly offsets: number
    readonly lead: number
    readonly classes: number
    readonly openAtRoot: number
    readonly openLengths: number
    /** First byte of thread 0's own part, and the length of each. */
    readonly threads: number
    readonly threadBytes: number
  }
  readonly edgeMask: number
  readonly singleMask: number
  readonly pairMask: number
  readonly published: boolean
  readonly patterns: number
  readonly maxWords: number
}

/** Classes of the code points below CLASS_TABLE; beyond are only U+E0020–E007F and U+E0100–E01EF, which extend. */
function classTable(): Uint8Array {
  const table = new Uint8Array(CLASS_TABLE)
  for (let codePoint = 0; codePoint < CLASS_TABLE; codePoint++) table[codePoint] = wordClass(codePoint)
  return table
}

interface Layout {
  place(bytes: number): number
  readonly end: number
}

function createLayout(): Layout {
  let end = PAGE
  return {
    place(bytes) {
      const at = end
      end += Math.ceil((bytes + MARGIN) / 64) * 64
      return at
    },
    get end() {
      return end
    },
  }
}

/** Copy the trie into one shared memory with room for `threads` scanners; undefined where it would not fit in 4 GiB. */
export function layOutTables(trie: TokenTrie, published: boolean, threads: number): WasmTables | undefined {
  const patterns = trie.offsets.length - 1
  const parts: [number, ArrayLike<number> & (Int32Array | Uint8Array)][] = []
  const layout = createLayout()
  const put = (values: Int32Array | Uint8Array): number => {
    const at = layout.place(values.byteLength)
    parts.push([at, values])
    return at
  }
  const pointers = {
    edges: put(trie.edges),
    heads: put(trie.heads),
    singles: put(trie.singles),
    pairs: put(trie.pairs),
    inner: put(trie.inner),
    candidateStarts: put(trie.candidates.starts),
    candidates: put(trie.candidates.values),
    names: put(trie.bytes),
    offsets: put(trie.offsets),
    lead: put(trie.lead),
    classes: put(classTable()),
    openAtRoot: put(trie.openLengthsAtRoot),
    openLengths: put(trie.openLengths),
  }
  const own = createLayout()
  const start = own.end
  own.place(4 * patterns)
  own.place(4 * patterns)
  own.place(8 * (trie.maxWords + 1))
  own.place(TEXT_BYTES)
  own.place(TEXT_BYTES)
  const threadBytes = own.end - start
  const first = layout.place(threads * threadBytes)
  const pages = Math.ceil(layout.end / PAGE)
  if (pages > MAX_PAGES) return undefined
  const memory = new WebAssembly.Memory({ initial: pages, maximum: MAX_PAGES, shared: true })
  for (const [at, values] of parts)
    new Uint8Array(memory.buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
  return {
    memory,
    pointers: { ...pointers, threads: first, threadBytes },
    edgeMask: trie.edges.length / 4 - 1,
    singleMask: 32 * trie.singles.length - 1,
    pairMask: 32 * trie.pairs.length - 1,
    published,
    patterns,
    maxWords: trie.maxWords,
  }
}

/** The scanner in WebAssembly, 16 bytes at a time (assembly/matcher.ts). Tells each spelling once a document. */
export class WasmScanner implements Scanner {
  readonly #exports: Exports
  readonly #bytes: Uint8Array
  /** Document in which a spelling was last seen, shape (patterns). */
  readonly #stamps: Int32Array
  readonly #hits: Int32Array
  readonly #text: number
  /** Where a document waits to be folded into the text. */
  readonly #raw: number
  readonly #long: PlainScanner
  #document: number

  /**
   * @param thread   its place in the tables, 0 ≤ thread < threads
   * @param document number of the last document, 0 ≤ document < 2³¹
   */
  constructor(trie: TokenTrie, tables: WasmTables, thread: number, document = 0) {
    const { memory, pointers: p, patterns } = tables
    const module = new WebAssembly.Module(Buffer.from(MATCHER_WASM, 'base64'))
    this.#exports = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports
    this.#exports.setTrie(
      p.edges,
      tables.edgeMask,
      p.heads,
      p.singles,
      tables.singleMask,
      p.pairs,
      tables.pairMask,
      p.inner,
      p.candidateStarts,
      p.candidates,
      p.names,
      p.offsets,
      p.lead,
    )
    this.#exports.setRule(p.classes, p.openAtRoot, p.openLengths, tables.published)
    const own = createLayout()
    const base = p.threads + thread * p.threadBytes - own.end
    const stamps = base + own.place(4 * patterns)
    const hits = base + own.place(4 * patterns)
    const active = base + own.place(8 * (tables.maxWords + 1))
    this.#text = base + own.place(TEXT_BYTES)
    this.#raw = base + own.place(TEXT_BYTES)
    this.#exports.setThread(stamps, hits, active)
    this.#bytes = new Uint8Array(memory.buffer)
    this.#document = document
    this.#stamps = new Int32Array(memory.buffer, stamps, patterns)
    this.#hits = new Int32Array(memory.buffer, hits, patterns)
    this.#long = new PlainScanner(trie, tables.published)
  }

  fold(document: Uint8Array, folds: readonly TextFold[]): Uint8Array | undefined {
    if (document.length > TEXT_BYTES) return undefined
    const [raw, text] = [this.#raw, this.#text]
    this.#bytes.set(document, raw)
    this.#bytes.fill(0, raw + document.length, raw + document.length + MARGIN)
    const end = this.#exports.fold(raw, raw + document.length, text, foldBits(folds))
    return this.#bytes.subarray(text, end)
  }

  scan(bytes: Uint8Array, begin: number, end: number, hit: (pattern: number, ordinal: number) => void): void {
    const length = end - begin
    if (length > TEXT_BYTES) {
      this.#long.scan(bytes, begin, end, hit)
      return
    }
    const text = this.#text
    const isThere = bytes.buffer === this.#bytes.buffer && bytes.byteOffset + begin === text
    if (!isThere) this.#bytes.set(bytes.subarray(begin, end), text)
    this.#bytes.fill(0, text + length, text + length + MARGIN)
    this.#document = nextDocument(this.#document, this.#stamps)
    const hits = this.#exports.scan(text, text + length, this.#document)
    for (let i = 0; i < hits; i++) hit(this.#hits[i]!, 0)
  }
}
