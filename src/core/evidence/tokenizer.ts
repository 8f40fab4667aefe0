/** One text as the tokenizer cut it; counts only, no token leaves the engine. */
export interface TokenizedText {
  readonly name: string
  /** BCP 47 code where the text's language is known. */
  readonly language?: string
  readonly bytes: number
  readonly words: number
  readonly tokens: number
  /** Words that took two tokens or more. */
  readonly continuedWords: number
  /** Tokens that stand for raw bytes or for "unknown". */
  readonly fallbackTokens: number
  /** How often each token id occurred, ids ascending. */
  readonly counts: { readonly ids: Int32Array; readonly counts: Int32Array }
  /** Tokens per aligned line of parallel text; lines pair up across languages. */
  readonly lineTokens?: Int32Array
}

export interface TokenizerEvidence {
  readonly texts: readonly TokenizedText[]
  readonly vocabulary: {
    readonly size: number
    /** Ordinary tokens with encode(decode(id)) ≠ [id]. */
    readonly unreachable: Int32Array
    /** Tokens whose bytes are no whole UTF-8 sequence. */
    readonly partialUtf8: Int32Array
    /** Control and unused tokens, left out of both counts. */
    readonly special: number
  }
}
