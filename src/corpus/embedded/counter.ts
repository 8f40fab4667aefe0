import { type DocumentCounter, emptyTally, type Held, type Tally } from '../counter.js'
import type { Entities } from '../names/entities.js'
import { comparable, foldsOf } from '../names/match.js'
import { countWordsBefore } from '../names/words.js'
import { addMention, createMentions, PairCounter } from './pairs.js'
import { joinsAfter, joinsBefore, PlainScanner, type Scanner } from './scanner.js'
import { nextDocument } from './stamps.js'
import type { TokenTrie } from './token-trie.js'

const SPACE = 0x20

/**
 * Counts documents by one pass over their words: a bitmap tells the words that may begin a name, a trie over words
 * follows them, and a candidate's bytes and edges are compared before it counts.
 */
export class EmbeddedCounter implements DocumentCounter {
  readonly #entities: Entities
  readonly #trie: TokenTrie
  readonly #scanner: Scanner
  readonly #pairs: PairCounter
  readonly #published: boolean
  readonly #windowed: boolean
  #tally: Tally
  #document: number
  /** Document in which an entity was last seen, shape (entities). */
  readonly #stamps: Int32Array
  readonly #found: Int32Array
  #foundLength = 0
  readonly #mentions = createMentions()
  readonly #onHit = (pattern: number, ordinal: number): void => this.#hit(pattern, ordinal)

  /**
   * @param scanner  finds the spellings; with a window it has to tell every occurrence
   * @param document number of the last document, 0 ≤ document < 2³¹
   */
  constructor(entities: Entities, trie: TokenTrie, scanner?: Scanner, document = 0) {
    const { options } = entities
    this.#entities = entities
    this.#trie = trie
    this.#published = options.match === 'published'
    this.#windowed = options.within !== null
    this.#scanner = scanner ?? new PlainScanner(trie, this.#published)
    this.#pairs = new PairCounter(entities)
    this.#tally = emptyTally(entities)
    this.#document = document
    this.#stamps = new Int32Array(entities.entities)
    this.#found = new Int32Array(entities.entities)
  }

  count(bytes: Uint8Array, begin: number, end: number): void {
    this.#tally.documents++
    this.#tally.bytes += end - begin
    this.#countFolded(this.#comparable(bytes.subarray(begin, end)))
  }

  held(): Held {
    const entities = [...this.#found.subarray(0, this.#foundLength)]
    const { pairs, pairsInDocument } = this.#pairs
    return entities.length === 0
      ? { entities, pairs: [], pairsInDocument: [] }
      : { entities, pairs, pairsInDocument }
  }

  take(): Tally {
    const taken = this.#tally
    this.#tally = emptyTally(this.#entities)
    return taken
  }

  /** The document as names are compared with it. */
  #comparable(document: Uint8Array): Uint8Array {
    const { options } = this.#entities
    const folds = foldsOf(options)
    if (!options.ignoreCase && folds.length === 0) return document
    const folded = options.ignoreCase ? undefined : this.#scanner.fold?.(document, folds)
    if (folded !== undefined) return folded
    const text = Buffer.from(document.buffer, document.byteOffset, document.length).toString('utf8')
    return Buffer.from(comparable(text, options), 'utf8')
  }

  #countFolded(document: Uint8Array): void {
    this.#document = nextDocument(this.#document, this.#stamps)
    this.#foundLength = 0
    this.#mentions.length = 0
    this.#scanner.scan(document, 0, document.length, this.#onHit)
    if (this.#trie.wordless.length > 0) this.#findWordless(document)
    if (this.#foundLength > 0)
      this.#pairs.count(
        this.#found,
        this.#foundLength,
        this.#stamps,
        this.#document,
        this.#mentions,
        this.#tally,
      )
  }

  #hit(pattern: number, ordinal: number): void {
    const { starts, values } = this.#entities.entitiesOfPattern
    for (let i = starts[pattern]!; i < starts[pattern + 1]!; i++) {
      const entity = values[i]!
      if (this.#windowed) addMention(this.#mentions, entity, ordinal)
      if (this.#stamps[entity] === this.#document) continue
      this.#stamps[entity] = this.#document
      this.#tally.ofEntity[entity]!++
      this.#found[this.#foundLength++] = entity
    }
  }

  #findWordless(bytes: Uint8Array): void {
    const { wordless, offsets, bytes: names } = this.#trie
    const document = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (const pattern of wordless) {
      const name = names.subarray(offsets[pattern]!, offsets[pattern + 1]!)
      for (let at = document.indexOf(name); at !== -1; at = document.indexOf(name, at + 1)) {
        const fits = this.#published
          ? at > 0 && document[at - 1] === SPACE
          : !joinsBefore(document, 0, at) && !joinsAfter(document, document.length, at + name.length)
        if (!fits) continue
        this.#hit(pattern, this.#windowed ? countWordsBefore(document, at) : 0)
        if (!this.#windowed) break
      }
    }
  }
}
