import type { ScoreRequest } from '../../core/index.js'
import { compareRequests, sortRequests, type Want } from '../request-trie.js'
import { evaluatedLength } from '../requests.js'

/** Requests that evaluate exactly the same tokens, and differ at most in their last one and in `from`. */
export interface RequestGroup {
  /** Tokens to evaluate: all but the last of each request. */
  readonly tokens: Int32Array
  /** First position whose logits somebody wants. */
  readonly firstWanted: number
  /** What is wanted of the logits at `position`. */
  targetsAfter(requests: readonly ScoreRequest[], position: number): Want[]
}

/** Fewer common tokens than this are not worth keeping: documents stay independent of each other. */
const LEAST_COMMON = 16

/** Groups in the order of their tokens, so that neighbours share as much as possible. */
export function groupRequests(requests: readonly ScoreRequest[]): RequestGroup[] {
  const sorted = sortRequests(requests)
  const groups: RequestGroup[] = []
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1
    while (to < sorted.length && compareRequests(requests[sorted[from]!]!, requests[sorted[to]!]!) === 0) to++
    groups.push(createGroup(requests, sorted.slice(from, to)))
    from = to
  }
  return groups
}

function createGroup(requests: readonly ScoreRequest[], members: readonly number[]): RequestGroup {
  const first = requests[members[0]!]!
  return {
    tokens: first.tokens.subarray(0, evaluatedLength(first)),
    firstWanted: Math.min(...members.map((member) => requests[member]!.from)) - 1,
    targetsAfter: (all, position) =>
      members.flatMap((request) => {
        const { tokens, from } = all[request]!
        return position + 1 < from
          ? []
          : [{ request, index: position + 1 - from, target: tokens[position + 1]! }]
      }),
  }
}

/**
 * How many of the group's tokens can stay in the sequence that holds `held`: the common prefix, as far as no
 * logits in it are wanted, and leaving at least `leastBatch` tokens to evaluate together.
 */
export function resumePoint(held: Int32Array, group: RequestGroup, leastBatch: number): number {
  const limit = Math.min(held.length, group.firstWanted, group.tokens.length - leastBatch)
  let common = 0
  while (common < limit && held[common] === group.tokens[common]) common++
  return common < LEAST_COMMON ? 0 : common
}

/**
 * Cut [start, end) into batches of at most `size`, none smaller than `least` (with `size` ≥ 2 · `least`):
 * `[from, to)` pairs.
 */
export function* cutBatches(
  start: number,
  end: number,
  size: number,
  least: number,
): Generator<[from: number, to: number]> {
  for (let from = start; from < end; ) {
    const left = end - from
    const to = left > size && left - size < least ? end - least : Math.min(end, from + size)
    yield [from, to]
    from = to
  }
}
