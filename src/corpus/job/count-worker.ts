import { createEmbeddedCounter, type EmbeddedTables } from '../embedded/create.js'
import { type Counts, gathererOf } from './counts.js'
import type { Gatherer } from './gathering.js'

/** The gatherer of one counting thread; the typed arrays of `setup` lie on shared memory. */
export function createGatherer(setup: unknown, thread: number): Gatherer<Counts> {
  return gathererOf(createEmbeddedCounter(setup as EmbeddedTables, thread))
}
