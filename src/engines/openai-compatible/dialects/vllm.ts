import { written } from './completions.js'
import type { Dialect } from './dialect.js'
import { checkedValues, dig, requireSameTokens, strange, UNTOLD } from './values.js'

/**
 * vLLM: `prompt_logprobs` gives for every position a map from token id to log-probability, which tells by its keys whose it
 * is. A request that asks for them never reads the prefix cache (vllm/sampling_params.py, `skip_reading_prefix_cache`).
 *
 * Source: vLLM, vllm/entrypoints/openai/completion (`request_output_to_completion_response`); answers of 0.32.0
 * (`prompt_logprobs`, ids as text in `logprobs.tokens`) are as read.
 */
export const vllm: Dialect = {
  id: 'vllm',
  cachesPrefixes: false,
  score: ({ model }, tokens, from) => ({
    path: '/v1/completions',
    // One token is written: none is refused. 0 asks for the prompt's own tokens without any others.
    body: { model, prompt: Array.from(tokens), max_tokens: 1, temperature: 0, prompt_logprobs: 0 },
    read(answer) {
      const positions = dig(answer, 'choices', 0, 'prompt_logprobs')
      if (!Array.isArray(positions)) throw strange('server-no-values', 'the answer has no prompt_logprobs')
      requireSameTokens(
        positions.map((entry, i) => (i === 0 && entry === null ? UNTOLD : ownId(entry, tokens[i]))),
        tokens,
      )
      return checkedValues(
        positions.slice(from).map((entry, i) => logProbabilityIn(entry, tokens[from + i]!)),
        tokens.length - from,
      )
    },
  }),
  write: written({ top_k: 0, min_p: 0, repetition_penalty: 1 }),
}

/** The id that a position's map is about: the one asked for if it is there, else whichever is. */
function ownId(entry: unknown, token: number | undefined): number {
  if (typeof entry !== 'object' || entry === null) return Number.NaN
  return token !== undefined && String(token) in entry ? token : Number(Object.keys(entry)[0] ?? Number.NaN)
}

function logProbabilityIn(entry: unknown, token: number): unknown {
  const value = dig(entry, token, 'logprob')
  if (value === undefined && dig(entry, token, 'rank') !== undefined)
    throw strange('server-ranks-only', `token ${token} came with its rank and without a log-probability`)
  return value
}
