/** A table of counts read back is what was written, corpus and odd names included. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CountRow, DEFAULT_MATCH, writeTable } from '../../src/corpus/index.js'
import { readCounts } from '../../src/ingest/index.js'
import { temporaryFolder } from './helpers.js'

/** Names that hold what tables are made of. */
const NAMES = [
  '"Weird Al" Yankovic',
  '"half a quote',
  'a\ttab',
  'two\nlines',
  'carriage\rreturn',
  'back\\slash \\t',
  '# no comment',
  "it's",
  '東京',
  'n\u0303',
  ' space ',
]
const ROWS: readonly CountRow[] = NAMES.map((name, i) => ({
  fact_id: name,
  subject: name,
  object: NAMES[(i + 1) % NAMES.length],
  relation: 'r',
  n_s: i + 2,
  n_o: i + 1,
  n_so: i,
}))
const CORPUS = { documents: 40, bytes: 4_000, match: DEFAULT_MATCH, lost: null }

describe.each(['counts.tsv', 'counts.parquet'])('%s', (name) => {
  it('gives back rows, documents, bytes and match', async () => {
    const path = join(temporaryFolder(), name)
    await writeTable(path, ROWS, CORPUS)
    expect(await readCounts(path)).toEqual({
      counts: ROWS,
      documents: 40,
      contradicted: null,
      bytes: 4_000,
      match: 'boundary',
      lost: null,
    })
  })

  it('tells what damaged files kept back', async () => {
    const path = join(temporaryFolder(), name)
    await writeTable(path, ROWS, { ...CORPUS, lost: { documents: 7, unknown: 2 } })
    expect(await readCounts(path)).toMatchObject({ documents: 40, lost: { documents: 7, isMore: true } })
  })

  it('tells of no corpus where documents were not counted', async () => {
    const path = join(temporaryFolder(), name)
    await writeTable(path, ROWS, null)
    expect(await readCounts(path)).toMatchObject({ documents: null, bytes: null, match: null })
  })
})
