import type { ScoreRequest } from '../../core/index.js'
import {
  commonLength,
  compareRequests,
  evaluatedLength,
  type PlanLimits,
  type PlannedToken,
  type Step,
  sameNext,
  type Want,
} from './plan.js'

/**
 * A plan that evaluates the branches of a trie side by side, as sequences of one batch: short branches then fill
 * batches, which is many times faster where each prompt has dozens of short continuations. The price: a token's cell
 * in the cache depends on its company, and with quantised weights so do its numbers, by up to .2 nats
 * (docs/decisions/0011, 0063). The plan depends on the set of requests and never on their order, so the same call
 * gives the same numbers again.
 */

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

/** Sharing has to save this many tokens… */
const LEAST_SAVING = 4
/** …and this share of the tokens below it: otherwise thirty documents would share a BOS token. */
const LEAST_SAVING_SHARE = 1 / 16
/** Branches of at most this share of a batch are packed together. */
const PACKED_SHARE = 1 / 4

/** The steps for `requests`, branches packed; each request must have 1 ≤ from ≤ tokens.length. */
export function* planPackedSteps(requests: readonly ScoreRequest[], limits: PlanLimits): Generator<Step> {
  const live = requests.flatMap((request, index) => (request.from < request.tokens.length ? [index] : []))
  if (live.length === 0) return
  const sorted = live.sort((a, b) => compareRequests(requests[a]!, requests[b]!))
  yield* new PackedPlanner(requests, sorted, limits).steps()
}

class PackedPlanner {
  private readonly free: number[]

  constructor(
    private readonly requests: readonly ScoreRequest[],
    private readonly sorted: readonly number[],
    private readonly limits: PlanLimits,
  ) {
    this.free = Array.from({ length: limits.sequences }, (_, i) => limits.sequences - 1 - i)
  }

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
    const below = children.reduce((sum, child) => sum + sizeOf(child), 0)
    const saving = (children.length - 1) * (end - start)
    const height = 1 + Math.max(...children.map((child) => child.height))
    const worthIt = saving >= LEAST_SAVING && saving >= LEAST_SAVING_SHARE * (below + end - start)
    if (worthIt && height <= this.limits.sequences / 2) return [{ start, end, low, high, children, height }]
    for (const child of children) child.start = start
    return children
  }

  /** Evaluate a forest whose prefix lies in `parent` (null: none). Small trees are bundled, large ones walked. */
  private *run(forest: readonly Node[], parent: number | null): Generator<Step> {
    const small = Math.max(1, Math.floor(this.limits.batchTokens * PACKED_SHARE))
    let bundle: Node[] = []
    let tokens = 0
    let nodes = 0
    for (const node of forest) {
      const size = sizeOf(node)
      const count = countOf(node)
      if (size === 0) continue
      if (size > small || count > this.free.length) {
        yield* this.runBundle(bundle, parent)
        bundle = []
        tokens = 0
        nodes = 0
        yield* this.walk(node, parent)
        continue
      }
      if (tokens + size > this.limits.batchTokens || nodes + count > this.free.length) {
        yield* this.runBundle(bundle, parent)
        bundle = []
        tokens = 0
        nodes = 0
      }
      bundle.push(node)
      tokens += size
      nodes += count
    }
    yield* this.runBundle(bundle, parent)
  }

  /** A tree too large for a batch: its own tokens in chunks, then what hangs below. */
  private *walk(node: Node, parent: number | null): Generator<Step> {
    if (parent === null) yield { kind: 'clear' }
    const sequence = this.free.pop()!
    if (parent !== null) yield { kind: 'share', from: parent, to: sequence, length: node.start }
    for (let at = node.start; at < node.end; at += this.limits.batchTokens) {
      const to = Math.min(node.end, at + this.limits.batchTokens)
      yield { kind: 'decode', tokens: this.tokensOf(node, at, to, sequence) }
    }
    yield* this.run(node.children, sequence)
    yield { kind: 'drop', sequence }
    this.free.push(sequence)
  }

  /** Several small trees at once: their roots in one batch, then all of the next level, and so on. */
  private *runBundle(bundle: readonly Node[], parent: number | null): Generator<Step> {
    if (bundle.length === 0) return
    if (parent === null) yield { kind: 'clear' }
    const used: number[] = []
    let level: { readonly node: Node; readonly from: number | null }[] = bundle.map((node) => ({
      node,
      from: parent,
    }))
    while (level.length > 0) {
      const tokens: PlannedToken[] = []
      const next: typeof level = []
      for (const { node, from } of level) {
        const sequence = this.free.pop()!
        used.push(sequence)
        if (from !== null) yield { kind: 'share', from, to: sequence, length: node.start }
        tokens.push(...this.tokensOf(node, node.start, node.end, sequence))
        for (const child of node.children) if (sizeOf(child) > 0) next.push({ node: child, from: sequence })
      }
      yield { kind: 'decode', tokens }
      level = next
    }
    for (const sequence of used) yield { kind: 'drop', sequence }
    this.free.push(...used.reverse())
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

/** Tokens of a tree. */
function sizeOf(node: Node): number {
  return node.end - node.start + node.children.reduce((sum, child) => sum + sizeOf(child), 0)
}

/** Nodes of a tree that have tokens: each takes a sequence. */
function countOf(node: Node): number {
  return (node.end > node.start ? 1 : 0) + node.children.reduce((sum, child) => sum + countOf(child), 0)
}
