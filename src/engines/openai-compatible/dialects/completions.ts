import type { GenerateRequest } from '../../../core/index.js'
import type { Question } from '../pool.js'
import type { Asked, Written } from './dialect.js'
import { dig, strange } from './values.js'

/** A text such as `token_id:17`, which stands for a token where ids were asked for. */
export function idOf(text: unknown): number | undefined {
  const id = typeof text === 'string' ? /^token_id:(\d+)$/.exec(text)?.[1] : undefined
  return id === undefined ? undefined : Number(id)
}

/**
 * Go on writing by `/v1/completions`, token ids and log-probabilities asked for.
 *
 * @param more what else the server would take from the model's generation_config.json
 */
export function written(more: Readonly<Record<string, number>> = {}) {
  return ({ model }: Asked, request: GenerateRequest): Question<Written> => ({
    path: '/v1/completions',
    body: {
      model,
      prompt: Array.from(request.tokens),
      max_tokens: request.maxTokens,
      temperature: request.temperature,
      top_p: 1,
      ...more,
      seed: request.seed,
      logprobs: 1,
      return_tokens_as_token_ids: true,
      ...(request.stop !== undefined && request.stop.length > 0 && { stop: request.stop }),
    },
    read(answer) {
      const text = dig(answer, 'choices', 0, 'text')
      const tokens = dig(answer, 'choices', 0, 'logprobs', 'tokens')
      const values = dig(answer, 'choices', 0, 'logprobs', 'token_logprobs')
      if (typeof text !== 'string' || !Array.isArray(tokens) || !Array.isArray(values))
        throw strange('server-no-values', 'the answer has no text with its tokens')
      const ids = tokens.map(idOf)
      if (ids.some((id) => id === undefined))
        throw strange('server-no-values', 'tokens came without their ids')
      return { text, tokens: ids as number[], logProbabilities: values.map(Number) }
    },
  })
}
