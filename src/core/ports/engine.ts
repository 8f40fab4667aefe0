import type { EngineSettings, ModelEvidence } from '../evidence/index.js'

/** Score `tokens[from…]`, each given all tokens before it. `from` ≥ 1: the first token conditions, nothing scores it. */
export interface ScoreRequest {
  readonly tokens: Int32Array
  readonly from: number
}

/** Natural-log probabilities of `tokens[from…]`, shape (tokens.length − from). */
export type ScoreResult = Float64Array

/** A prompt to be continued. */
export interface GenerateRequest {
  readonly tokens: Int32Array
  readonly maxTokens: number
  /** 0 = greedy. */
  readonly temperature: number
  readonly seed: number
  /** Texts that end the completion (left out of it). */
  readonly stop?: readonly string[]
}

/** Tokens that calls of `score` cost; each call adds to it. */
export interface ScoreUsage {
  /** Tokens that went through the model. */
  evaluated: number
  /** Tokens that scoring every request by itself would have sent. */
  naive: number
}

/** Text to tokens and back, with or without a model behind it. */
export interface TextTokenizer {
  readonly vocabularySize: number
  /** Ordinary text to tokens: no BOS is added, special-token text is not parsed. */
  tokenize(text: string): Int32Array
  /** Raw bytes of a token; empty for control tokens. */
  tokenBytes(token: number): Uint8Array
  tokenKind(token: number): 'ordinary' | 'byte' | 'unknown' | 'control' | 'unused'
}

/**
 * A language model that can be asked for the log-probability of *given* tokens.
 * Every implementation passes test/contract/engine.contract.ts.
 */
export interface Engine extends TextTokenizer {
  readonly id: string
  readonly model: ModelEvidence
  readonly settings: EngineSettings
  /** Token that conditions the first one: BOS, else EOS, else null (docs/methods/engines.md#the-token-in-front). */
  readonly prefixToken: { readonly id: number; readonly text: string } | null
  /** Longest sequence, in tokens, that the engine takes. */
  readonly contextLength: number
  /** Calls of `score` and `generate` that go on side by side when several are made; 1 where left out. */
  readonly lanes?: number
  /** Results in the order of the requests; shared prefixes are evaluated once where that saves tokens. */
  score(requests: readonly ScoreRequest[], usage?: ScoreUsage): Promise<ScoreResult[]>
  generate(request: GenerateRequest): Promise<{ text: string; tokens: Int32Array }>
  /** Time one prefill of `tokens` prompt tokens, then `decode` single-token steps; seconds. */
  measureCost(tokens: number, decode: number): Promise<{ prefillSeconds: number; decodeSeconds: number[] }>
  close(): Promise<void>
}
