import type { Entities, Rows } from '../names/entities.js'
import { groupRows, sharedInt32 } from '../names/entities.js'
import { wordEnd } from '../names/words.js'

/**
 * All spellings as one trie over words. A node is reached by the hashes of the words so far; hashes may collide,
 * which only adds candidates: a candidate's bytes are compared before it counts.
 *
 * Every field is a plain typed array on shared memory, so that any number of threads use one copy.
 */
export interface TokenTrie {
  /** Open-addressed edges, 4 numbers a slot: hash of the word, parent, child (0 = free slot), unused. */
  readonly edges: Int32Array
  /**
   * One bit per first four bytes of the names' first words (open ones of fewer than four left out): small enough for
   * the nearest cache, it settles most words of a text before anything is hashed.
   */
  readonly heads: Int32Array
  /** One bit per hash of a name of one word: tells most words of a text apart from them. */
  readonly singles: Int32Array
  /**
   * One bit per hash of the first two words of longer names (of the first word and the next two bytes, where the second
   * word may end within a longer one). Names often begin with "the" or "of", so one word tells little.
   */
  readonly pairs: Int32Array
  /** Node → may go on. */
  readonly inner: Uint8Array
  /** Node → patterns that may end there. */
  readonly candidates: Rows
  /** Spellings in UTF-8, one after the other; pattern p is `bytes[offsets[p]…offsets[p + 1])`. */
  readonly bytes: Uint8Array
  readonly offsets: Int32Array
  /** Bytes of a spelling before its first word, shape (patterns). */
  readonly lead: Int32Array
  /** Patterns without any word ("!!!"): looked for by themselves. */
  readonly wordless: Int32Array
  /**
   * Lengths of the words that may end a name within a longer word (`published`), as bits 1–31 (31 = 31 and more),
   * by the first two bytes at the root and by node elsewhere. Empty under `boundary`.
   */
  readonly openLengthsAtRoot: Int32Array
  readonly openLengths: Int32Array
  /** Words of the longest name: so many names can be under way at once. */
  readonly maxWords: number
}

export const ROOT = 1
/** Added to a node's number to give the parent of edges that a word's beginning takes. */
export const OPEN = 0x40000000
export const SLOT = 4
const MAX_LENGTH_BIT = 31
const HEAD_BITS = 18
export const HEAD_BYTES = 4
const FILTER_BITS_PER_WORD = 16
const ANY_BYTE: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte)

const BLOCK = 16

/** Up to 4 bytes as a little-endian number, 0 beyond `end`. */
function lane(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end)
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  let value = 0
  for (let i = at, shift = 0; i < end; i++, shift += 8) value |= bytes[i]! << shift
  return value
}

/**
 * Hash of a word, 16 bytes a step, four 32-bit lanes each times its own odd constant: what 16-byte instructions do in
 * one go (assembly/matcher.ts, mixBlock, must give the same).
 */
export function hashWord(bytes: Uint8Array, begin: number, end: number): number {
  let hash = 0
  for (let at = begin; at < end; at += BLOCK) {
    const stop = Math.min(end, at + BLOCK)
    const mixed =
      Math.imul(hash, 0x01000193) ^
      Math.imul(lane(bytes, at, stop), 0x9e3779b1) ^
      Math.imul(lane(bytes, at + 4, stop), 0x85ebca6b) ^
      Math.imul(lane(bytes, at + 8, stop), 0xc2b2ae35) ^
      Math.imul(lane(bytes, at + 12, stop), 0x27d4eb2f)
    hash = mixed ^ (mixed >>> 15)
  }
  return hash
}

/** Spread a hash and its parent over the table. */
export function edgeSlot(hash: number, parent: number, mask: number): number {
  let h = hash ^ Math.imul(parent, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  return (h ^ (h >>> 13)) & mask
}

export function filterBit(hash: number, mask: number): number {
  const h = Math.imul(hash, 0x85ebca6b)
  return (h ^ (h >>> 15)) & mask
}

/** Bit of a word's first four bytes in `heads`, which always has 2^18 bits. */
export function headBit(bytes: Uint8Array, begin: number, end: number): number {
  return Math.imul(lane(bytes, begin, Math.min(end, begin + 4)), 0x9e3779b1) >>> (32 - HEAD_BITS)
}

/** Hash of two words in a row. */
export function pairHash(first: number, second: number): number {
  return Math.imul(first, 0x9e3779b1) ^ second
}

/** What stands for an open second word: its first two bytes, the second 0 where there is none. */
export function openKey(first: number, second: number): number {
  return (first << 8) | second | OPEN
}

export function lengthBit(length: number): number {
  return 1 << Math.min(length, MAX_LENGTH_BIT)
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(2, atLeast)))
}

interface Word {
  readonly begin: number
  readonly end: number
  readonly hash: number
}

/** A bitmap of hashes with about 6 % of its bits set. */
function toFilter(hashes: ReadonlySet<number>): Int32Array {
  const filter = sharedInt32(powerOfTwo((hashes.size * FILTER_BITS_PER_WORD) / 32))
  for (const hash of hashes) {
    const bit = filterBit(hash, 32 * filter.length - 1)
    filter[bit >>> 5]! |= 1 << (bit & 31)
  }
  return filter
}

/** The words of a spelling; the same cut as the scanner's. */
function wordsOf(bytes: Uint8Array, begin: number, end: number): Word[] {
  const words: Word[] = []
  for (let at = begin; at < end; ) {
    const next = wordEnd(bytes, at, end)
    if (next > 0) words.push({ begin: at, end: next, hash: hashWord(bytes, at, next) })
    at = Math.abs(next)
  }
  return words
}

class Builder {
  edges = new Int32Array(SLOT * 1024)
  used = 0
  nodes = ROOT + 1

  #find(edges: Int32Array, hash: number, parent: number): number {
    const mask = edges.length / SLOT - 1
    let slot = edgeSlot(hash, parent, mask)
    while (edges[SLOT * slot + 2] !== 0 && (edges[SLOT * slot] !== hash || edges[SLOT * slot + 1] !== parent))
      slot = (slot + 1) & mask
    return SLOT * slot
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.edges.length)
    for (let at = 0; at < this.edges.length; at += SLOT) {
      if (this.edges[at + 2] === 0) continue
      grown.set(this.edges.subarray(at, at + SLOT), this.#find(grown, this.edges[at]!, this.edges[at + 1]!))
    }
    this.edges = grown
  }

  child(hash: number, parent: number): number {
    const at = this.#find(this.edges, hash, parent)
    if (this.edges[at + 2] !== 0) return this.edges[at + 2]!
    const node = this.nodes++
    this.edges.set([hash, parent, node], at)
    this.used++
    // A third full at most: nearly every miss is settled by one look.
    if (3 * this.used > this.edges.length / SLOT) this.#grow()
    return node
  }
}

function encodePatterns(patterns: readonly string[]): { bytes: Uint8Array; offsets: Int32Array } {
  const encoder = new TextEncoder()
  const offsets = sharedInt32(patterns.length + 1)
  for (const [p, pattern] of patterns.entries())
    offsets[p + 1] = offsets[p]! + Buffer.byteLength(pattern, 'utf8')
  const total = offsets[patterns.length]!
  const bytes = new Uint8Array(new SharedArrayBuffer(Math.max(1, total)), 0, total)
  for (const [p, pattern] of patterns.entries()) bytes.set(encoder.encode(pattern), offsets[p]!)
  return { bytes, offsets }
}

function toShared(values: Int32Array): Int32Array {
  const shared = sharedInt32(values.length)
  shared.set(values)
  return shared
}

/** Build the trie of all spellings; about 3 s and 150 MB for a million names. */
export function buildTokenTrie(entities: Entities): TokenTrie {
  const { patterns, options } = entities
  const { bytes, offsets } = encodePatterns(patterns)
  const published = options.match === 'published'
  const builder = new Builder()
  const lead = sharedInt32(patterns.length)
  const ends = new Int32Array(patterns.length)
  const wordless: number[] = []
  const singles = new Set<number>()
  const pairs = new Set<number>()
  const heads = sharedInt32(2 ** HEAD_BITS / 32)
  const innerNodes: number[] = []
  let maxWords = 0
  const openAtRoot = sharedInt32(published ? 0x10000 : 0)
  const openAt = new Map<number, number>()
  for (let p = 0; p < patterns.length; p++) {
    const words = wordsOf(bytes, offsets[p]!, offsets[p + 1]!)
    const last = words.at(-1)
    if (last === undefined) {
      wordless.push(p)
      continue
    }
    maxWords = Math.max(maxWords, words.length)
    lead[p] = words[0]!.begin - offsets[p]!
    const isOpen = published && last.end === offsets[p + 1]!
    let node = ROOT
    for (const [i, word] of words.entries()) {
      const open = word === last && isOpen
      const first = bytes[word.begin]!
      const length = word.end - word.begin
      if (i === 0 && (!open || length >= HEAD_BYTES)) {
        const bit = headBit(bytes, word.begin, word.end)
        heads[bit >>> 5]! |= 1 << (bit & 31)
      }
      // An open word of one byte may be followed by any other.
      const seconds = length > 1 ? [bytes[word.begin + 1]!] : ANY_BYTE
      if (open && i === 0)
        for (const second of seconds) openAtRoot[(first << 8) | second]! |= lengthBit(length)
      else if (open) openAt.set(node, (openAt.get(node) ?? 0) | lengthBit(length))
      else if (i === 0 && words.length === 1) singles.add(word.hash)
      if (i === 1 && open)
        for (const second of seconds) pairs.add(pairHash(words[0]!.hash, openKey(first, second)))
      else if (i === 1) pairs.add(pairHash(words[0]!.hash, word.hash))
      if (i > 0) innerNodes.push(node)
      node = builder.child(word.hash, open ? node + OPEN : node)
    }
    ends[p] = node
  }
  const inner = new Uint8Array(new SharedArrayBuffer(builder.nodes))
  for (const node of innerNodes) inner[node] = 1
  const openLengths = sharedInt32(published ? builder.nodes : 0)
  for (const [node, bits] of openAt) openLengths[node] = bits
  const ended = [...ends.keys()].filter((p) => ends[p] !== 0)
  return {
    edges: toShared(builder.edges),
    heads,
    singles: toFilter(singles),
    pairs: toFilter(pairs),
    inner,
    candidates: groupRows(
      ended.map((p) => ends[p]!),
      ended,
      builder.nodes,
    ),
    bytes,
    offsets,
    lead,
    wordless: toShared(Int32Array.from(wordless)),
    openLengthsAtRoot: openAtRoot,
    openLengths,
    maxWords,
  }
}
