import { JSON_TEXT_WASM } from './json-text-wasm.js'

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readString(from: number, to: number, out: number): number
  textLength(): number
}

/** The part of the platform's WebAssembly that is used; Node's types leave it to the DOM's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: unknown }
}

const BLOCK_AT = 64
/** Bytes that may be read, and written, behind what matters. */
const MARGIN = 64
const PAGE = 65536

/** Strings of JSON as the bytes that they stand for, without an object or a string on the way: assembly/json-text.ts. */
export class JsonText {
  readonly #exports: Exports
  #textAt = BLOCK_AT
  /** What {@link read} wrote stands here from {@link begin} to {@link end}, until the next call. */
  bytes = Buffer.alloc(0)
  begin = 0
  end = 0

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(JSON_TEXT_WASM, 'base64'))
    this.#exports = new WebAssembly.Instance(module).exports as Exports
  }

  /** Take a block of lines. */
  load(block: Buffer, length: number): void {
    const { memory } = this.#exports
    const missing = BLOCK_AT + 2 * (length + MARGIN) - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
    if (this.bytes.buffer !== memory.buffer) this.bytes = Buffer.from(memory.buffer)
    block.copy(this.bytes, BLOCK_AT, 0, length)
    this.#textAt = BLOCK_AT + length + MARGIN
  }

  /**
   * Read the string whose first byte is at `from` of the block, within a line that ends at `to`.
   *
   * @returns the byte behind its closing mark; −1 where it is no string of JSON
   */
  read(from: number, to: number): number {
    const end = this.#exports.readString(BLOCK_AT + from, BLOCK_AT + to, this.#textAt)
    if (end === 0) return -1
    this.begin = this.#textAt
    this.end = this.#textAt + this.#exports.textLength()
    return end - BLOCK_AT
  }
}
