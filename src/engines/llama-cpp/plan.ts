import type { ScoreRequest } from '../../core/index.js'
import { RequestTrie, type TrieNode } from '../request-trie.js'
import { BATCH_MULTIPLE, beginNode, HELD, type PlanLimits, type Step } from './steps.js'

/** What one more batch costs, in tokens. */
const BATCH_COST = 4
/** Sharing has to save this part of the work below it: thirty documents do not share their BOS token. */
const LEAST_SAVING = 1 / 16

/**
 * Which tokens go through the model, in which batches, so that prefixes that requests share are evaluated once.
 *
 * Branches are evaluated one after the other, never side by side: a token then lies in the cache cell of its own
 * position, and its numbers are bit for bit those of its request scored alone, whatever else is asked for
 * (docs/decisions/0011). A sequence is a level of the trie.
 *
 * @param requests  each 1 ≤ from ≤ tokens.length
 */
export function* planSteps(requests: readonly ScoreRequest[], limits: PlanLimits): Generator<Step> {
  const { held = 0, sequences, batchTokens } = limits
  const trie = new RequestTrie(requests)
  const levels = held > 0 ? sequences - 1 : sequences
  const forest = trie.forest((node) => node.height < levels && savesWork(node), held)
  yield* oneByOne(trie, forest, held > 0 ? HELD : null, batchTokens)
}

/** Evaluate trees whose prefix lies in `parent` (null: none), one after the other. */
function* oneByOne(
  trie: RequestTrie,
  forest: readonly TrieNode[],
  parent: number | null,
  batchTokens: number,
): Generator<Step> {
  for (const node of forest) {
    if (node.end === node.start) continue
    const sequence = parent === null ? 0 : parent + 1
    yield* beginNode(trie, node, parent, sequence, batchTokens)
    yield* oneByOne(trie, node.children, sequence, batchTokens)
    yield { kind: 'drop', sequence }
  }
}

function savesWork(together: TrieNode): boolean {
  const { start } = together
  const apart = together.children.reduce((sum, child) => sum + costOf({ ...child, start }), 0)
  return apart - costOf(together) > LEAST_SAVING * apart
}

/** Work of a tree, in tokens: every node takes at least one batch. */
function costOf(node: TrieNode): number {
  const own = node.end > node.start ? Math.max(node.end - node.start, BATCH_MULTIPLE) + BATCH_COST : 0
  return own + node.children.reduce((sum, child) => sum + costOf(child), 0)
}
