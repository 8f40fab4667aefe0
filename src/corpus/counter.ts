import type { Entities } from './names/entities.js'

/**
 * Document counts gathered so far. Everything adds up: two tallies over disjoint documents make one by addition.
 */
export interface Tally {
  documents: number
  /** UTF-8 bytes of the documents' text. */
  bytes: number
  /** Documents that hold the entity, shape (entities). */
  readonly ofEntity: Float64Array
  /** Documents that hold both of a pair (within the window, where one is set), shape (pairs). */
  readonly ofPair: Float64Array
  /** The same over whole documents, shape (pairs); `null` where no window is set and it would repeat `ofPair`. */
  readonly ofPairInDocument: Float64Array | null
}

/** What the last document holds, by number; valid until the next one. */
export interface Held {
  readonly entities: readonly number[]
  /** Pairs that count (within the window, where one is set). */
  readonly pairs: readonly number[]
  /** Pairs of which both stand in it; only with a window. */
  readonly pairsInDocument: readonly number[]
}

/** Counts documents one by one. Every implementation passes test/contract/counter.contract.ts. */
export interface DocumentCounter {
  /** Take in one document: UTF-8 in `bytes[begin…end)`. The bytes may be overwritten afterwards. */
  count(bytes: Uint8Array, begin: number, end: number): void
  /** What the document last taken in holds. */
  held(): Held
  /** What was counted since the last call. */
  take(): Tally
}

export function emptyTally(entities: Entities): Tally {
  const pairs = entities.pairSubject.length
  return {
    documents: 0,
    bytes: 0,
    ofEntity: new Float64Array(entities.entities),
    ofPair: new Float64Array(pairs),
    ofPairInDocument: entities.options.within === null ? null : new Float64Array(pairs),
  }
}
