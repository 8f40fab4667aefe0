import type { ScoreRequest } from '../core/index.js'
import { evaluatedLength } from './requests.js'

/** A run of tokens [start, end) of the request at `low`, shared by all requests of [low, high) in sorted order. */
export interface TrieNode {
  start: number
  readonly end: number
  readonly low: number
  readonly high: number
  readonly children: readonly TrieNode[]
  /** Nodes on the longest way down, this one included; 0 for a node without children. */
  readonly height: number
}

/** A logit that somebody wants: `target`'s log-probability goes to `results[request][index]`. */
export interface Want {
  readonly request: number
  readonly index: number
  readonly target: number
}

/** By evaluated tokens, then by length; equal ones may come in any order, since they get the same numbers. */
export function compareRequests(a: ScoreRequest, b: ScoreRequest): number {
  const common = Math.min(evaluatedLength(a), evaluatedLength(b))
  for (let i = 0; i < common; i++) {
    const difference = a.tokens[i]! - b.tokens[i]!
    if (difference !== 0) return difference
  }
  return evaluatedLength(a) - evaluatedLength(b)
}

/** Indices of the requests that want something, in the order of their tokens: neighbours share as much as possible. */
export function sortRequests(requests: readonly ScoreRequest[]): number[] {
  return requests
    .flatMap(({ tokens, from }, index) => (from < tokens.length ? [index] : []))
    .sort((a, b) => compareRequests(requests[a]!, requests[b]!))
}

/**
 * Requests as a trie over their evaluated tokens, each 1 ≤ from ≤ tokens.length. Where sharing a beginning is worth it is
 * up to the engine that evaluates it.
 */
export class RequestTrie {
  /** Indices of the requests, neighbours sharing as much as possible: what `low` and `high` of nodes count in. */
  readonly order: readonly number[]

  constructor(private readonly requests: readonly ScoreRequest[]) {
    this.order = sortRequests(requests)
  }

  /**
   * Trees that cover all requests.
   *
   * @param share  whether to evaluate a node's own tokens once for all its children (which all start where it ends),
   *               or to leave the children apart, each starting where the node would
   * @param start  tokens that all requests begin with and that are evaluated already
   */
  forest(share: (node: TrieNode) => boolean, start = 0): readonly TrieNode[] {
    return this.order.length === 0 ? [] : this.cover(0, this.order.length, start, share)
  }

  /** Nodes that cover the requests of [low, high), which agree in their first `start` tokens, evaluated already. */
  private cover(low: number, high: number, start: number, share: (node: TrieNode) => boolean): TrieNode[] {
    const end = this.commonLength(low, high, start)
    const children: TrieNode[] = []
    for (let from = low; from < high; ) {
      const to = this.sameNext(from, high, end)
      const whole = evaluatedLength(this.request(from)) === end
      if (whole) children.push({ start: end, end, low: from, high: to, children: [], height: 0 })
      else children.push(...this.cover(from, to, end, share))
      from = to
    }
    if (children.length === 1) return [{ ...children[0]!, start }]
    const height = 1 + Math.max(...children.map((child) => child.height))
    const together: TrieNode = { start, end, low, high, children, height }
    if (share(together)) return [together]
    for (const child of children) child.start = start
    return children
  }

  tokenAt(node: TrieNode, position: number): number {
    return this.request(node.low).tokens[position]!
  }

  /** What the requests of a node want of the logits at `position`. */
  wantsAt(node: TrieNode, position: number): Want[] {
    const next = position + 1
    const wants: Want[] = []
    for (let i = node.low; i < node.high; i++) {
      const { tokens, from } = this.request(i)
      if (next >= from && next < tokens.length)
        wants.push({ request: this.order[i]!, index: next - from, target: tokens[next]! })
    }
    return wants
  }

  private request(at: number): ScoreRequest {
    return this.requests[this.order[at]!]!
  }

  /** Length of the longest prefix of evaluated tokens that all of [low, high) share: sorted, so the ends decide. */
  private commonLength(low: number, high: number, start: number): number {
    const a = this.request(low)
    const b = this.request(high - 1)
    const limit = Math.min(evaluatedLength(a), evaluatedLength(b))
    let length = start
    while (length < limit && a.tokens[length] === b.tokens[length]) length++
    return length
  }

  /** End of the run from `from` of requests that go on with the same token at `at` (or all end there). */
  private sameNext(from: number, high: number, at: number): number {
    const next = (i: number) => {
      const request = this.request(i)
      return evaluatedLength(request) > at ? request.tokens[at]! : -1
    }
    const token = next(from)
    let to = from + 1
    while (to < high && next(to) === token) to++
    return to
  }
}

/** Tokens of a tree. */
export function sizeOf(node: TrieNode): number {
  return node.end - node.start + node.children.reduce((sum, child) => sum + sizeOf(child), 0)
}
