/**
 * What was audited, and with what: enough to find the same weights and the same numbers again. A field is absent where
 * nobody can tell: a server names its model and little else.
 */
export interface ModelEvidence {
  readonly name: string
  /** What kind of thing was given; absent in older evidence. */
  readonly kind?: 'GGUF file' | 'checkpoint folder' | 'server'
  readonly architecture?: string
  /** All parameters, embeddings included. */
  readonly params?: number
  /** Parameters that take part in a token's matrix products (without the input embedding), for FLOPs. */
  readonly activeParams?: number
  /** Longest sequence that the model was trained for, tokens. */
  readonly contextLength?: number
  readonly vocabularySize?: number
  readonly tokenizer: string
  readonly fileBytes?: number
  /** Of the weights' file; of a checkpoint folder, of the hashes of its parts. */
  readonly sha256?: string
  readonly quantization?: string
  readonly embeddingLength?: number
  readonly layers?: number
  /** Whether the file brings a template for chats, as models tuned for them do (and some base models). */
  readonly chatTemplate?: boolean
}

/** Engine settings that change numbers; absent where a server does not tell. */
export interface EngineSettings {
  readonly engine: string
  readonly version: string
  readonly threads?: number
  /** `cpu`, or the kind of GPU. */
  readonly gpu?: string
  readonly flashAttention?: boolean
  /** What the cache of keys and values holds: `F16`, `F32`. */
  readonly cacheType?: string
  readonly batchTokens?: number
}

/** Which token is put in front: `auto` by what is scored, or the same everywhere. A number is a token's id. */
export type PrefixChoice = 'auto' | 'bos' | 'eos' | 'none' | number
