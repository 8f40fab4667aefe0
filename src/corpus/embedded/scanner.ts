import { decodeAt, decodeBefore } from '../names/utf8.js'
import { BYTE_CLASS, JOINING, NEEDS_DECODING, NONE, wordClass } from '../names/word-class.js'
import { edgeSlot, filterBit, hashWord, lengthBit, OPEN, ROOT, SLOT, type TokenTrie } from './token-trie.js'

const SPACE = 0x20
const MAX_OPEN_BIT = 31

/** Finds the spellings of a trie in documents. */
export interface Scanner {
  /** Call `hit` for what stands in `bytes[begin…end)`; `ordinal` counts the words before the name. */
  scan(bytes: Uint8Array, begin: number, end: number, hit: (pattern: number, ordinal: number) => void): void
}

/**
 * The scanner in plain TypeScript. It tells every occurrence with its place, which windows need, and takes documents
 * of any length; the one in WebAssembly tells each spelling once a document.
 */
export class PlainScanner implements Scanner {
  readonly #trie: TokenTrie
  readonly #published: boolean
  #hit: (pattern: number, ordinal: number) => void = () => {}
  /** Names that have begun and may go on: node, first byte of the first word, its ordinal. */
  #activeLength = 0
  readonly #activeNode: Int32Array
  readonly #activeStart: Int32Array
  readonly #activeOrdinal: Int32Array

  constructor(trie: TokenTrie, published: boolean) {
    this.#trie = trie
    this.#published = published
    this.#activeNode = new Int32Array(trie.maxWords + 1)
    this.#activeStart = new Int32Array(trie.maxWords + 1)
    this.#activeOrdinal = new Int32Array(trie.maxWords + 1)
  }

  scan(bytes: Uint8Array, begin: number, end: number, hit: (pattern: number, ordinal: number) => void): void {
    this.#hit = hit
    this.#activeLength = 0
    this.#scan(bytes, begin, end)
  }

  /** Cut the text into words and hand those on that may begin or continue a name. */
  #scan(bytes: Uint8Array, begin: number, end: number): void {
    const { firstWords, openLengthsAtRoot } = this.#trie
    const filterMask = 32 * firstWords.length - 1
    const published = this.#published
    let ordinal = 0
    let at = begin
    while (at < end) {
      const start = at
      let kind = BYTE_CLASS[bytes[at]!]!
      if (kind === NONE) {
        at++
        continue
      }
      if (kind === NEEDS_DECODING) {
        const decoded = decodeAt(bytes, at, end)
        kind = wordClass(decoded >> 3)
        const next = at + (decoded & 7)
        if (kind === NONE) {
          at = next
          continue
        }
        at = next
      }
      while (kind === JOINING && at < end) {
        const byteClass = BYTE_CLASS[bytes[at]!]!
        if (byteClass === JOINING) at++
        else if (byteClass === NEEDS_DECODING) {
          const decoded = decodeAt(bytes, at, end)
          if (wordClass(decoded >> 3) !== JOINING) break
          at += decoded & 7
        } else break
      }
      const hash = hashWord(bytes, start, at)
      const bit = filterBit(hash, filterMask)
      const begins = (firstWords[bit >>> 5]! & (1 << (bit & 31))) !== 0
      if (begins || this.#activeLength > 0) this.#advance(bytes, begin, end, start, at, hash, ordinal, begins)
      if (
        published &&
        openLengthsAtRoot[(bytes[start]! << 8) | (at - start > 1 ? bytes[start + 1]! : 0)] !== 0
      )
        this.#matchOpen(bytes, begin, end, ROOT, start, at, start, ordinal)
      ordinal++
    }
  }

  /** Take one word: go on with the names under way, begin new ones. */
  #advance(
    bytes: Uint8Array,
    begin: number,
    end: number,
    start: number,
    wordEnd: number,
    hash: number,
    ordinal: number,
    begins: boolean,
  ): void {
    const { inner } = this.#trie
    let kept = 0
    for (let i = 0; i < this.#activeLength; i++) {
      const node = this.#activeNode[i]!
      const nameStart = this.#activeStart[i]!
      const nameOrdinal = this.#activeOrdinal[i]!
      if (this.#published && this.#trie.openLengths[node] !== 0)
        this.#matchOpen(bytes, begin, end, node, start, wordEnd, nameStart, nameOrdinal)
      const child = this.#child(hash, node)
      if (child === 0) continue
      this.#check(bytes, begin, end, child, nameStart, wordEnd, nameOrdinal)
      if (inner[child] === 1) {
        this.#activeNode[kept] = child
        this.#activeStart[kept] = nameStart
        this.#activeOrdinal[kept++] = nameOrdinal
      }
    }
    this.#activeLength = kept
    if (!begins) return
    const child = this.#child(hash, ROOT)
    if (child === 0) return
    this.#check(bytes, begin, end, child, start, wordEnd, ordinal)
    if (inner[child] !== 1) return
    this.#activeNode[kept] = child
    this.#activeStart[kept] = start
    this.#activeOrdinal[kept] = ordinal
    this.#activeLength = kept + 1
  }

  #child(hash: number, parent: number): number {
    const { edges } = this.#trie
    const mask = edges.length / SLOT - 1
    let slot = edgeSlot(hash, parent, mask)
    for (;;) {
      const child = edges[SLOT * slot + 2]!
      if (child === 0 || (edges[SLOT * slot] === hash && edges[SLOT * slot + 1] === parent)) return child
      slot = (slot + 1) & mask
    }
  }

  /** `published`: names that end within this word. */
  #matchOpen(
    bytes: Uint8Array,
    begin: number,
    end: number,
    node: number,
    start: number,
    wordEnd: number,
    nameStart: number,
    ordinal: number,
  ): void {
    const { openLengths, openLengthsAtRoot } = this.#trie
    const key = (bytes[start]! << 8) | (wordEnd - start > 1 ? bytes[start + 1]! : 0)
    const lengths = node === ROOT ? openLengthsAtRoot[key]! : openLengths[node]!
    for (let at = start + 1; at <= wordEnd; at++) {
      const length = at - start
      if ((lengths & lengthBit(length)) === 0) {
        if (length < MAX_OPEN_BIT && lengths >>> (length + 1) === 0) return
        continue
      }
      const child = this.#child(hashWord(bytes, start, at), node + OPEN)
      if (child !== 0) this.#check(bytes, begin, end, child, nameStart, at, ordinal)
    }
  }

  /** Compare the candidates of a node with the text; `wordEnd` is where their last word ends. */
  #check(
    bytes: Uint8Array,
    begin: number,
    end: number,
    node: number,
    firstWord: number,
    wordEnd: number,
    ordinal: number,
  ): void {
    const { candidates, offsets, lead, bytes: names } = this.#trie
    for (let c = candidates.starts[node]!; c < candidates.starts[node + 1]!; c++) {
      const pattern = candidates.values[c]!
      const from = offsets[pattern]!
      const length = offsets[pattern + 1]! - from
      const matchStart = firstWord - lead[pattern]!
      const matchEnd = matchStart + length
      if (matchStart < begin || matchEnd > end) continue
      let same = 0
      while (same < length && bytes[matchStart + same] === names[from + same]) same++
      if (same < length) continue
      const fits = this.#published
        ? matchStart > begin && bytes[matchStart - 1] === SPACE
        : isBounded(bytes, begin, end, matchStart, matchEnd, firstWord, wordEnd)
      if (fits) this.#hit(pattern, ordinal)
    }
  }

}

export function joinsBefore(bytes: Uint8Array, begin: number, at: number): boolean {
  return at > begin && wordClass(decodeBefore(bytes, at, begin)) === JOINING
}

export function joinsAfter(bytes: Uint8Array, end: number, at: number): boolean {
  return at < end && wordClass(decodeAt(bytes, at, end) >> 3) === JOINING
}

/**
 * Whether no word runs on into the name. Where the name begins (ends) with a word, the cut into words has settled it;
 * where it begins (ends) with other characters, the neighbour is looked at.
 */
function isBounded(
  bytes: Uint8Array,
  begin: number,
  end: number,
  matchStart: number,
  matchEnd: number,
  firstWord: number,
  wordEnd: number,
): boolean {
  if (matchStart < firstWord && joinsBefore(bytes, begin, matchStart)) return false
  return matchEnd <= wordEnd || !joinsAfter(bytes, end, matchEnd)
}
