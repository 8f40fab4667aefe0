import type { ScoreRequest } from '../core/index.js'
import { raise } from './errors.js'

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
  requests.forEach(({ tokens, from }, i) => {
    if (!Number.isInteger(from) || from < 1 || from > tokens.length)
      throw raise('bad-request', `request ${i}: from is ${from}, expected 1 to ${tokens.length}`)
    // The last token is scored but never fed, so it needs no place in the context.
    if (tokens.length - 1 > contextLength)
      throw raise(
        'context-too-small',
        `request ${i} feeds ${tokens.length - 1} tokens, the context holds ${contextLength}`,
      )
    const bad = tokens.findIndex((token) => token < 0 || token >= vocabulary)
    if (bad >= 0)
      throw raise(
        'bad-request',
        `request ${i}: token ${tokens[bad]} at ${bad} is not in the vocabulary of ${vocabulary}`,
      )
  })
}
