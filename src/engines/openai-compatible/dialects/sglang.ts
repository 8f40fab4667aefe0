import type { Dialect } from './dialect.js'
import { checkedValues, dig, requireSameTokens, strange } from './values.js'

/** A token as SGLang gives it: log-probability (null at the start), id, text. */
const idIn = (entry: unknown): number => Number(dig(entry, 1) ?? Number.NaN)

/**
 * SGLang's own `/generate`. Log-probabilities are asked for from the token before the first wanted one, where the answer
 * has null: from the start, nothing could come from its radix cache.
 *
 * Source: SGLang, python/sglang/srt (`GenerateReqInput`, `input_token_logprobs`), read and not run.
 */
export const sglang: Dialect = {
  id: 'sglang',
  cachesPrefixes: true,
  score: (_, tokens, from) => ({
    path: '/generate',
    body: {
      input_ids: Array.from(tokens),
      sampling_params: { max_new_tokens: 1, temperature: 0 },
      return_logprob: true,
      logprob_start_len: from - 1,
    },
    read(answer) {
      const entries = dig(answer, 'meta_info', 'input_token_logprobs')
      if (!Array.isArray(entries))
        throw strange('server-no-values', 'the answer has no meta_info.input_token_logprobs')
      const prompt = dig(answer, 'meta_info', 'prompt_tokens')
      if (typeof prompt === 'number' && prompt !== tokens.length)
        throw strange(
          prompt > tokens.length ? 'server-adds-tokens' : 'server-truncates',
          `${tokens.length} ids were sent and ${prompt} tokens evaluated`,
        )
      requireSameTokens(entries.map(idIn), tokens.subarray(from - 1), 'part asked for')
      return checkedValues(
        entries.slice(1).map((entry) => dig(entry, 0)),
        tokens.length - from,
      )
    },
  }),
  scoreNext: (_, tokens, candidates) => ({
    path: '/generate',
    body: {
      input_ids: Array.from(tokens),
      sampling_params: { max_new_tokens: 1, temperature: 0 },
      return_logprob: true,
      token_ids_logprob: candidates,
    },
    read(answer) {
      const entries = dig(answer, 'meta_info', 'output_token_ids_logprobs', 0)
      if (!Array.isArray(entries))
        throw strange('server-no-values', 'the answer has no output_token_ids_logprobs')
      requireSameTokens(entries.map(idIn), Int32Array.from(candidates), 'set of candidates')
      return checkedValues(
        entries.map((entry) => dig(entry, 0)),
        candidates.length,
      )
    },
  }),
  write: (_, { tokens, maxTokens, temperature, seed, stop = [] }) => ({
    path: '/generate',
    body: {
      input_ids: Array.from(tokens),
      sampling_params: {
        max_new_tokens: maxTokens,
        temperature,
        // Older versions do not know it, and at temperature 0 it decides nothing.
        ...(temperature > 0 && { sampling_seed: seed }),
        ...(stop.length > 0 && { stop }),
      },
      return_logprob: true,
    },
    read(answer) {
      const text = dig(answer, 'text')
      const entries = dig(answer, 'meta_info', 'output_token_logprobs')
      if (typeof text !== 'string' || !Array.isArray(entries))
        throw strange('server-no-values', 'the answer has no text with its tokens')
      return {
        text,
        tokens: entries.map(idIn),
        logProbabilities: entries.map((entry) => Number(dig(entry, 0))),
      }
    },
  }),
}
