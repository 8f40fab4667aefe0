import type { Fact } from '../core/index.js'
import type { DocumentCounter } from './counter.js'
import { EmbeddedCounter } from './embedded/counter.js'
import { buildEmbeddedTables, createEmbeddedCounter } from './embedded/create.js'
import { buildTokenTrie } from './embedded/token-trie.js'
import { resolveEntities } from './names/entities.js'
import type { MatchOptions } from './names/match.js'
import { createPlainCounter } from './plain/counter.js'

/** Ways to count in this process, by name; each is made from facts and options. */
export const COUNTERS = {
  /** The reference. */
  plain: (facts, options) => createPlainCounter(resolveEntities(facts, options)),
  /** The embedded engine with the scanner that serves windows and very long documents. */
  'embedded-plain-scanner': (facts, options) => {
    const entities = resolveEntities(facts, options)
    return new EmbeddedCounter(entities, buildTokenTrie(entities))
  },
  /** The embedded engine as it runs. */
  embedded: (facts, options) =>
    createEmbeddedCounter(buildEmbeddedTables(resolveEntities(facts, options), 1), 0),
} satisfies Record<string, (facts: readonly Fact[], options: MatchOptions) => DocumentCounter>
