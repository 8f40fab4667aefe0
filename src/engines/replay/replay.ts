import type { Engine, ScoreRequest } from '../../core/index.js'
import { raise } from '../errors.js'
import { naiveTokens } from '../llama-cpp/plan.js'
import { checkRequests } from '../requests.js'
import { Turns } from '../turns.js'
import { keyOfGeneration, keyOfTokens, type Recording } from './recording.js'

/**
 * Read a recording from JSON text.
 *
 * @throws {AssayError} `engines/bad-recording`
 */
export function parseRecording(text: string, path: string): Recording {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw raise('bad-recording', error instanceof Error ? error.message : String(error), { path }, error)
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    !('schema' in value) ||
    value.schema !== 'assay/recording@1'
  )
    throw raise('bad-recording', 'its schema is not assay/recording@1', { path, field: 'schema' })
  return value as Recording
}

/**
 * An engine that answers from a recording and from nothing else; it has no model.
 *
 * @throws {AssayError} its methods: `engines/not-recorded` for a question that was not asked at recording time
 */
export function replay(recording: Recording): Engine {
  const turns = new Turns()
  const found = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw raise('not-recorded', what)
    return value
  }
  const token = (id: number) => found(recording.tokens[id], `token ${id}`)
  const scoreOne = ({ tokens, from }: ScoreRequest): Float64Array => {
    if (from === tokens.length) return new Float64Array(0)
    const known = found(recording.scores[keyOfTokens(tokens)], `the score of ${tokens.length} tokens`)
    if (known.from > from)
      throw raise(
        'not-recorded',
        `the score of ${tokens.length} tokens from ${from}, only from ${known.from}`,
      )
    return Float64Array.from(known.values.slice(from - known.from))
  }
  return {
    id: 'replay',
    model: recording.model,
    settings: recording.settings,
    prefixToken: recording.prefixToken,
    contextLength: recording.contextLength,
    vocabularySize: recording.vocabularySize,
    tokenize: (text) =>
      Int32Array.from(
        found(recording.tokenizations[text], `the tokens of ${JSON.stringify(text.slice(0, 40))}`),
      ),
    tokenBytes: (id) => new Uint8Array(Buffer.from(token(id).bytes, 'base64')),
    tokenKind: (id) => token(id).kind,
    score(requests, usage) {
      checkRequests(requests, recording.contextLength, recording.vocabularySize)
      return turns.run(async () => {
        if (usage !== undefined) usage.naive += naiveTokens(requests)
        return requests.map(scoreOne)
      })
    },
    generate: (request) =>
      turns.run(async () => {
        const { text, tokens } = found(recording.generations[keyOfGeneration(request)], 'this completion')
        return { text, tokens: Int32Array.from(tokens) }
      }),
    measureCost: (tokens, decode) =>
      turns.run(async () =>
        found(recording.costs[`${tokens}/${decode}`], `the cost of ${tokens} + ${decode} tokens`),
      ),
    close: () => turns.close(() => undefined),
  }
}
