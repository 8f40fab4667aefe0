/**
 * How a model, a compressor or another audit did on held-out passages: bits of each, so that an audit is compared on the
 * very same text and not with a figure of another sample.
 */
export interface Reference {
  /** Lower-case words joined by hyphens; names a metric. */
  readonly id: string
  readonly name: string
  readonly kind: 'model' | 'compressor' | 'audit'
  /** What it is, in a few words: size and build of a model, the command line of a compressor. */
  readonly note: string
  /** Of a model's file; null where there is none. */
  readonly sha256: string | null
  readonly passages: readonly ReferencePassage[]
}

/** What one passage cost. */
export interface ReferencePassage {
  readonly domain: string
  readonly document: string
  /** UTF-8 bytes of the passage. */
  readonly bytes: number
  /** Σ −log₂ p over its tokens, or 8 × the bytes that it adds to its domain's compressed passages. */
  readonly bits: number
}
