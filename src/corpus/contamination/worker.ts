import type { Gatherer } from '../job/gathering.js'
import type { ItemIndex } from './index-items.js'
import type { Looked } from './looked.js'
import { ItemMatcher } from './matcher.js'

/** The gatherer of one thread; the typed arrays of `setup` lie on shared memory. */
export function createGatherer(setup: unknown): Gatherer<Looked> {
  return new ItemMatcher(setup as ItemIndex)
}
