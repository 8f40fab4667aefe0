import type { z } from 'zod'
import type { DocumentScan, NgramIndex } from '../../core/index.js'
import type { Unit } from '../readers/unit.js'
import type { OneCorpus } from './profiled.js'

/** A document as the measures see it; valid during the call alone. */
export interface ProfiledDocument {
  readonly bytes: Buffer
  readonly begin: number
  readonly end: number
  readonly scan: DocumentScan
  readonly unit: Unit
  /** n-grams of the targets; null where none is named. */
  readonly index: NgramIndex | null
  /** Number of the document in its unit, from 0. */
  readonly ordinal: number
  /** The document's text, or the beginning of it. */
  text(mostBytes: number): string
}

/**
 * One thing that a profile measures. Its state is plain data (it travels between threads and stands in checkpoints), and
 * merging two states gives that of both texts, in any order.
 */
export interface Measure<State> {
  readonly id: string
  start(): State
  add(state: State, document: ProfiledDocument): void
  /** A unit is read to its end: what it adds up to, and its bytes of storage where they are known. */
  endUnit?(state: State, corpus: OneCorpus, stored: number | null): void
  merge(into: State, from: State): void
  /** The state as it stands in a part. */
  readonly state: z.ZodType<State>
}

/** Counts by name. */
export type Tally = Record<string, number>

/** Names come from files, and `constructor` is one: only what the tally has itself counts. */
export function addTo(tally: Tally, name: string, amount: number): void {
  tally[name] = (Object.hasOwn(tally, name) ? tally[name]! : 0) + amount
}

export function mergeTally(into: Tally, from: Tally): void {
  for (const [name, amount] of Object.entries(from)) addTo(into, name, amount)
}
