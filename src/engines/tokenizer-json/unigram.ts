/** A Unigram model of a tokenizer.json. */
export interface UnigramModel {
  /** Pieces with their log-probabilities, by id. */
  readonly vocab: readonly (readonly [string, number])[]
  readonly unk_id?: number | null
  readonly byte_fallback?: boolean
  /** Scores are added up in single precision, as SentencePiece does; else in double, as `tokenizers` does. */
  readonly single?: boolean
}

interface Node {
  readonly next: Map<string, Node>
  /** Set where a piece ends. */
  score?: number
}

/** How much less likely than the least likely piece a character is that no piece has. */
const UNKNOWN_PENALTY = 10

/**
 * Words to pieces: of every word the cut whose pieces' log-probabilities add up to most; of equals the one found first. Cuts into
 * the same pieces in another order tie but for rounding, so that ids depend on it: sums are taken in the library's order and
 * precision, of scores as it reads them.
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
  single = false,
}: UnigramModel): (words: readonly string[]) => string[] {
  const root: Node = { next: new Map() }
  const pieces = new Set<string>()
  let least = Number.POSITIVE_INFINITY
  for (const [piece, written] of vocab) {
    const score = single ? written : asSerdeReads(written)
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
  const round = single ? Math.fround : (sum: number) => sum
  const unknown = round(least - UNKNOWN_PENALTY)
  const asBytes = (text: string): string[] => {
    const bytes = Array.from(
      new TextEncoder().encode(text),
      (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
    )
    return byte_fallback === true && bytes.every((byte) => pieces.has(byte)) ? bytes : [text]
  }
  return (words) =>
    words.flatMap((word) =>
      cut(Array.from(word), root, unknown, round).flatMap((piece) =>
        pieces.has(piece) ? [piece] : asBytes(piece),
      ),
    )
}

/** Powers of ten that a double holds. */
const MOST_EXPONENT = 308

/**
 * A number of a JSON file as Rust's serde_json reads it: its digits as a whole number, divided by or multiplied with a power of ten.
 * With more than fifteen digits that rounds twice, and is up to a unit in the last place off.
 *
 * @param value  read as IEEE 754 says; its shortest digits are those of the file, which Rust and Python write so
 *
 * Source: serde_json 1.0, `f64_from_parts` without the feature `float_roundtrip`.
 */
export function asSerdeReads(value: number): number {
  const [, sign, whole, decimals = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? []
  if (whole === undefined) return value
  const power = Number(exponent) - decimals.length
  if (Math.abs(power) > MOST_EXPONENT) return value
  const digits = Number(whole + decimals)
  const read = power < 0 ? digits / 10 ** -power : digits * 10 ** power
  return sign === '-' ? -read : read
}

/** The best cut of a word's characters; stretches without a piece are one. */
function cut(
  characters: readonly string[],
  root: Node,
  unknown: number,
  round: (sum: number) => number,
): string[] {
  const length = characters.length
  const best = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY)
  const start = new Int32Array(length + 1)
  const isUnknown = new Uint8Array(length + 1)
  best[0] = 0
  for (let from = 0; from < length; from++) {
    const reach = (to: number, score: number, without: 0 | 1): void => {
      const sum = round(best[from]! + score)
      if (sum <= best[to]!) return
      best[to] = sum
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
