import { expect, it } from 'vitest'
import { EmbeddedCounter } from '../../src/corpus/embedded/counter.js'
import { buildEmbeddedTables, createEmbeddedCounter } from '../../src/corpus/embedded/create.js'
import { PlainScanner } from '../../src/corpus/embedded/scanner.js'
import { nextDocument } from '../../src/corpus/embedded/stamps.js'
import { buildTokenTrie } from '../../src/corpus/embedded/token-trie.js'
import { WasmScanner } from '../../src/corpus/embedded/wasm-scanner.js'
import { resolveEntities } from '../../src/corpus/names/entities.js'
import { DEFAULT_MATCH, type MatchOptions } from '../../src/corpus/names/match.js'
import { fact } from './helpers.js'

const FACTS = [{ ...fact('France', 'Paris'), subject_aliases: ['Frankreich'] }, fact('++', 'Lima')]
/** What a document holds twice counts once; the second and third hold what the first does, and less. */
const DOCUMENTS = ['Paris in France, Frankreich ++ ++', 'Paris, Paris in France', 'Lima ++', 'Paris']
/** Per round of DOCUMENTS, by hand: n_s and n_o of each fact, then both. */
const ROUND = { France: 2, Paris: 3, '++': 2, Lima: 1, both: [2, 1] }
const ROUNDS = 3

const LAST_INT32 = 2 ** 31 - 1
/** Before, at and after each border at which a number of 32 bits has no next one. */
const STARTS = [0, LAST_INT32 - 2, LAST_INT32 - 1, LAST_INT32]

const RULES: readonly MatchOptions[] = [DEFAULT_MATCH, { ...DEFAULT_MATCH, within: 100 }]

it.each(STARTS.flatMap((start) => RULES.map((match) => ({ start, within: match.within, match }))))(
  'what was counted stays exact when the documents of a thread go on from number $start, window $within',
  ({ start, match }) => {
    const entities = resolveEntities(FACTS, match)
    const trie = buildTokenTrie(entities)
    const counters = [
      createEmbeddedCounter(buildEmbeddedTables(entities, 1), 0, start),
      new EmbeddedCounter(entities, trie, new PlainScanner(trie, false), start),
    ]
    for (const counter of counters) {
      for (let round = 0; round < ROUNDS; round++)
        for (const text of DOCUMENTS) {
          const bytes = Buffer.from(text)
          counter.count(bytes, 0, bytes.length)
        }
      const { documents, ofEntity, ofPair } = counter.take()
      const [france, plus] = [0, 1].map((i) => ofEntity[entities.subjectOf[i]!])
      const [paris, lima] = [0, 1].map((i) => ofEntity[entities.objectOf[i]!])
      const times = (n: number) => ROUNDS * n
      expect(documents).toBe(times(DOCUMENTS.length))
      expect([france, paris, plus, lima]).toEqual(
        [ROUND.France, ROUND.Paris, ROUND['++'], ROUND.Lima].map(times),
      )
      expect([0, 1].map((i) => ofPair[entities.pairOf[i]!])).toEqual(ROUND.both.map(times))
    }
  },
)

it('the scanner in WebAssembly tells a spelling once a document where its numbers begin anew', () => {
  const entities = resolveEntities(FACTS, DEFAULT_MATCH)
  const { trie, wasm } = buildEmbeddedTables(entities, 1)
  const scanner = new WasmScanner(trie, wasm!, 0, LAST_INT32 - 1)
  const bytes = Buffer.from('Paris, Paris')
  for (let document = 0; document < 4; document++) {
    let hits = 0
    scanner.scan(bytes, 0, bytes.length, () => hits++)
    expect(hits).toBe(1)
  }
})

it('no stamp of the numbers before stays', () => {
  const stamps = Int32Array.of(1, 2, LAST_INT32)
  expect(nextDocument(LAST_INT32 - 1, stamps)).toBe(LAST_INT32)
  expect([...stamps]).toEqual([1, 2, LAST_INT32])
  expect(nextDocument(LAST_INT32, stamps)).toBe(1)
  expect([...stamps]).toEqual([0, 0, 0])
})
