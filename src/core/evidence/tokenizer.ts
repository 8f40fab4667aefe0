/** One text as the tokenizer cut it; counts only, no token leaves the engine. */
export interface TokenizedText {
  readonly name: string
  /** BCP 47 code of parallel text; units pair up across languages. */
  readonly language?: string
  /** Counts by unit, all of shape (units): an aligned line where the language is known, else a block of text. */
  readonly units: TokenizedUnits
  /** How often each token id occurred, ids ascending. */
  readonly counts: { readonly ids: Int32Array; readonly counts: Int32Array }
}

/** What intervals are drawn from: tokens of one block stand and fall together, blocks do not. */
export interface TokenizedUnits {
  readonly bytes: Int32Array
  readonly words: Int32Array
  readonly tokens: Int32Array
  /** Words that took two tokens or more. */
  readonly continuedWords: Int32Array
  /** Tokens that stand for raw bytes or for "unknown". */
  readonly fallbackTokens: Int32Array
}

/** How a tokenizer cuts texts, and what its vocabulary holds. */
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
