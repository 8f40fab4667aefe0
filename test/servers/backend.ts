import type { GenerateRequest, OpenedModel } from '../../src/core/index.js'

/** What a model wrote: its text, and each token with its log-probability. */
export interface Writing {
  readonly text: string
  readonly tokens: readonly { readonly token: number; readonly logProbability: number }[]
}

/** What stands behind a conformance server: log-probabilities of ids, and writing. */
export interface Backend {
  readonly name: string
  readonly vocabularySize: number
  readonly contextLength: number
  /** Of tokens[1…], nats. */
  score(tokens: Int32Array): Promise<Float64Array>
  write(request: GenerateRequest): Promise<Writing>
  tokenize?(text: string): readonly number[]
}

/** A model that an engine opened. */
export function modelBackend(model: OpenedModel): Backend {
  const { scorer, tokenizer, evidence } = model
  return {
    name: evidence.name,
    vocabularySize: tokenizer.vocabularySize,
    contextLength: scorer.contextLength!,
    score: async (tokens) => (await scorer.score([{ tokens, from: 1 }]))[0]!,
    async write(request) {
      const { text, tokens } = await scorer.generate!(request)
      if (tokens.length === 0) return { text, tokens: [] }
      const from = request.tokens.length
      const [scored] = await scorer.score([{ tokens: Int32Array.of(...request.tokens, ...tokens), from }])
      return { text, tokens: Array.from(tokens, (token, i) => ({ token, logProbability: scored![i]! })) }
    },
    tokenize: (text) => Array.from(tokenizer.tokenize(text)),
  }
}

/**
 * A stand-in for a model that costs nothing: the log-probability of a token is a hash of all tokens up to it, in (−8, 0),
 * so that a value of any other prompt or position is told from the right one.
 */
export function hashedBackend(vocabularySize: number, contextLength = 4096): Backend {
  return {
    name: 'hashed',
    vocabularySize,
    contextLength,
    score: async (tokens) => hashedValues(tokens),
    write: async ({ tokens }) => {
      const token = tokens[tokens.length - 1]!
      const [logProbability] = hashedValues(Int32Array.of(...tokens, token)).slice(-1)
      return { text: 'x', tokens: [{ token, logProbability: logProbability! }] }
    },
  }
}

/** What {@link hashedBackend} answers. */
export function hashedValues(tokens: Int32Array): Float64Array {
  let hash = tokens[0]! + 1
  return Float64Array.from(tokens.subarray(1), (token) => {
    hash = (Math.imul(hash, 0x9e3779b1) ^ (token + 1)) >>> 0
    return -8 * ((hash >>> 8) / 2 ** 24) - 1e-6
  })
}
