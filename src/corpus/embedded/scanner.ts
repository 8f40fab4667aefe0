import type { TextFold } from '../names/fold.js'
import { decodeAt, decodeBefore } from '../names/utf8.js'
import { extendsBack, JOINING, NONE, wordClass } from '../names/word-class.js'
import { wordEnd } from '../names/words.js'
import {
  edgeSlot,
  filterBit,
  HEAD_BYTES,
  hashWord,
  headBit,
  lengthBit,
  OPEN,
  openKey,
  pairHash,
  ROOT,
  SLOT,
  type TokenTrie,
} from './token-trie.js'

const SPACE = 0x20
const MAX_OPEN_BIT = 31
/** Lengths that `heads` says nothing about. */
const SHORT_LENGTHS = (1 << HEAD_BYTES) - 1

/** Finds the spellings of a trie in documents. */
export interface Scanner {
  /** Call `hit` for what stands in `bytes[begin…end)`; `ordinal` counts the words before the name. */
  scan(bytes: Uint8Array, begin: number, end: number, hit: (pattern: number, ordinal: number) => void): void
  /**
   * The document with what `folds` names made one, valid until the next call; undefined where it has to be done
   * elsewhere.
   */
  fold?(document: Uint8Array, folds: readonly TextFold[]): Uint8Array | undefined
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
    const { heads, singles, pairs, openLengthsAtRoot } = this.#trie
    const singleMask = 32 * singles.length - 1
    const pairMask = 32 * pairs.length - 1
    const published = this.#published
    let ordinal = 0
    let previous = 0
    let previousStart = begin
    let previousMayBegin = false
    let at = begin
    while (at < end) {
      const start = at
      at = wordEnd(bytes, start, end)
      if (at < 0) {
        at = -at
        continue
      }
      const head = headBit(bytes, start, at)
      const mayBegin = (heads[head >>> 5]! & (1 << (head & 31))) !== 0
      const needsHash = mayBegin || previousMayBegin || this.#activeLength > 0
      const hash = needsHash ? hashWord(bytes, start, at) : 0
      if (this.#activeLength > 0) this.#advance(bytes, begin, end, start, at, hash)
      const bit = filterBit(hash, singleMask)
      if (mayBegin && (singles[bit >>> 5]! & (1 << (bit & 31))) !== 0) {
        const node = this.#child(hash, ROOT)
        if (node !== 0) this.#check(bytes, begin, end, node, start, at, ordinal)
      }
      if (previousMayBegin) {
        const pairBit = filterBit(pairHash(previous, hash), pairMask)
        if ((pairs[pairBit >>> 5]! & (1 << (pairBit & 31))) !== 0)
          this.#begin(bytes, begin, end, previous, previousStart, hash, at, ordinal - 1)
      }
      if (published) {
        const second = at - start > 1 ? bytes[start + 1]! : 0
        const lengths = openLengthsAtRoot[(bytes[start]! << 8) | second]! & (mayBegin ? -1 : SHORT_LENGTHS)
        if (lengths !== 0) this.#matchOpen(bytes, begin, end, ROOT, lengths, start, at, start, ordinal)
        const openBit = filterBit(pairHash(previous, openKey(bytes[start]!, second)), pairMask)
        if (previousMayBegin && (pairs[openBit >>> 5]! & (1 << (openBit & 31))) !== 0) {
          const node = this.#child(previous, ROOT)
          const open = node === 0 ? 0 : this.#trie.openLengths[node]!
          if (open !== 0)
            this.#matchOpen(bytes, begin, end, node, open, start, at, previousStart, ordinal - 1)
        }
      }
      previousMayBegin = mayBegin
      previous = hash
      previousStart = start
      ordinal++
    }
  }

  /** Two words in a row that may begin a name. */
  #begin(
    bytes: Uint8Array,
    begin: number,
    end: number,
    firstHash: number,
    firstStart: number,
    hash: number,
    wordEnd: number,
    ordinal: number,
  ): void {
    const first = this.#child(firstHash, ROOT)
    const node = first === 0 ? 0 : this.#child(hash, first)
    if (node === 0) return
    this.#check(bytes, begin, end, node, firstStart, wordEnd, ordinal)
    if (this.#trie.inner[node] === 0) return
    this.#activeNode[this.#activeLength] = node
    this.#activeStart[this.#activeLength] = firstStart
    this.#activeOrdinal[this.#activeLength++] = ordinal
  }

  /** Take one word further with the names under way. */
  #advance(
    bytes: Uint8Array,
    begin: number,
    end: number,
    start: number,
    wordEnd: number,
    hash: number,
  ): void {
    const { inner } = this.#trie
    let kept = 0
    for (let i = 0; i < this.#activeLength; i++) {
      const node = this.#activeNode[i]!
      const nameStart = this.#activeStart[i]!
      const ordinal = this.#activeOrdinal[i]!
      const open = this.#published ? this.#trie.openLengths[node]! : 0
      if (open !== 0) this.#matchOpen(bytes, begin, end, node, open, start, wordEnd, nameStart, ordinal)
      const child = this.#child(hash, node)
      if (child === 0) continue
      this.#check(bytes, begin, end, child, nameStart, wordEnd, ordinal)
      if (inner[child] === 0) continue
      this.#activeNode[kept] = child
      this.#activeStart[kept] = nameStart
      this.#activeOrdinal[kept++] = ordinal
    }
    this.#activeLength = kept
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
    lengths: number,
    start: number,
    wordEnd: number,
    nameStart: number,
    ordinal: number,
  ): void {
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

/** Whether a run of joining characters ends at `at`; marks belong to what they stand on. */
export function joinsBefore(bytes: Uint8Array, begin: number, at: number): boolean {
  let from = at
  while (from > begin) {
    const code = decodeBefore(bytes, from, begin)
    const kind = wordClass(code)
    if (!extendsBack(kind)) return kind === JOINING || (kind === NONE && from < at)
    from -= code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return from < at
}

export function joinsAfter(bytes: Uint8Array, end: number, at: number): boolean {
  if (at >= end) return false
  const kind = wordClass(decodeAt(bytes, at, end) >> 3)
  return kind === JOINING || extendsBack(kind)
}

/** Whether a name that begins with a mark takes it from the character before it; only control characters bear none. */
function cutsMark(bytes: Uint8Array, begin: number, at: number, end: number): boolean {
  if (bytes[at]! < 0x80 || at <= begin || bytes[at - 1]! < SPACE) return false
  return extendsBack(wordClass(decodeAt(bytes, at, end) >> 3))
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
  if (cutsMark(bytes, begin, matchStart, end)) return false
  return matchEnd <= wordEnd || !joinsAfter(bytes, end, matchEnd)
}
