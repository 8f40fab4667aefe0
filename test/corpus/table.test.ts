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
      weighted: false,
    })
  })

  it('tells what damaged files kept back', async () => {
    const path = join(temporaryFolder(), name)
    await writeTable(path, ROWS, { ...CORPUS, lost: { documents: 7, unknown: 2 } })
    expect(await readCounts(path)).toMatchObject({ documents: 40, lost: { documents: 7, isMore: true } })
  })

  it('gives back counts by weight, or the exact ones where they are named', async () => {
    const path = join(temporaryFolder(), name)
    const rows = ROWS.map((row) => ({ ...row, w_s: 2.5 * row.n_s, w_o: 2.5 * row.n_o, w_so: 2.5 * row.n_so }))
    await writeTable(path, rows, { ...CORPUS, weighted: { documents: 100, weights: { web: 2.5 } } })
    const weighted = await readCounts(path)
    expect(weighted).toMatchObject({ documents: 100, weighted: true })
    expect(weighted.counts).toEqual(
      ROWS.map((r, i) => ({ ...r, n_s: 2.5 * r.n_s, n_o: 2.5 * (i + 1), n_so: 2.5 * i })),
    )
    const columns = { n_s: 'n_s', n_o: 'n_o', n_so: 'n_so' }
    expect(await readCounts(path, { columns })).toMatchObject({
      counts: ROWS,
      documents: 40,
      weighted: false,
    })
  })

  it('tells of no corpus where documents were not counted', async () => {
    const path = join(temporaryFolder(), name)
    await writeTable(path, ROWS, null)
    expect(await readCounts(path)).toMatchObject({ documents: null, bytes: null, match: null })
  })
})
