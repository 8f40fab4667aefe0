import type { ScoreRequest } from '../../core/index.js'
import { RequestTrie, sizeOf, type TrieNode } from '../request-trie.js'
import { HELD, ownTokens, type PlanLimits, type PlannedToken, placed, type Step } from './steps.js'

/** Branches of at most this share of a batch are packed together. */
const PACKED_SHARE = 1 / 4

/**
 * A plan that evaluates the branches of a trie side by side, as sequences of one batch: short branches then fill
 * batches, which is many times faster where each prompt has dozens of short continuations. The price: a token's cell
 * in the cache depends on its company, and with quantised weights so do its numbers, by up to .2 nats
 * (docs/decisions/0011, 0063). The plan depends on the set of requests and never on their order, so the same call
 * gives the same numbers again. Whatever begins alike is evaluated once, so that what goes through the model is the trie.
 *
 * @param requests  each 1 ≤ from ≤ tokens.length
 */
export function* planPackedSteps(requests: readonly ScoreRequest[], limits: PlanLimits): Generator<Step> {
  const { held = 0, sequences } = limits
  const trie = new RequestTrie(requests)
  const forest = trie.forest(({ start, end, height }) => end > start && height <= sequences / 2, held)
  if (held === 0) yield { kind: 'clear' }
  yield* new PackedPlanner(trie, limits).plan(forest, held > 0 ? HELD : null)
}

class PackedPlanner {
  private readonly free: number[]
  /** Trees of this many tokens or fewer wait in the bundle. */
  private readonly small: number
  private bundle = new Bundle()
  /** Sequences that are walked no more, but that trees of the bundle go on from; and tokens that are kept for these. */
  private ended: number[] = []
  private kept = 0

  constructor(
    private readonly trie: RequestTrie,
    private readonly limits: PlanLimits,
  ) {
    const { sequences, batchTokens, held = 0 } = limits
    const taken = held > 0 ? HELD + 1 : 0
    this.free = Array.from({ length: sequences - taken }, (_, i) => sequences - 1 - i)
    this.small = Math.max(1, Math.floor(batchTokens * PACKED_SHARE))
  }

  *plan(forest: readonly TrieNode[], parent: number | null): Generator<Step> {
    yield* this.run(forest, parent)
    yield* this.flush()
  }

  /** Evaluate a forest whose prefix lies in `parent` (null: none). Small trees wait in the bundle, large ones are walked. */
  private *run(forest: readonly TrieNode[], parent: number | null): Generator<Step> {
    for (const node of forest) {
      const size = sizeOf(node)
      if (size === 0) continue
      if (size > this.small || countOf(node) > this.free.length + this.ended.length) {
        yield* this.walk(node, parent)
        continue
      }
      if (!this.bundle.hasRoom(node, this.limits.batchTokens, this.free.length)) yield* this.flush()
      this.bundle.add(node, parent)
    }
  }

  /** A tree too large for a batch: its own tokens in chunks, then what hangs below. */
  private *walk(node: TrieNode, parent: number | null): Generator<Step> {
    const { batchTokens, contextTokens = Number.POSITIVE_INFINITY } = this.limits
    if (node.end + this.kept > contextTokens || this.bundle.nodes + 2 > this.free.length) yield* this.flush()
    const sequence = this.free.pop()!
    if (parent !== null) yield { kind: 'share', from: parent, to: sequence, length: node.start }
    yield* ownTokens(this.trie, node, sequence, batchTokens)
    yield* this.run(node.children, sequence)
    const own = node.end - node.start
    if (this.bundle.nodes > 0 && this.kept + own <= this.small) {
      this.ended.push(sequence)
      this.kept += own
    } else {
      yield* this.flush()
      yield { kind: 'drop', sequence }
      this.free.push(sequence)
    }
  }

  /** All trees of the bundle at once: their roots in one batch, then all of the next level, and so on. */
  private *flush(): Generator<Step> {
    const used: number[] = []
    let level: readonly Waiting[] = this.bundle.trees
    while (level.length > 0) {
      const tokens: PlannedToken[] = []
      const next: Waiting[] = []
      for (const { node, from } of level) {
        const sequence = this.free.pop()!
        used.push(sequence)
        if (from !== null) yield { kind: 'share', from, to: sequence, length: node.start }
        tokens.push(...placed(this.trie, node, sequence))
        for (const child of node.children) if (sizeOf(child) > 0) next.push({ node: child, from: sequence })
      }
      yield { kind: 'decode', tokens }
      level = next
    }
    const done = [...used.reverse(), ...this.ended]
    for (const sequence of done) yield { kind: 'drop', sequence }
    this.free.push(...done)
    this.bundle = new Bundle()
    this.ended = []
    this.kept = 0
  }
}

/** A tree with the sequence that holds its prefix (null: none). */
interface Waiting {
  readonly node: TrieNode
  readonly from: number | null
}

/** Small trees that will be evaluated together, wherever they hang. */
class Bundle {
  readonly trees: Waiting[] = []
  nodes = 0
  private tokens = 0

  hasRoom(node: TrieNode, tokens: number, sequences: number): boolean {
    return this.tokens + sizeOf(node) <= tokens && this.nodes + countOf(node) <= sequences
  }

  add(node: TrieNode, from: number | null): void {
    this.trees.push({ node, from })
    this.tokens += sizeOf(node)
    this.nodes += countOf(node)
  }
}

/** Nodes of a tree that have tokens: each takes a sequence. */
function countOf(node: TrieNode): number {
  return (node.end > node.start ? 1 : 0) + node.children.reduce((sum, child) => sum + countOf(child), 0)
}
