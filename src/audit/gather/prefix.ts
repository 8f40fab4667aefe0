import type { PrefixTokens, SpecialToken } from '../../core/index.js'

/** Token ids behind a prefix token, where there is one. */
export function behind(prefix: SpecialToken | null, tokens: Int32Array): Int32Array {
  if (prefix === null) return tokens
  const all = new Int32Array(tokens.length + 1)
  all[0] = prefix.id
  all.set(tokens, 1)
  return all
}

/**
 * A prompt's token ids with what stands in front of them. Something must condition what goes on from an empty prompt: the
 * token in front of documents does, as in lm-evaluation-harness.
 */
export function promptBehind(prefix: PrefixTokens, tokens: Int32Array): Int32Array {
  return behind(prefix.prompt ?? (tokens.length === 0 ? prefix.document : null), tokens)
}
