import type { RequestTrie, TrieNode, Want } from '../request-trie.js'

/** Tokens that go through the model at once: trees of a trie behind a past that all of them share. */
export interface Pass {
  readonly tokens: Int32Array
  readonly positions: Int32Array
  /** Of each token the one before it in its tree, −1 at a root: it follows the past. */
  readonly parents: Int32Array
  /** What is wanted of a token's output, by its index. */
  readonly wants: ReadonlyMap<number, readonly Want[]>
}

/** Tokens one behind the other, of which nothing is wanted. */
export function passOfLine(tokens: Int32Array, position: number): Pass {
  return {
    tokens,
    positions: tokens.map((_, i) => position + i),
    parents: tokens.map((_, i) => i - 1),
    wants: new Map(),
  }
}

/** A node's tokens [from, to), one behind the other. */
export function passOfNode(trie: RequestTrie, node: TrieNode, from: number, to: number): Pass {
  const builder = new PassBuilder(trie)
  builder.add(node, -1, from, to)
  return builder.pass()
}

/** Whole trees side by side. */
export function passOfTrees(trie: RequestTrie, trees: readonly TrieNode[]): Pass {
  const builder = new PassBuilder(trie)
  const grow = (node: TrieNode, parent: number): void => {
    const last = builder.add(node, parent, node.start, node.end)
    for (const child of node.children) grow(child, last)
  }
  for (const tree of trees) grow(tree, -1)
  return builder.pass()
}

class PassBuilder {
  readonly #tokens: number[] = []
  readonly #positions: number[] = []
  readonly #parents: number[] = []
  readonly #wants = new Map<number, readonly Want[]>()

  constructor(private readonly trie: RequestTrie) {}

  /** The index of the last token. */
  add(node: TrieNode, parent: number, from: number, to: number): number {
    let last = parent
    for (let position = from; position < to; position++) {
      const at = this.#tokens.push(this.trie.tokenAt(node, position)) - 1
      this.#positions.push(position)
      this.#parents.push(last)
      const wants = this.trie.wantsAt(node, position)
      if (wants.length > 0) this.#wants.set(at, wants)
      last = at
    }
    return last
  }

  pass(): Pass {
    return {
      tokens: Int32Array.from(this.#tokens),
      positions: Int32Array.from(this.#positions),
      parents: Int32Array.from(this.#parents),
      wants: this.#wants,
    }
  }
}

/**
 * What each token sees, added to its scores: 0 for itself, those before it in its tree and the past, −∞ for the others.
 *
 * @param past  tokens before the pass, at positions 0 to past − 1
 * @param window  positions that a token sees, itself included
 * @returns shape (tokens, past + tokens)
 */
export function maskOf(
  { positions, parents }: Pass,
  past: number,
  window = Number.POSITIVE_INFINITY,
): Float32Array {
  const count = positions.length
  const row = past + count
  const mask = new Float32Array(count * row).fill(Number.NEGATIVE_INFINITY)
  for (let i = 0; i < count; i++) {
    const seesFrom = positions[i]! - window + 1
    const oldest = Math.max(0, seesFrom)
    if (oldest < past) mask.fill(0, i * row + oldest, i * row + past)
    for (let at = i; at >= 0 && positions[at]! >= seesFrom; at = parents[at]!) mask[i * row + past + at] = 0
  }
  return mask
}
