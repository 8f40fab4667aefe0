import type { ScoreRequest } from '../../core/index.js'

/**
 * Which tokens go through the model, in which batches, so that prefixes that requests share are evaluated once.
 *
 * Requests are laid out as a trie; a branch is shared only where that saves work. Branches are evaluated one
 * after the other, never side by side: a token then lies in the cache cell of its own position, and its numbers
 * are bit for bit those of its request scored alone, whatever else is asked for (docs/decisions/0011).
 */

/** A logit that somebody wants: `target`'s log-probability goes to `results[request][index]`. */
export interface Want {
  readonly request: number
  readonly index: number
  readonly target: number
}

/** A token to evaluate, at `position` of `sequence`; `wants` is empty where no logits are needed. */
export interface PlannedToken {
  readonly token: number
  readonly position: number
  readonly sequence: number
  readonly wants: readonly Want[]
}

export type Step =
  | { readonly kind: 'clear' }
  /** Let `to` begin with the first `length` tokens of `from`. */
  | { readonly kind: 'share'; readonly from: number; readonly to: number; readonly length: number }
  | { readonly kind: 'drop'; readonly sequence: number }
  | { readonly kind: 'decode'; readonly tokens: readonly PlannedToken[] }

export interface PlanLimits {
  /** Most tokens in a batch. */
  readonly batchTokens: number
  /** Sequences that the cache can tell apart: one a level of the trie. */
  readonly sequences: number
}

/** A run of tokens [start, end) of `requests[first]`, shared by all requests of [low, high) in sorted order. */
interface Node {
  start: number
  readonly end: number
  readonly low: number
  readonly high: number
  readonly children: readonly Node[]
  /** Nodes on the longest way down, this one included. */
  readonly height: number
}

/**
 * Fewest tokens of a batch: smaller ones are padded. They would take other kernels (matrix × vector), whose sums
 * are in another order, so that the same token got slightly other numbers; docs/engines.md has the measurement.
 */
export const LEAST_BATCH = 4

/** What one more batch costs, in tokens. */
const BATCH_COST = 4
/** Sharing has to save this part of the work below it: thirty documents do not share their BOS token. */
const LEAST_SAVING = 1 / 16

/** The last token of a request is never evaluated: nothing follows that needs its logits. */
export const evaluatedLength = (request: ScoreRequest): number => request.tokens.length - 1

/** The request at a place in sorted order. */
type RequestAt = (at: number) => ScoreRequest

/** Length of the longest prefix of evaluated tokens that all of [low, high) share: sorted, so the ends decide. */
export function commonLength(request: RequestAt, low: number, high: number, start: number): number {
  const a = request(low)
  const b = request(high - 1)
  const limit = Math.min(evaluatedLength(a), evaluatedLength(b))
  let length = start
  while (length < limit && a.tokens[length] === b.tokens[length]) length++
  return length
}

/** End of the run from `from` of requests that go on with the same token at `at` (or all end there). */
export function sameNext(request: RequestAt, from: number, high: number, at: number): number {
  const next = (i: number) => (evaluatedLength(request(i)) > at ? request(i).tokens[at]! : -1)
  const token = next(from)
  let to = from + 1
  while (to < high && next(to) === token) to++
  return to
}

/** Tokens that scoring every request by itself would evaluate. */
export function naiveTokens(requests: readonly ScoreRequest[]): number {
  return requests.reduce((sum, request) => sum + evaluatedLength(request), 0)
}

/** The steps for `requests`; each request must have 1 ≤ from ≤ tokens.length. */
export function* planSteps(requests: readonly ScoreRequest[], limits: PlanLimits): Generator<Step> {
  const live = requests.flatMap((request, index) => (request.from < request.tokens.length ? [index] : []))
  if (live.length === 0) return
  const sorted = live.sort((a, b) => compareRequests(requests[a]!, requests[b]!))
  const planner = new Planner(requests, sorted, limits)
  yield* planner.steps()
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

class Planner {
  constructor(
    private readonly requests: readonly ScoreRequest[],
    private readonly sorted: readonly number[],
    private readonly limits: PlanLimits,
  ) {}

  *steps(): Generator<Step> {
    yield* this.run(this.forest(0, this.sorted.length, 0), null)
  }

  private readonly request = (at: number): ScoreRequest => this.requests[this.sorted[at]!]!

  /** Nodes that cover the requests of [low, high), which agree in their first `start` tokens; `start` is evaluated already. */
  private forest(low: number, high: number, start: number): Node[] {
    const end = commonLength(this.request, low, high, start)
    const children: Node[] = []
    for (let from = low; from < high; ) {
      const to = sameNext(this.request, from, high, end)
      const whole = evaluatedLength(this.request(from)) === end
      if (whole) children.push({ start: end, end, low: from, high: to, children: [], height: 0 })
      else children.push(...this.forest(from, to, end))
      from = to
    }
    if (children.length === 1) return [{ ...children[0]!, start }]
    const height = 1 + Math.max(...children.map((child) => child.height))
    const together: Node = { start, end, low, high, children, height }
    const apart = children.reduce((sum, child) => sum + costOf({ ...child, start }), 0)
    const fits = height < this.limits.sequences
    if (fits && apart - costOf(together) > LEAST_SAVING * apart) return [together]
    for (const child of children) child.start = start
    return children
  }

  /** Evaluate trees whose prefix lies in `parent` (null: none), one after the other. */
  private *run(forest: readonly Node[], parent: number | null): Generator<Step> {
    for (const node of forest) {
      if (node.end === node.start) continue
      const sequence = parent === null ? 0 : parent + 1
      if (parent === null) yield { kind: 'clear' }
      else yield { kind: 'share', from: parent, to: sequence, length: node.start }
      for (let at = node.start; at < node.end; at += this.limits.batchTokens) {
        const to = Math.min(node.end, at + this.limits.batchTokens)
        yield { kind: 'decode', tokens: this.tokensOf(node, at, to, sequence) }
      }
      yield* this.run(node.children, sequence)
      yield { kind: 'drop', sequence }
    }
  }

  private tokensOf(node: Node, from: number, to: number, sequence: number): PlannedToken[] {
    const { tokens } = this.request(node.low)
    const planned: PlannedToken[] = []
    for (let position = from; position < to; position++) {
      const wants: Want[] = []
      for (let i = node.low; i < node.high; i++) {
        const { tokens: all, from: first } = this.request(i)
        const next = position + 1
        if (next >= first && next < all.length)
          wants.push({ request: this.sorted[i]!, index: next - first, target: all[next]! })
      }
      planned.push({ token: tokens[position]!, position, sequence, wants })
    }
    return planned
  }
}

/** Work of a tree, in tokens: every node takes at least one batch. */
function costOf(node: Node): number {
  const own = node.end > node.start ? Math.max(node.end - node.start, LEAST_BATCH) + BATCH_COST : 0
  return own + node.children.reduce((sum, child) => sum + costOf(child), 0)
}
