import type { GenerateRequest } from '../../src/core/index.js'
import type { Backend, Writing } from './backend.js'

/** A question as a conformance server understands it, and what there is to say to it. */
export interface Told {
  readonly tokens: Int32Array
  /** Log-probability of every token, null at the start; `NaN` goes out as null. */
  values: (number | null)[]
  /** Ids that the answer claims to be about. */
  ids: number[]
  readonly written: Writing
  readonly body: Body
  readonly cached: number
  /** Log-probabilities of the candidates for the next token that were asked for. */
  readonly nexts: readonly (readonly [number, number])[]
  readonly backend: Backend
}

type Body = Readonly<Record<string, unknown>>

export interface DialectRoutes {
  readonly id: 'vllm' | 'echo' | 'sglang'
  readonly path: string
  readonly ownedBy: string
  /** The ids to score, and from where values are wanted. */
  ask(body: Body): { readonly tokens: number[]; readonly from: number; readonly wants: boolean }
  /** How to go on writing. */
  write(body: Body): Omit<GenerateRequest, 'tokens'>
  /** Candidates for the next token. */
  nexts?(body: Body): readonly number[]
  answer(told: Told): object
  /** What else the server answers to a GET. */
  readonly more: Readonly<Record<string, object>>
}

const completion = (told: Told, choice: object) => ({
  id: 'cmpl-1',
  object: 'text_completion',
  model: told.backend.name,
  choices: [{ index: 0, text: told.written.text, finish_reason: 'length', ...choice }],
  usage: {
    prompt_tokens: told.ids.length,
    completion_tokens: told.written.tokens.length,
    prompt_tokens_details: { cached_tokens: told.cached },
  },
})

const writtenLogProbs = (told: Told) => ({
  tokens: told.written.tokens.map(({ token }) => `token_id:${token}`),
  token_logprobs: told.written.tokens.map(({ logProbability }) => logProbability),
})

const idsOf = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : [])

const stopsOf = (stop: unknown): string[] => (Array.isArray(stop) ? stop.map(String) : [])

const writeCompletion = ({ max_tokens, temperature, seed, stop }: Body) => ({
  maxTokens: Number(max_tokens ?? 16),
  temperature: Number(temperature ?? 1),
  seed: Number(seed ?? 0),
  stop: stopsOf(stop),
})

/** As vLLM answers (vllm/entrypoints/openai/completion/serving.py). */
const vllm: DialectRoutes = {
  id: 'vllm',
  path: '/v1/completions',
  ownedBy: 'vllm',
  ask: ({ prompt, prompt_logprobs }) => ({
    tokens: idsOf(prompt),
    from: 0,
    wants: prompt_logprobs !== undefined,
  }),
  write: writeCompletion,
  answer: (told) =>
    completion(told, {
      ...(told.body.prompt_logprobs !== undefined && {
        prompt_logprobs: told.ids.map((id, i) => {
          const value = told.values[i]
          return value === null ? null : { [id]: { logprob: value, rank: 3, decoded_token: 'x' } }
        }),
      }),
      ...(told.body.logprobs !== undefined && { logprobs: writtenLogProbs(told) }),
    }),
  more: { '/version': { version: '0.32.0' } },
}

const echo: DialectRoutes = {
  id: 'echo',
  path: '/v1/completions',
  ownedBy: 'somebody',
  ask: ({ prompt, echo: echoes }) => ({ tokens: idsOf(prompt), from: 0, wants: echoes === true }),
  write: writeCompletion,
  answer: (told) => {
    const own = writtenLogProbs(told)
    return completion(told, {
      logprobs:
        told.body.echo === true
          ? {
              tokens: [...told.ids.map((id) => `token_id:${id}`), ...own.tokens],
              token_logprobs: [...told.values, ...own.token_logprobs],
            }
          : own,
    })
  },
  more: {},
}

const sglang: DialectRoutes = {
  id: 'sglang',
  path: '/generate',
  ownedBy: 'sglang',
  nexts: ({ token_ids_logprob }) => idsOf(token_ids_logprob),
  ask: ({ input_ids, logprob_start_len }) => {
    const from = typeof logprob_start_len === 'number' ? logprob_start_len : -1
    return { tokens: idsOf(input_ids), from: Math.max(0, from), wants: from >= 0 }
  },
  write: ({ sampling_params }) => {
    const { max_new_tokens, temperature, sampling_seed, stop } = sampling_params as Body
    return writeCompletion({ max_tokens: max_new_tokens, temperature, seed: sampling_seed, stop })
  },
  answer: (told) => {
    const start = Number(told.body.logprob_start_len ?? -1)
    const entries = told.ids.map((id, i) => [told.values[i], id, null])
    return {
      text: told.written.text,
      output_ids: told.written.tokens.map(({ token }) => token),
      meta_info: {
        prompt_tokens: told.ids.length,
        cached_tokens: told.cached,
        ...(start >= 0 && {
          // The token at the start has null, wherever the start is.
          input_token_logprobs: entries
            .slice(start)
            .map(([value, id], i) => [i === 0 ? null : value, id, null]),
        }),
        ...(told.nexts.length > 0 && {
          output_token_ids_logprobs: [told.nexts.map(([id, value]) => [value, id, null])],
        }),
        output_token_logprobs: told.written.tokens.map(({ token, logProbability }) => [
          logProbability,
          token,
          null,
        ]),
      },
    }
  },
  more: {
    '/get_model_info': { model_path: 'm', is_generation: true },
    '/get_server_info': { version: '0.5.9' },
  },
}

export const DIALECTS = { vllm, echo, sglang }
