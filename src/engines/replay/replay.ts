import { readFile } from 'node:fs/promises'
import { messageOf } from '../../core/errors.js'
import type { OpenedModel, ScoreRequest, Scorer, TextTokenizer } from '../../core/index.js'
import { raise } from '../errors.js'
import { checkRequests, naiveTokens } from '../requests.js'
import type { ModelLocation } from '../resolve/location.js'
import { Turns } from '../turns.js'
import { keyOfCost, keyOfGeneration, keyOfTokens, type Recording } from './recording.js'

const SCHEMA: Recording['schema'] = 'assay/recording@2'

/**
 * Open a recording's file; see {@link replay}.
 *
 * @throws {AssayError} `engines/bad-recording`
 */
export async function openRecording(location: ModelLocation): Promise<OpenedModel> {
  if (location.kind !== 'file') throw new TypeError(`a recording is a file, not a ${location.kind}`)
  return replay(parseRecording(await readFile(location.path, 'utf8'), location.path))
}

/**
 * Read a recording from JSON text.
 *
 * @throws {AssayError} `engines/bad-recording`
 */
function parseRecording(text: string, path: string): Recording {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw raise('bad-recording', messageOf(error), { path }, error)
  }
  if (typeof value !== 'object' || value === null || !('schema' in value) || value.schema !== SCHEMA)
    throw raise('bad-recording', `its schema is not ${SCHEMA}`, { path, field: 'schema' })
  return value as Recording
}

/**
 * A model that answers from a recording and from nothing else.
 *
 * @throws {AssayError} its methods: `engines/not-recorded` for a question that was not asked at recording time
 */
function replay(recording: Recording): OpenedModel {
  const turns = new Turns()
  return {
    scorer: replayedScorer(recording, turns),
    tokenizer: replayedTokenizer(recording),
    evidence: recording.model,
    settings: recording.settings,
    prefix: recording.prefix,
    close: () => turns.close(() => undefined),
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw raise('not-recorded', what)
  return value
}

function replayedTokenizer({ vocabularySize, tokenizations, tokens }: Recording): TextTokenizer {
  const token = (id: number) => found(tokens[id], `token ${id}`)
  return {
    vocabularySize,
    tokenize: (text) =>
      Int32Array.from(found(tokenizations[text], `the tokens of ${JSON.stringify(text.slice(0, 40))}`)),
    tokenBytes: (id) => new Uint8Array(Buffer.from(token(id).bytes, 'base64')),
    tokenKind: (id) => token(id).kind,
  }
}

function replayedScorer(recording: Recording, turns: Turns): Scorer {
  const { contextLength, vocabularySize, scores, generations, costs, can } = recording
  const scoreOne = ({ tokens, from }: ScoreRequest): Float64Array => {
    if (from === tokens.length) return new Float64Array(0)
    const known = found(scores[keyOfTokens(tokens)], `the score of ${tokens.length} tokens`)
    if (known.from > from)
      throw raise(
        'not-recorded',
        `the score of ${tokens.length} tokens from ${from}, only from ${known.from}`,
      )
    return Float64Array.from(known.values.slice(from - known.from))
  }
  return {
    ...(contextLength === undefined ? {} : { contextLength }),
    score(requests, usage) {
      checkRequests(requests, contextLength ?? Number.POSITIVE_INFINITY, vocabularySize)
      return turns.run(async () => {
        if (usage !== undefined) usage.naive += naiveTokens(requests)
        return requests.map(scoreOne)
      })
    },
    ...(can.generate && {
      generate: (request) =>
        turns.run(async () => {
          const { text, tokens } = found(generations[keyOfGeneration(request)], 'this completion')
          return { text, tokens: Int32Array.from(tokens) }
        }),
    }),
    ...(can.measureCost && {
      measureCost: (prompt, decode) =>
        turns.run(async () =>
          found(costs[keyOfCost(prompt, decode)], `the cost of ${prompt.length} + ${decode} tokens`),
        ),
    }),
  }
}
