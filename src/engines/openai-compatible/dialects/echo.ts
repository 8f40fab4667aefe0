import { idOf, written } from './completions.js'
import type { Dialect } from './dialect.js'
import { checkedValues, dig, requireSameTokens, strange } from './values.js'

/**
 * Any other server of the completions interface: `echo` with `logprobs`. Tokens come as ids where the server knows
 * `return_tokens_as_token_ids`, else as texts, which are held against ours.
 */
export const echo: Dialect = {
  id: 'echo',
  // Log-probabilities of all that is echoed need all of it evaluated.
  cachesPrefixes: false,
  score: ({ model, spell }, tokens, from) => ({
    path: '/v1/completions',
    // 0 log-probabilities are taken for none by some.
    body: {
      model,
      prompt: Array.from(tokens),
      max_tokens: 1,
      temperature: 0,
      echo: true,
      logprobs: 1,
      return_tokens_as_token_ids: true,
    },
    read(answer) {
      const values = dig(answer, 'choices', 0, 'logprobs', 'token_logprobs')
      const texts = dig(answer, 'choices', 0, 'logprobs', 'tokens')
      const prompt = dig(answer, 'usage', 'prompt_tokens')
      if (!Array.isArray(values) || !Array.isArray(texts))
        throw strange('server-no-values', 'the answer has no logprobs.token_logprobs')
      if (texts.length <= 1 && tokens.length > 1)
        throw strange(
          'server-silent-echo',
          `${texts.length} tokens came back of ${tokens.length} that were to be echoed`,
        )
      if (typeof prompt === 'number' && prompt > tokens.length)
        throw strange('server-adds-tokens', `${tokens.length} ids were sent and ${prompt} tokens evaluated`)
      // The token that was written comes last.
      const echoed = texts.slice(0, Math.max(tokens.length, texts.length - 1))
      requireSameTokens(
        echoed.map(
          (text, i) => idOf(text) ?? (sameText(text, spell(tokens[i] ?? -1)) ? tokens[i]! : Number.NaN),
        ),
        tokens,
      )
      const own = values.slice(0, tokens.length)
      if (own.length > 2 && own.slice(1).every((value) => value === 0))
        throw strange('server-silent-echo', `all ${own.length - 1} values are 0`)
      return checkedValues(own.slice(from), tokens.length - from)
    },
  }),
  write: written(),
}

/** Parts of characters are spelt in as many ways as there are servers. */
function sameText(found: unknown, own: string | undefined): boolean {
  return own === undefined || found === own
}
