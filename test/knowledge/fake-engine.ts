import type { OpenedModel, ScoreRequest, ScoreUsage } from '../../src/core/index.js'

/** One token per character; token 0 is the prefix token. */
export const PREFIX = 0

/** Share that a known sentence's next character gets, and every other character. */
export const KNOWN = 0.9
export const OTHER = 0.1 / 127

/**
 * A model that knows some sentences by heart, one token per character: after the beginning of a known sentence its
 * next character has probability .9, every other character .1/127; elsewhere all have 1/128.
 * `onScore` sees every call: tests count work with it.
 */
export function fakeEngine(
  known: readonly string[],
  onScore: (requests: readonly ScoreRequest[]) => void = () => {},
): OpenedModel {
  const text = (tokens: ArrayLike<number>, end: number): string =>
    String.fromCharCode(...Array.from(tokens).slice(1, end))
  const probability = (before: string, next: string): number => {
    const line = before.slice(before.lastIndexOf('\n') + 1)
    const likely = known.filter((sentence) => sentence.length > line.length && sentence.startsWith(line))
    if (likely.length === 0) return 1 / 128
    return likely.some((sentence) => sentence[line.length] === next)
      ? KNOWN / new Set(likely.map((s) => s[line.length])).size
      : OTHER
  }
  const evidence = {
    name: 'fake',
    architecture: 'none',
    params: 1e6,
    activeParams: 1e6,
    contextLength: 1000,
    vocabularySize: 128,
    tokenizer: 'characters',
    fileBytes: 0,
    sha256: 'fake',
    quantization: 'none',
    embeddingLength: 1,
    layers: 0,
  }
  return {
    evidence,
    settings: { engine: 'fake', version: '1', threads: 1, gpu: 'cpu', flashAttention: false, batchTokens: 1 },
    prefix: { choice: 'auto', document: { id: PREFIX, text: '' }, prompt: { id: PREFIX, text: '' } },
    tokenizer: {
      vocabularySize: 128,
      tokenize: (s) => Int32Array.from([...s], (c) => c.charCodeAt(0)),
      tokenBytes: (token) => Uint8Array.of(token),
      tokenKind: (token) => (token === PREFIX ? 'control' : 'ordinary'),
    },
    scorer: {
      contextLength: 1000,
      score: async (requests, usage?: ScoreUsage) => {
        onScore(requests)
        if (usage !== undefined) {
          // What a trie of the requests holds: distinct prefixes, last tokens left out as nothing follows them.
          const prefixes = new Set<string>()
          for (const { tokens } of requests)
            for (let end = 1; end < tokens.length; end++) prefixes.add(text(tokens, end + 1) + end)
          usage.evaluated += prefixes.size
          usage.naive += requests.reduce((n, r) => n + r.tokens.length - 1, 0)
        }
        return requests.map(({ tokens, from }) =>
          Float64Array.from({ length: tokens.length - from }, (_, i) =>
            Math.log(probability(text(tokens, from + i), String.fromCharCode(tokens[from + i]))),
          ),
        )
      },
      generate: async ({ tokens, maxTokens, stop }) => {
        let written = ''
        for (let n = 0; n < maxTokens * 4; n++) {
          const line = `${text(tokens, tokens.length)}${written}`.split('\n').at(-1) ?? ''
          const next = known.find((s) => s.length > line.length && s.startsWith(line))?.[line.length]
          if (next === undefined || stop?.includes(next) === true) break
          written += next
        }
        return { text: written, tokens: Int32Array.from([...written], (c) => c.charCodeAt(0)) }
      },
    },
    close: async () => {},
  }
}
