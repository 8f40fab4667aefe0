import type { Tally } from '../counter.js'
import { type Entities, groupRows, type Rows } from '../names/entities.js'

/** Where entities stand in the current document, for windows: entity and ordinal of the first word, in reading order. */
export interface Mentions {
  length: number
  entity: Int32Array
  ordinal: Int32Array
}

export function createMentions(): Mentions {
  return { length: 0, entity: new Int32Array(256), ordinal: new Int32Array(256) }
}

export function addMention(mentions: Mentions, entity: number, ordinal: number): void {
  if (mentions.length === mentions.entity.length) {
    const grow = (old: Int32Array): Int32Array => {
      const grown = new Int32Array(2 * old.length)
      grown.set(old)
      return grown
    }
    mentions.entity = grow(mentions.entity)
    mentions.ordinal = grow(mentions.ordinal)
  }
  mentions.entity[mentions.length] = entity
  mentions.ordinal[mentions.length++] = ordinal
}

/** Counts the pairs of one document, given the entities that it holds. */
export class PairCounter {
  readonly #entities: Entities
  readonly #bySubject: Rows
  readonly #byObject: Rows
  /** Of the document last counted: pairs that count, and with a window all that stand in it. */
  readonly pairs: number[] = []
  readonly pairsInDocument: number[] = []

  constructor(entities: Entities) {
    const { pairSubject, pairObject } = entities
    const pairs = Int32Array.from(pairSubject.keys())
    this.#entities = entities
    this.#bySubject = groupRows(pairSubject, pairs, entities.entities)
    this.#byObject = groupRows(pairObject, pairs, entities.entities)
  }

  /**
   * @param found  entities of the document, `found[0…length)`
   * @param stamps entity → number of the last document that held it
   */
  count(
    found: Int32Array,
    length: number,
    stamps: Int32Array,
    document: number,
    mentions: Mentions,
    tally: Tally,
  ): void {
    const { pairSubject, pairObject, options } = this.#entities
    // Walk the pairs from the side that has fewer of them in this document.
    const bySubject = this.#size(this.#bySubject, found, length) <= this.#size(this.#byObject, found, length)
    const { starts, values } = bySubject ? this.#bySubject : this.#byObject
    const other = bySubject ? pairObject : pairSubject
    this.pairs.length = 0
    this.pairsInDocument.length = 0
    const held = options.within === null ? this.pairs : this.pairsInDocument
    for (let i = 0; i < length; i++) {
      const entity = found[i]!
      for (let k = starts[entity]!; k < starts[entity + 1]!; k++) {
        const pair = values[k]!
        if (stamps[other[pair]!] !== document) continue
        held.push(pair)
      }
    }
    if (options.within !== null && held.length > 0)
      this.#findWithin(options.within, found.subarray(0, length), mentions)
    for (const pair of this.pairs) tally.ofPair[pair]!++
    if (tally.ofPairInDocument !== null)
      for (const pair of this.pairsInDocument) tally.ofPairInDocument[pair]!++
  }

  #size(rows: Rows, found: Int32Array, length: number): number {
    let size = 0
    for (let i = 0; i < length; i++) size += rows.starts[found[i]! + 1]! - rows.starts[found[i]!]!
    return size
  }

  /** Of the pairs in the document those whose names stand within the window. */
  #findWithin(within: number, found: Int32Array, mentions: Mentions): void {
    const ordinals = new Map<number, number[]>(Array.from(found, (entity) => [entity, []]))
    for (let i = 0; i < mentions.length; i++) ordinals.get(mentions.entity[i]!)?.push(mentions.ordinal[i]!)
    // A long name that began earlier may be recognised later, so the order is nearly, not quite, sorted.
    for (const list of ordinals.values()) list.sort((a, b) => a - b)
    for (const pair of this.pairsInDocument) {
      const subjects = ordinals.get(this.#entities.pairSubject[pair]!) ?? []
      const objects = ordinals.get(this.#entities.pairObject[pair]!) ?? []
      if (smallestDistance(subjects, objects) <= within) this.pairs.push(pair)
    }
  }
}

/** Smallest difference between two sorted lists, in one walk over both. */
function smallestDistance(a: readonly number[], b: readonly number[]): number {
  let smallest = Number.POSITIVE_INFINITY
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    smallest = Math.min(smallest, Math.abs(a[i]! - b[j]!))
    if (a[i]! < b[j]!) i++
    else j++
  }
  return smallest
}
