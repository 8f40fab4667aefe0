import { type DocumentCounter, emptyTally, type Tally } from '../counter.js'
import type { Entities } from '../names/entities.js'
import { decodeAt, decodeBefore } from '../names/utf8.js'
import { BYTE_CLASS, JOINING, NEEDS_DECODING, NONE, wordClass } from '../names/word-class.js'
import { addMention, createMentions, PairCounter } from './pairs.js'
import { edgeSlot, extendHash, filterBit, lengthBit, OPEN, ROOT, SLOT, type TokenTrie } from './token-trie.js'

const SPACE = 0x20
const MAX_OPEN_BIT = 31

/**
 * Counts documents by one pass over their words: a bitmap tells the words that may begin a name, a trie over words
 * follows them, and a candidate's bytes and edges are compared before it counts.
 */
export class EmbeddedCounter implements DocumentCounter {
  readonly #entities: Entities
  readonly #trie: TokenTrie
  readonly #pairs: PairCounter
  readonly #published: boolean
  readonly #windowed: boolean
  #tally: Tally
  #document = 0
  /** Document in which an entity (a pattern) was last seen. */
  readonly #entityStamps: Int32Array
  readonly #patternStamps: Int32Array
  readonly #found: Int32Array
  #foundLength = 0
  readonly #mentions = createMentions()
  /** Names that have begun and may go on: node, first byte of the first word, its ordinal. */
  #activeLength = 0
  #activeNode: Int32Array = new Int32Array(64)
  #activeStart: Int32Array = new Int32Array(64)
  #activeOrdinal: Int32Array = new Int32Array(64)
  /** Where words begin, kept when a window must place names that hold no word. */
  #wordStarts: number[] = []

  constructor(entities: Entities, trie: TokenTrie) {
    this.#entities = entities
    this.#trie = trie
    this.#pairs = new PairCounter(entities)
    this.#published = entities.options.match === 'published'
    this.#windowed = entities.options.within !== null
    this.#tally = emptyTally(entities)
    this.#entityStamps = new Int32Array(entities.entities)
    this.#patternStamps = new Int32Array(entities.patterns.length)
    this.#found = new Int32Array(entities.entities)
  }

  count(bytes: Uint8Array, begin: number, end: number): void {
    this.#tally.documents++
    this.#tally.bytes += end - begin
    if (this.#entities.options.ignoreCase) {
      const folded = Buffer.from(decode(bytes, begin, end).toLowerCase(), 'utf8')
      this.#countFolded(folded, 0, folded.length)
    } else this.#countFolded(bytes, begin, end)
  }

  take(): Tally {
    const taken = this.#tally
    this.#tally = emptyTally(this.#entities)
    return taken
  }

  #countFolded(bytes: Uint8Array, begin: number, end: number): void {
    this.#document++
    this.#foundLength = 0
    this.#mentions.length = 0
    this.#activeLength = 0
    this.#wordStarts.length = 0
    this.#scan(bytes, begin, end)
    if (this.#trie.wordless.length > 0) this.#findWordless(bytes, begin, end)
    if (this.#foundLength > 0)
      this.#pairs.count(
        this.#found,
        this.#foundLength,
        this.#entityStamps,
        this.#document,
        this.#mentions,
        this.#tally,
      )
  }

  /** Cut the text into words and hand those on that may begin or continue a name. */
  #scan(bytes: Uint8Array, begin: number, end: number): void {
    const { firstWords, openLengthsAtRoot } = this.#trie
    const filterMask = 32 * firstWords.length - 1
    const published = this.#published
    const keepsStarts = this.#windowed && this.#trie.wordless.length > 0
    let ordinal = 0
    let at = begin
    while (at < end) {
      const start = at
      let hash = 0
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
        while (at < next) hash = extendHash(hash, bytes[at++]!)
      }
      while (kind === JOINING && at < end) {
        const byte = bytes[at]!
        const byteClass = BYTE_CLASS[byte]!
        if (byteClass === JOINING) {
          hash = extendHash(hash, byte)
          at++
        } else if (byteClass === NEEDS_DECODING) {
          const decoded = decodeAt(bytes, at, end)
          if (wordClass(decoded >> 3) !== JOINING) break
          const next = at + (decoded & 7)
          while (at < next) hash = extendHash(hash, bytes[at++]!)
        } else break
      }
      if (keepsStarts) this.#wordStarts.push(start)
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
    if (kept === this.#activeNode.length) this.#growActive()
    this.#activeNode[kept] = child
    this.#activeStart[kept] = start
    this.#activeOrdinal[kept] = ordinal
    this.#activeLength = kept + 1
  }

  #growActive(): void {
    const grow = (old: Int32Array): Int32Array => {
      const grown = new Int32Array(2 * old.length)
      grown.set(old)
      return grown
    }
    this.#activeNode = grow(this.#activeNode)
    this.#activeStart = grow(this.#activeStart)
    this.#activeOrdinal = grow(this.#activeOrdinal)
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
    let hash = 0
    for (let at = start; at < wordEnd; ) {
      hash = extendHash(hash, bytes[at++]!)
      const length = at - start
      if ((lengths & lengthBit(length)) === 0) {
        if (length < MAX_OPEN_BIT && lengths >>> (length + 1) === 0) return
        continue
      }
      const child = this.#child(hash, node + OPEN)
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
      if (!this.#windowed && this.#patternStamps[pattern] === this.#document) continue
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

  #hit(pattern: number, ordinal: number): void {
    const { starts, values } = this.#entities.entitiesOfPattern
    this.#patternStamps[pattern] = this.#document
    for (let i = starts[pattern]!; i < starts[pattern + 1]!; i++) {
      const entity = values[i]!
      if (this.#windowed) addMention(this.#mentions, entity, ordinal)
      if (this.#entityStamps[entity] === this.#document) continue
      this.#entityStamps[entity] = this.#document
      this.#tally.ofEntity[entity]!++
      this.#found[this.#foundLength++] = entity
    }
  }

  #findWordless(bytes: Uint8Array, begin: number, end: number): void {
    const { wordless, offsets, bytes: names } = this.#trie
    const document = Buffer.from(bytes.buffer, bytes.byteOffset + begin, end - begin)
    for (const pattern of wordless) {
      const name = names.subarray(offsets[pattern]!, offsets[pattern + 1]!)
      for (let at = document.indexOf(name); at !== -1; at = document.indexOf(name, at + 1)) {
        const matchEnd = at + name.length
        const fits = this.#published
          ? at > 0 && document[at - 1] === SPACE
          : !joinsBefore(document, 0, at) && !joinsAfter(document, document.length, matchEnd)
        if (!fits) continue
        this.#hit(pattern, this.#windowed ? this.#wordStarts.filter((start) => start < begin + at).length : 0)
        if (!this.#windowed) break
      }
    }
  }
}

function decode(bytes: Uint8Array, begin: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + begin, end - begin).toString('utf8')
}

function joinsBefore(bytes: Uint8Array, begin: number, at: number): boolean {
  return at > begin && wordClass(decodeBefore(bytes, at, begin)) === JOINING
}

function joinsAfter(bytes: Uint8Array, end: number, at: number): boolean {
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
