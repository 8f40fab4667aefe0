import type { RequestTrie, TrieNode, Want } from '../request-trie.js'

/** A token to evaluate, at `position` of `sequence`; `wants` is empty where no logits are needed. */
export interface PlannedToken {
  readonly token: number
  readonly position: number
  readonly sequence: number
  readonly wants: readonly Want[]
}

/** What a context is told to do, one after the other. */
export type Step =
  | { readonly kind: 'clear' }
  /** Let `to` begin with the first `length` tokens of `from`. */
  | { readonly kind: 'share'; readonly from: number; readonly to: number; readonly length: number }
  | { readonly kind: 'drop'; readonly sequence: number }
  | { readonly kind: 'decode'; readonly tokens: readonly PlannedToken[] }

export interface PlanLimits {
  /** Most tokens in a batch. */
  readonly batchTokens: number
  /** Sequences that the cache can tell apart. */
  readonly sequences: number
  /** Tokens that all requests begin with and that sequence {@link HELD} holds already; 0 when left out. */
  readonly held?: number
  /** Tokens that sequences may keep beside a batch; no end when left out. */
  readonly contextTokens?: number
}

/** The sequence of what calls of a row begin with. */
export const HELD = 0

/**
 * Batches are padded to whole fours. What is left of a batch beyond them takes other kernels (matrix × vector), whose
 * sums are in another order, so that the same token got other numbers, up to .15 nats on Gemma's mixed quantisation;
 * docs/engines.md has the measurement.
 */
export const BATCH_MULTIPLE = 4

/** A node's tokens [from, to) in a sequence. */
export function placed(
  trie: RequestTrie,
  node: TrieNode,
  sequence: number,
  from: number = node.start,
  to: number = node.end,
): PlannedToken[] {
  return Array.from({ length: to - from }, (_, i) => {
    const position = from + i
    return { token: trie.tokenAt(node, position), position, sequence, wants: trie.wantsAt(node, position) }
  })
}

/** A node's own tokens in `sequence`, behind the part that `parent` holds (null: an empty cache), in whole batches. */
export function* beginNode(
  trie: RequestTrie,
  node: TrieNode,
  parent: number | null,
  sequence: number,
  batchTokens: number,
): Generator<Step> {
  if (parent === null) yield { kind: 'clear' }
  else yield { kind: 'share', from: parent, to: sequence, length: node.start }
  yield* ownTokens(trie, node, sequence, batchTokens)
}

/** A node's own tokens in `sequence`, which holds what stands before them, in whole batches. */
export function* ownTokens(
  trie: RequestTrie,
  node: TrieNode,
  sequence: number,
  batchTokens: number,
): Generator<Step> {
  for (let at = node.start; at < node.end; at += batchTokens)
    yield {
      kind: 'decode',
      tokens: placed(trie, node, sequence, at, Math.min(node.end, at + batchTokens)),
    }
}
