/** A Unigram model of a tokenizer.json. */
export interface UnigramModel {
  /** Pieces with their log-probabilities, by id. */
  readonly vocab: readonly (readonly [string, number])[]
  readonly unk_id?: number | null
  readonly byte_fallback?: boolean
}

interface Node {
  readonly next: Map<string, Node>
  /** Set where a piece ends. */
  score?: number
}

/** How much less likely than the least likely piece a character is that no piece has. */
const UNKNOWN_PENALTY = 10

/**
 * Words to pieces: of every word the cut whose pieces' log-probabilities add up to most; of equals the one found first.
 * Characters that no piece has are one unknown piece a stretch, as bytes where the model falls back to them.
 *
 * @returns texts of pieces; an unknown stretch as it is written
 *
 * Source: Kudo, arXiv:1804.10959, Section 3.2; the search as in huggingface/tokenizers, models/unigram/model.rs
 * (`encode_optimized`, `fuse_unk`), whose JavaScript port fuses unknown stretches across words and knows no bytes.
 */
export function createUnigram({
  vocab,
  byte_fallback,
}: UnigramModel): (words: readonly string[]) => string[] {
  const root: Node = { next: new Map() }
  const pieces = new Set<string>()
  let least = Number.POSITIVE_INFINITY
  for (const [piece, score] of vocab) {
    pieces.add(piece)
    least = Math.min(least, score)
    let node = root
    for (const character of piece) {
      let next = node.next.get(character)
      if (next === undefined) {
        next = { next: new Map() }
        node.next.set(character, next)
      }
      node = next
    }
    node.score = score
  }
  const unknown = least - UNKNOWN_PENALTY
  const asBytes = (text: string): string[] => {
    const bytes = Array.from(
      new TextEncoder().encode(text),
      (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    )
    return byte_fallback === true && bytes.every((byte) => pieces.has(byte)) ? bytes : [text]
  }
  return (words) =>
    words.flatMap((word) =>
      cut(Array.from(word), root, unknown).flatMap((piece) => (pieces.has(piece) ? [piece] : asBytes(piece))),
    )
}

/** The best cut of a word's characters; stretches without a piece are one. */
function cut(characters: readonly string[], root: Node, unknown: number): string[] {
  const length = characters.length
  const best = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY)
  const start = new Int32Array(length + 1)
  const isUnknown = new Uint8Array(length + 1)
  best[0] = 0
  for (let from = 0; from < length; from++) {
    const reach = (to: number, score: number, without: 0 | 1): void => {
      if (best[from]! + score <= best[to]!) return
      best[to] = best[from]! + score
      start[to] = from
      isUnknown[to] = without
    }
    let node: Node | undefined = root
    for (let to = from; to < length; ) {
      node = node.next.get(characters[to++]!)
      if (node === undefined) break
      if (node.score !== undefined) reach(to, node.score, 0)
    }
    if (root.next.get(characters[from]!)?.score === undefined) reach(from + 1, unknown, 1)
  }
  const found: string[] = []
  for (let to = length; to > 0; ) {
    let from = start[to]!
    if (isUnknown[to] === 1) while (from > 0 && isUnknown[from] === 1) from = start[from]!
    found.push(characters.slice(from, to).join(''))
    to = from
  }
  return found.reverse()
}
