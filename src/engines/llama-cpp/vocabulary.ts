import type { TextTokenizer } from '../../core/index.js'
import type { Llama, Pointer } from './bindings.js'

/** llama_token_attr of llama.h. */
const ATTRIBUTE = { unknown: 1, unused: 2, control: 8, byte: 32 } as const

const PIECE_BYTES = 256

/** The tokenizer inside a loaded model. */
export class Vocabulary implements TextTokenizer {
  readonly vocabularySize: number

  constructor(
    private readonly llama: Llama,
    private readonly handle: Pointer,
  ) {
    this.vocabularySize = llama.vocabularySize(handle)
  }

  /** Ordinary text to tokens: nothing is added, and text that looks like a special token stays text. */
  tokenize(text: string): Int32Array {
    const bytes = new TextEncoder().encode(text)
    if (bytes.length === 0) return new Int32Array(0)
    let tokens = new Int32Array(bytes.length + 8)
    let count = this.llama.tokenize(this.handle, bytes, bytes.length, tokens, tokens.length, false, false)
    if (count < 0) {
      tokens = new Int32Array(-count)
      count = this.llama.tokenize(this.handle, bytes, bytes.length, tokens, tokens.length, false, false)
    }
    return tokens.slice(0, count)
  }

  /** Bytes that a token stands for; control tokens stand for none. */
  tokenBytes(token: number): Uint8Array {
    if (this.tokenKind(token) === 'control') return new Uint8Array(0)
    return this.piece(token)
  }

  /** A token as people read it, control tokens included. */
  text(token: number): string {
    return new TextDecoder().decode(this.piece(token))
  }

  private piece(token: number): Uint8Array {
    let buffer = new Uint8Array(PIECE_BYTES)
    let length = this.llama.tokenToPiece(this.handle, token, buffer, buffer.length, 0, true)
    if (length < 0) {
      buffer = new Uint8Array(-length)
      length = this.llama.tokenToPiece(this.handle, token, buffer, buffer.length, 0, true)
    }
    return buffer.slice(0, Math.max(0, length))
  }

  tokenKind(token: number): ReturnType<TextTokenizer['tokenKind']> {
    const attributes = this.llama.tokenAttributes(this.handle, token)
    if (attributes & ATTRIBUTE.control) return 'control'
    if (attributes & ATTRIBUTE.unknown) return 'unknown'
    if (attributes & ATTRIBUTE.unused) return 'unused'
    if (attributes & ATTRIBUTE.byte) return 'byte'
    return 'ordinary'
  }

  get addsBos(): boolean {
    return this.llama.addsBos(this.handle)
  }

  isEndOfGeneration(token: number): boolean {
    return this.llama.isEndOfGeneration(this.handle, token)
  }
}
