import type { OpenedModel } from '../../core/index.js'

/** Token ids behind the prefix token (BOS), where the model has one. */
export function withPrefix(
  { prefixToken }: Pick<OpenedModel, 'prefixToken'>,
  tokens: Int32Array,
): Int32Array {
  if (prefixToken === null) return tokens
  const all = new Int32Array(tokens.length + 1)
  all[0] = prefixToken.id
  all.set(tokens, 1)
  return all
}
