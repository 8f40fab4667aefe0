import type { ModelEvidence, OpenedModel } from '../../src/core/index.js'
import { generate } from '../../src/engines/generate.js'
import { checkRequests } from '../../src/engines/requests.js'
import { Turns } from '../../src/engines/turns.js'

const BOS = 256
const EOS = 257
const VOCABULARY = 258
const CONTEXT = 4096

/** Text that the model has counted: enough for real prose to score better than shuffled prose. */
const TRAINING = `The river rises in the hills to the north of the town and flows through a wide valley before it
reaches the sea. In the spring the water is high, and the people who live near the bank take their boats up to the
old mill. When the summer comes, the river is low and the children walk across it on the stones. The sun is warm.`

/**
 * A language model of bytes in memory: P(b | a) = (count(a, b) + 1/8) / (count(a) + vocabulary/8), counted on a
 * few sentences. Deterministic, a millisecond to open, and every number can be checked by hand.
 */
export function openByteModel(): OpenedModel {
  const counts = new Map<number, Float64Array>()
  const row = (previous: number) => counts.get(previous) ?? new Float64Array(VOCABULARY)
  const training = [BOS, ...new TextEncoder().encode(TRAINING), EOS]
  training.slice(1).forEach((token, i) => {
    const previous = row(training[i]!)
    previous[token]! += 1
    counts.set(training[i]!, previous)
  })
  const logProbabilities = (previous: number): Float32Array => {
    const smoothed = row(previous).map((count) => count + 1 / 8)
    const total = smoothed.reduce((sum, count) => sum + count, 0)
    return Float32Array.from(smoothed, (count) => Math.log(count / total))
  }
  const evidence: ModelEvidence = {
    name: 'bytes',
    architecture: 'bigram',
    params: VOCABULARY ** 2,
    activeParams: VOCABULARY,
    contextLength: CONTEXT,
    vocabularySize: VOCABULARY,
    tokenizer: 'bytes',
    fileBytes: 0,
    sha256: '0'.repeat(64),
    quantization: 'F64',
    embeddingLength: 1,
    layers: 1,
  }
  const turns = new Turns()
  const bytes = (token: number) => (token < 256 ? Uint8Array.of(token) : new Uint8Array(0))
  return {
    evidence,
    settings: {
      engine: 'bytes',
      version: '1',
      threads: 1,
      gpu: 'cpu',
      flashAttention: false,
      batchTokens: 1,
    },
    prefix: { choice: 'auto', document: { id: BOS, text: '<s>' }, prompt: { id: BOS, text: '<s>' } },
    tokenizer: {
      vocabularySize: VOCABULARY,
      tokenize: (text) => Int32Array.from(new TextEncoder().encode(text)),
      tokenBytes: bytes,
      tokenKind: (token) => (token < 256 ? 'ordinary' : 'control'),
    },
    scorer: {
      contextLength: CONTEXT,
      score(requests, usage) {
        checkRequests(requests, CONTEXT, VOCABULARY)
        return turns.run(async () =>
          requests.map(({ tokens, from }) => {
            if (usage !== undefined) {
              usage.naive += tokens.length - 1
              usage.evaluated += tokens.length - 1
            }
            return Float64Array.from(
              tokens.subarray(from),
              (token, i) => logProbabilities(tokens[from + i - 1]!)[token]!,
            )
          }),
        )
      },
      generate: (request) =>
        turns.run(() =>
          generate(request, {
            room: CONTEXT - request.tokens.length,
            bytes,
            isEnd: (token) => token === EOS,
            next: async (tokens) => logProbabilities(tokens.at(-1)!),
          }),
        ),
      measureCost: (_, decode) =>
        turns.run(async () => ({
          prefillSeconds: 1e-3,
          decodeSeconds: new Array<number>(decode).fill(1e-4),
        })),
    },
    close: () => turns.close(() => undefined),
  }
}
