/** What was audited, and with what: enough to find the same weights and the same numbers again. */
export interface ModelEvidence {
  readonly name: string
  readonly architecture: string
  /** All parameters, embeddings included. */
  readonly params: number
  /** Parameters that take part in a token's matrix products (without the input embedding), for FLOPs. */
  readonly activeParams: number
  readonly contextLength: number
  readonly vocabularySize: number
  readonly tokenizer: string
  readonly fileBytes: number
  readonly sha256: string
  readonly quantization: string
  readonly embeddingLength: number
  readonly layers: number
}

/** Engine settings that change numbers. */
export interface EngineSettings {
  readonly engine: string
  readonly version: string
  readonly threads: number
  readonly gpu: string
  readonly flashAttention: boolean
  readonly batchTokens: number
}
