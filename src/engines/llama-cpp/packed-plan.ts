import type { ScoreRequest } from '../../core/index.js'
import { RequestTrie, sizeOf, type TrieNode } from '../request-trie.js'
import { beginNode, HELD, type PlanLimits, type PlannedToken, placed, type Step } from './steps.js'

/** Sharing has to save this many tokens… */
const LEAST_SAVING = 4
/** …and this share of the tokens below it: otherwise thirty documents would share a BOS token. */
const LEAST_SAVING_SHARE = 1 / 16
/** Branches of at most this share of a batch are packed together. */
const PACKED_SHARE = 1 / 4

/**
 * A plan that evaluates the branches of a trie side by side, as sequences of one batch: short branches then fill
 * batches, which is many times faster where each prompt has dozens of short continuations. The price: a token's cell
 * in the cache depends on its company, and with quantised weights so do its numbers, by up to .2 nats
 * (docs/decisions/0011, 0063). The plan depends on the set of requests and never on their order, so the same call
 * gives the same numbers again.
 *
 * @param requests  each 1 ≤ from ≤ tokens.length
 */
export function* planPackedSteps(requests: readonly ScoreRequest[], limits: PlanLimits): Generator<Step> {
  const { held = 0, sequences } = limits
  const trie = new RequestTrie(requests)
  const forest = trie.forest((node) => node.height <= sequences / 2 && savesTokens(node), held)
  yield* new PackedPlanner(trie, limits).run(forest, held > 0 ? HELD : null)
}

function savesTokens({ start, end, children }: TrieNode): boolean {
  const saving = (children.length - 1) * (end - start)
  const below = children.reduce((sum, child) => sum + sizeOf(child), 0)
  return saving >= LEAST_SAVING && saving >= LEAST_SAVING_SHARE * (below + end - start)
}

class PackedPlanner {
  private readonly free: number[]

  constructor(
    private readonly trie: RequestTrie,
    private readonly limits: PlanLimits,
  ) {
    const { sequences, held = 0 } = limits
    const taken = held > 0 ? HELD + 1 : 0
    this.free = Array.from({ length: sequences - taken }, (_, i) => sequences - 1 - i)
  }

  /** Evaluate a forest whose prefix lies in `parent` (null: none). Small trees are bundled, large ones walked. */
  *run(forest: readonly TrieNode[], parent: number | null): Generator<Step> {
    const { batchTokens } = this.limits
    const small = Math.max(1, Math.floor(batchTokens * PACKED_SHARE))
    let bundle = new Bundle()
    for (const node of forest) {
      if (sizeOf(node) === 0) continue
      const large = sizeOf(node) > small || countOf(node) > this.free.length
      if (large || !bundle.hasRoom(node, batchTokens, this.free.length)) {
        yield* this.runBundle(bundle.trees, parent)
        bundle = new Bundle()
      }
      if (large) yield* this.walk(node, parent)
      else bundle.add(node)
    }
    yield* this.runBundle(bundle.trees, parent)
  }

  /** A tree too large for a batch: its own tokens in chunks, then what hangs below. */
  private *walk(node: TrieNode, parent: number | null): Generator<Step> {
    const sequence = this.free.pop()!
    yield* beginNode(this.trie, node, parent, sequence, this.limits.batchTokens)
    yield* this.run(node.children, sequence)
    yield { kind: 'drop', sequence }
    this.free.push(sequence)
  }

  /** Several small trees at once: their roots in one batch, then all of the next level, and so on. */
  private *runBundle(trees: readonly TrieNode[], parent: number | null): Generator<Step> {
    if (trees.length === 0) return
    if (parent === null) yield { kind: 'clear' }
    const used: number[] = []
    let level = trees.map((node) => ({ node, from: parent }))
    while (level.length > 0) {
      const tokens: PlannedToken[] = []
      const next: typeof level = []
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
    for (const sequence of used) yield { kind: 'drop', sequence }
    this.free.push(...used.reverse())
  }
}

/** Small trees that will be evaluated together. */
class Bundle {
  readonly trees: TrieNode[] = []
  private tokens = 0
  private nodes = 0

  hasRoom(node: TrieNode, tokens: number, sequences: number): boolean {
    return this.tokens + sizeOf(node) <= tokens && this.nodes + countOf(node) <= sequences
  }

  add(node: TrieNode): void {
    this.trees.push(node)
    this.tokens += sizeOf(node)
    this.nodes += countOf(node)
  }
}

/** Nodes of a tree that have tokens: each takes a sequence. */
function countOf(node: TrieNode): number {
  return (node.end > node.start ? 1 : 0) + node.children.reduce((sum, child) => sum + countOf(child), 0)
}
