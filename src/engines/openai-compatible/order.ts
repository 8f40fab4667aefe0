import type { ScoreRequest } from '../../core/index.js'
import { commonLength } from '../requests.js'

/** What several leaves begin with before their first wanted token: that token can be asked for of all of them at once. */
export interface Context {
  readonly tokens: Int32Array
  readonly nexts: readonly number[]
}

/** A sequence to send, and the requests that its answer serves. */
export interface Leaf {
  readonly tokens: Int32Array
  /** The first token whose log-probability somebody wants. */
  readonly from: number
  readonly serves: readonly number[]
  /** Tokens that it shares with the leaf before it, which no earlier one exceeds. */
  readonly shared: number
  /** The first leaf that shares as much: once it is answered, a server that caches prefixes holds them. */
  readonly leader: number | undefined
  /** Where another leaf wants something behind the same tokens. */
  readonly context?: Context
}

/** By their tokens; of two that begin alike the longer first, since its answer holds the shorter one's. */
function compareTokens(a: Int32Array, b: Int32Array): number {
  const common = commonLength(a, b)
  if (common < Math.min(a.length, b.length)) return a[common]! - b[common]!
  return b.length - a.length
}

/**
 * The sequences that answer all requests, in the order of their tokens: what begins alike stands together, what another
 * begins with is not sent by itself, and requests that want nothing are left out.
 */
export function orderRequests(requests: readonly ScoreRequest[]): Leaf[] {
  const sorted = requests
    .flatMap(({ tokens, from }, index) => (from < tokens.length ? [index] : []))
    .sort((a, b) => compareTokens(requests[a]!.tokens, requests[b]!.tokens))
  const groups: { tokens: Int32Array; from: number; serves: number[] }[] = []
  for (const index of sorted) {
    const { tokens, from } = requests[index]!
    const last = groups.at(-1)
    if (last !== undefined && commonLength(last.tokens, tokens) === tokens.length) {
      last.from = Math.min(last.from, from)
      last.serves.push(index)
    } else groups.push({ tokens, from, serves: [index] })
  }
  return withContexts(withLeaders(groups))
}

function withLeaders(groups: readonly Pick<Leaf, 'tokens' | 'from' | 'serves'>[]): Leaf[] {
  // Open prefixes from the shortest to the longest, each with the first leaf that has it.
  const open: { readonly length: number; readonly leader: number }[] = []
  return groups.map((group, i) => {
    const before = groups[i - 1]
    if (before === undefined) return { ...group, shared: 0, leader: undefined }
    const shared = commonLength(before.tokens, group.tokens)
    let leader = i - 1
    while (open.length > 0 && open.at(-1)!.length >= shared) leader = open.pop()!.leader
    open.push({ length: shared, leader })
    return { ...group, shared, leader }
  })
}

/** Neighbours that want something from the same place on, behind the same tokens, get one context. */
function withContexts(leaves: readonly Leaf[]): Leaf[] {
  const all: Leaf[] = []
  for (let start = 0; start < leaves.length; ) {
    const { from, tokens } = leaves[start]!
    let end = start + 1
    while (end < leaves.length && leaves[end]!.from === from && leaves[end]!.shared >= from) end++
    const run = leaves.slice(start, end)
    const nexts = [...new Set(run.map((leaf) => leaf.tokens[from]!))]
    const context = run.length > 1 ? { tokens: tokens.slice(0, from), nexts } : undefined
    all.push(...run.map((leaf) => (context === undefined ? leaf : { ...leaf, context })))
    start = end
  }
  return all
}
