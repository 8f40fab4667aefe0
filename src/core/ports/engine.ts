import type { EngineSettings, ModelEvidence, PrefixChoice } from '../evidence/index.js'

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

/** What a model wrote behind a prompt. */
export interface Completion {
  readonly text: string
  readonly tokens: Int32Array
}

/** Tokens that calls of `score` cost; each call adds to it. */
export interface ScoreUsage {
  /** Tokens that went through the model. */
  evaluated: number
  /** Tokens that scoring every request by itself would have sent. */
  naive: number
}

/** Seconds of one prefill, and of every decoded token. */
export interface ScoreCost {
  readonly prefillSeconds: number
  readonly decodeSeconds: readonly number[]
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
 * Something that gives the log-probability of *given* tokens. It knows token ids only: text becomes ids by the
 * tokenizer beside it, which need not come from the same place.
 */
export interface Scorer {
  /** Longest sequence, in tokens, that it takes; absent where nobody can tell. */
  readonly contextLength?: number
  /** Calls that go on side by side when several are made; 1 where left out. */
  readonly lanes?: number
  /**
   * Results in the order of the requests; shared prefixes are evaluated once where that saves tokens.
   *
   * @param likeliest  receives, from an engine that tells it, the log-probability of the likeliest token at each scored place,
   *   nats: an array a request, shaped as its result and equal to it, to the bit, where the given token is the likeliest
   */
  score(
    requests: readonly ScoreRequest[],
    usage?: ScoreUsage,
    likeliest?: ScoreResult[],
  ): Promise<ScoreResult[]>
  /** Go on writing from given tokens; absent where it cannot. */
  generate?(request: GenerateRequest): Promise<Completion>
  /** Time one prefill of `tokens`, then `decode` single-token steps; absent where its clock would tell nothing. */
  measureCost?(tokens: Int32Array, decode: number): Promise<ScoreCost>
}

/** A token with the text that it is written as. */
export interface SpecialToken {
  readonly id: number
  readonly text: string
}

/** Tokens that condition the first one of a text; null = none (docs/methods/engines.md#the-token-in-front). */
export interface PrefixTokens {
  readonly choice: PrefixChoice
  /** Before a document that is scored whole; without one its first token goes unscored. `auto`: BOS, else EOS. */
  readonly document: SpecialToken | null
  /** Before a prompt that something goes on from. `auto`: BOS where the tokenizer itself puts it. */
  readonly prompt: SpecialToken | null
}

/**
 * A model ready to be asked. What its place does not tell (a server's layers, bytes or hash) is absent from `evidence` and
 * `settings`, never made up. Every engine's models pass test/contract/engine.contract.ts.
 */
export interface OpenedModel {
  readonly scorer: Scorer
  readonly tokenizer: TextTokenizer
  readonly evidence: ModelEvidence
  readonly settings: EngineSettings
  readonly prefix: PrefixTokens
  /** Nats by which a score may differ in other company, where that is more than rounding. */
  readonly drift?: number
  /** Ends the work in hand at its next batch and frees what the model holds; a second call waits for the first. */
  close(): Promise<void>
}
