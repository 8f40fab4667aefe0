import type { ScoreRequest } from '../core/index.js'
import { raise } from './errors.js'

/** The last token of a request is never evaluated: nothing follows that needs its logits. */
export const evaluatedLength = (request: ScoreRequest): number => request.tokens.length - 1

/** Tokens that two sequences begin with alike, `most` at most. */
export function commonLength(a: Int32Array, b: Int32Array, most = Number.POSITIVE_INFINITY): number {
  const limit = Math.min(a.length, b.length, most)
  let length = 0
  while (length < limit && a[length] === b[length]) length++
  return length
}

/** Tokens that scoring every request by itself would evaluate. */
export function naiveTokens(requests: readonly ScoreRequest[]): number {
  return requests.reduce((sum, request) => sum + evaluatedLength(request), 0)
}

/**
 * Refuse what no engine can answer, before anything is evaluated.
 *
 * @throws {AssayError} `engines/bad-request`, `engines/context-too-small`
 */
export function checkRequests(
  requests: readonly ScoreRequest[],
  contextLength: number,
  vocabulary: number,
): void {
  requests.forEach((request, i) => {
    const { tokens, from } = request
    if (!Number.isInteger(from) || from < 1 || from > tokens.length)
      throw raise('bad-request', `request ${i}: from is ${from}, expected 1 to ${tokens.length}`)
    if (evaluatedLength(request) > contextLength)
      throw raise(
        'context-too-small',
        `request ${i} feeds ${evaluatedLength(request)} tokens, the context holds ${contextLength}`,
      )
    const bad = tokens.findIndex((token) => token < 0 || token >= vocabulary)
    if (bad >= 0)
      throw raise(
        'bad-request',
        `request ${i}: token ${tokens[bad]} at ${bad} is not in the vocabulary of ${vocabulary}`,
      )
  })
}

/** @throws {AssayError} `engines/context-too-small` when prompt and decoded tokens do not fit */
export function checkCost(prompt: Int32Array, decode: number, contextLength: number): void {
  if (prompt.length + decode > contextLength)
    throw raise(
      'context-too-small',
      `${prompt.length} + ${decode} tokens are asked for, the context holds ${contextLength}`,
    )
}
