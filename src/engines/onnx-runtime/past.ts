import type { ScoreRequest } from '../../core/index.js'
import { commonLength } from '../requests.js'
import type { Runtime, Tensor } from './runtime.js'

/** Keys and values of tokens that were evaluated, by the graphs' names for what lies before a pass. */
export interface Past {
  readonly length: number
  readonly feeds: Readonly<Record<string, Tensor>>
}

/** How many of some tokens every request begins with, before the first position that it wants something of. */
export function sharedLength(requests: readonly ScoreRequest[], tokens: Int32Array): number {
  return requests.reduce(
    (length, request) =>
      request.from < request.tokens.length
        ? commonLength(request.tokens, tokens, Math.min(length, request.from - 1))
        : length,
    requests.length === 0 ? 0 : tokens.length,
  )
}

/**
 * The first tokens of a past.
 *
 * @param length  at most the past's own
 */
export function pastUpTo(
  past: Past,
  length: number,
  { keyHeads, size }: { readonly keyHeads: number; readonly size: number },
  Tensor: Runtime['Tensor'],
): Past {
  if (length === past.length) return past
  const cut = ({ data }: Tensor): Tensor => {
    const kept = new Float32Array(keyHeads * length * size)
    for (let head = 0; head < keyHeads; head++) {
      const from = head * past.length * size
      kept.set((data as Float32Array).subarray(from, from + length * size), head * length * size)
    }
    return new Tensor('float32', kept, [keyHeads, length, size])
  }
  return {
    length,
    feeds: Object.fromEntries(Object.entries(past.feeds).map(([name, tensor]) => [name, cut(tensor)])),
  }
}
