import type { GenerateRequest } from '../../../core/index.js'
import type { Question } from '../pool.js'

/** A token that a server wrote, with its own log-probability where it tells. */
export interface Written {
  readonly text: string
  readonly tokens: readonly number[]
  readonly logProbabilities: readonly number[]
}

/** What a dialect needs to know to ask. */
export interface Asked {
  /** The model's name at the server. */
  readonly model: string
  /** A token as text, where it is whole characters: for servers that echo texts and no ids. */
  spell(token: number): string | undefined
}

/** How one kind of server is asked for log-probabilities of given token ids. */
export interface Dialect {
  readonly id: 'vllm' | 'sglang' | 'echo'
  /** Whether what a request begins with is not evaluated again when it was asked before. */
  readonly cachesPrefixes: boolean
  /** Log-probabilities of tokens[from…], nats, 1 ≤ from < tokens.length. */
  score(asked: Asked, tokens: Int32Array, from: number): Question<Float64Array>
  /**
   * Log-probabilities of candidates for the token behind these, nats, in their order; absent where none but the likeliest are
   * told. What all candidates share is then evaluated once, its last token too.
   */
  scoreNext?(asked: Asked, tokens: Int32Array, candidates: readonly number[]): Question<Float64Array>
  write(asked: Asked, request: GenerateRequest): Question<Written>
}
