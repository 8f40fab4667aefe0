import type { Engine } from '../../core/index.js'
import { keyOfGeneration, keyOfTokens, type Recording } from './recording.js'

/**
 * An engine that answers as `engine` does and remembers what it was asked.
 *
 * @returns `engine` to hand on, and `recording()` for all that was answered so far, ready for JSON
 */
export function record(engine: Engine): { readonly engine: Engine; recording(): Recording } {
  const recording: Recording = {
    schema: 'assay/recording@1',
    model: engine.model,
    settings: engine.settings,
    prefixToken: engine.prefixToken,
    contextLength: engine.contextLength,
    vocabularySize: engine.vocabularySize,
    tokenizations: {},
    tokens: {},
    scores: {},
    generations: {},
    costs: {},
  }
  const describe = (token: number) => {
    recording.tokens[token] ??= {
      bytes: Buffer.from(engine.tokenBytes(token)).toString('base64'),
      kind: engine.tokenKind(token),
    }
  }
  const recorder: Engine = {
    id: engine.id,
    model: engine.model,
    settings: engine.settings,
    prefixToken: engine.prefixToken,
    contextLength: engine.contextLength,
    vocabularySize: engine.vocabularySize,
    tokenize(text) {
      const tokens = engine.tokenize(text)
      recording.tokenizations[text] = Array.from(tokens)
      return tokens
    },
    tokenBytes(token) {
      describe(token)
      return engine.tokenBytes(token)
    },
    tokenKind(token) {
      describe(token)
      return engine.tokenKind(token)
    },
    async score(requests, usage) {
      const results = await engine.score(requests, usage)
      requests.forEach(({ tokens, from }, i) => {
        const key = keyOfTokens(tokens)
        const known = recording.scores[key]
        // The longer answer holds the shorter one.
        if (known === undefined || known.from > from)
          recording.scores[key] = { from, values: Array.from(results[i]!) }
      })
      return results
    },
    async generate(request) {
      const { text, tokens } = await engine.generate(request)
      recording.generations[keyOfGeneration(request)] = { text, tokens: Array.from(tokens) }
      return { text, tokens }
    },
    async measureCost(tokens, decode) {
      const cost = await engine.measureCost(tokens, decode)
      recording.costs[`${tokens}/${decode}`] = cost
      return cost
    },
    close: () => engine.close(),
  }
  return { engine: recorder, recording: () => structuredClone(recording) }
}
