import type { Entities } from '../names/entities.js'
import { EmbeddedCounter } from './counter.js'
import { buildTokenTrie, type TokenTrie } from './token-trie.js'
import { layOutTables, WasmScanner, type WasmTables } from './wasm-scanner.js'

/** Everything that the embedded counters of a process share, on shared memory. */
export interface EmbeddedTables {
  readonly entities: Entities
  readonly trie: TokenTrie
  /** Absent where windows need every occurrence, or the names do not fit into 4 GiB: the plain scanner then runs. */
  readonly wasm: WasmTables | undefined
}

export function buildEmbeddedTables(entities: Entities, threads: number): EmbeddedTables {
  const trie = buildTokenTrie(entities)
  const { match, within } = entities.options
  const wasm = within === null ? layOutTables(trie, match === 'published', threads) : undefined
  return { entities, trie, wasm }
}

/** The counter of one thread, 0 ≤ thread < threads; documents are numbered from after `document`. */
export function createEmbeddedCounter(
  { entities, trie, wasm }: EmbeddedTables,
  thread: number,
  document = 0,
): EmbeddedCounter {
  const scanner = wasm === undefined ? undefined : new WasmScanner(trie, wasm, thread, document)
  return new EmbeddedCounter(entities, trie, scanner, document)
}
