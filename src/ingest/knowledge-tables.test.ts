import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readAnswers, selectReading } from './answers.js'
import { readCounts } from './counts.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-tables-'))
let files = 0

function write(text: string, extension = 'tsv'): string {
  const path = join(folder, `t${++files}.${extension}`)
  writeFileSync(path, text)
  return path
}

const HEADER = 'fact_id\tsubject\tobject\trelation\tn_s\tn_o\tn_so'
const ANSWERS = 'fact_id\tmodel\tparams\tcorrect\ttotal'

describe('counts', () => {
  it.each([
    ['tsv', `${HEADER}\na\tFrance\tParis\tcapital\t5\t4\t3\n`],
    ['csv', '\uFEFFfact_id,subject,object,relation,n_s,n_o,n_so\r\na,France,Paris,capital,5,4,3\r\n'],
    [
      'jsonl',
      '{"fact_id":"a","subject":"France","object":"Paris","relation":"capital","n_s":5,"n_o":4,"n_so":3}\n',
    ],
  ])('are read from .%s', async (extension, text) => {
    const { counts, documents } = await readCounts(write(text, extension))
    expect(counts).toEqual([
      { fact_id: 'a', subject: 'France', object: 'Paris', relation: 'capital', n_s: 5, n_o: 4, n_so: 3 },
    ])
    expect(documents).toBeNull()
  })
  it('keep quoted cells whole, line numbers included', async () => {
    const text =
      'fact_id,subject,object,relation,n_s,n_o,n_so\n"a","Lima, ""the"" city\nof kings",Peru,r,1,1,1\nb,x,y,r,1,1,9\n'
    await expect(readCounts(write(text, 'csv'))).rejects.toMatchObject({
      code: 'table/bad-value',
      place: { line: 4, field: 'n_so' },
    })
  })
  it('find the number of documents in the table or beside it', async () => {
    const row = 'a\ts\to\tr\t1\t1\t1'
    expect((await readCounts(write(`# documents: 12\n${HEADER}\n${row}\n`))).documents).toBe(12)
    expect((await readCounts(write(`${HEADER}\tdocuments\n${row}\t13\n`))).documents).toBe(13)
    const path = write(`${HEADER}\n${row}\n`)
    writeFileSync(path.replace('.tsv', '.json'), '{"schema":"assay/corpus-count@1","documents":14}')
    expect((await readCounts(path)).documents).toBe(14)
  })
  it('refuse more documents with a name than the corpus has, naming the row, wherever its size comes from', async () => {
    const rows = 'a\ts\to\tr\t1\t1\t1\nb\ts\to\tr\t2\t13\t1\n'
    const found = { code: 'table/bad-value', place: { line: 4, field: 'n_o' } }
    await expect(readCounts(write(`# documents: 12\n${HEADER}\n${rows}`))).rejects.toMatchObject(found)
    await expect(readCounts(write(`#\n${HEADER}\n${rows}`), { documents: 12 })).rejects.toMatchObject(found)
    const own = `${HEADER}\tmodel\tdocuments\na\ts\to\tr\t1\t1\t1\tm\t1\nb\ts\to\tr\t2\t13\t1\tm\t12\n`
    await expect(readCounts(write(own))).rejects.toMatchObject({
      code: 'table/bad-value',
      place: { line: 3, field: 'n_o' },
    })
  })
  it('say when a stated number of documents is not that of the table', async () => {
    const path = write(`# documents: 12\n${HEADER}\na\ts\to\tr\t1\t1\t1\n`)
    expect(await readCounts(path, { documents: 20 })).toMatchObject({
      documents: 20,
      contradicted: 'the 20 documents that were given hold, not the 12 that the table tells',
    })
    expect(await readCounts(path, { documents: 12 })).toMatchObject({ documents: 12, contradicted: null })
    const row = 'b\ts\to\tr\t1\t1\t1'
    const own = write(`${HEADER}\tmodel\tdocuments\n${row}\tm1\t5\n${row}\tm2\t9\n`)
    expect(await readCounts(own, { documents: 20 })).toMatchObject({
      documents: 9,
      contradicted: expect.stringContaining('own corpus (at most 9), which hold, not the 20'),
    })
  })
  it('keep the corpus of each model apart', async () => {
    const row = 'a\ts\to\tr\t1\t1\t1'
    const table = await readCounts(write(`${HEADER}\tmodel\tdocuments\n${row}\tm1\t5\n${row}\tm2\t9\n`))
    expect(table.counts.map((c) => c.documents)).toEqual([5, 9])
    expect(table).toMatchObject({ documents: 9, bytes: null, match: null })
  })
  it('take one row a fact and model', async () => {
    const row = 'a\ts\to\tr\t1\t1\t1'
    const { counts } = await readCounts(write(`${HEADER}\tmodel\n${row}\tm1\n${row}\tm2\n`))
    expect(counts.map((c) => c.model)).toEqual(['m1', 'm2'])
    await expect(readCounts(write(`${HEADER}\n${row}\n${row}\n`))).rejects.toMatchObject({
      code: 'table/duplicate',
      place: { line: 3 },
    })
  })
  it('name every bad cell, missing columns, torn rows and empty tables', async () => {
    await expect(readCounts(write(`${HEADER}\na\ts\to\tr\t-1\tx\t1\n`))).rejects.toThrow(/"-1".*\n.*"x"/s)
    await expect(readCounts(write('fact_id\tn_s\na\t1\n'))).rejects.toMatchObject({
      code: 'table/missing-column',
    })
    await expect(readCounts(write(`${HEADER}\na\ts\n`))).rejects.toMatchObject({
      code: 'table/malformed',
      place: { line: 2 },
    })
    await expect(readCounts(write(`${HEADER}\n`))).rejects.toMatchObject({ code: 'table/empty' })
    await expect(readCounts(write('PAR1 this is no parquet', 'parquet'))).rejects.toMatchObject({
      code: 'table/unreadable',
    })
    await expect(readCounts(join(folder, 'absent.tsv'))).rejects.toMatchObject({ code: 'table/unreadable' })
  })
})

describe('answers', () => {
  it('map foreign columns', async () => {
    const path = write('id\tname\tsize\tright\tasked\na\tm\t1k\t3\t4\n')
    const columns = { fact_id: 'id', model: 'name', params: 'size', correct: 'right', total: 'asked' }
    expect(await readAnswers([path], columns)).toEqual([
      { fact_id: 'a', model: 'm', params: 1000, correct: 3, total: 4, reading: null },
    ])
  })
  it('mark rows whose prompt gave the object away', async () => {
    const rows = 'a\tm\t1000\t1\t1\t1\nb\tm\t1000\t1\t1\t0\nc\tm\t1000\t1\t1\t\n'
    const read = await readAnswers([write(`${ANSWERS}\tleak\n${rows}`)])
    expect(read.map((r) => r.leak)).toEqual([true, undefined, undefined])
    await expect(readAnswers([write(`${ANSWERS}\tleak\na\tm\t1000\t1\t1\tperhaps\n`)])).rejects.toMatchObject(
      {
        code: 'table/bad-value',
        place: { line: 2, field: 'leak' },
      },
    )
  })
  it('refuse a model of two sizes across tables, and more right answers than questions', async () => {
    const first = write(`${ANSWERS}\na\tm\t1000\t1\t1\n`)
    await expect(readAnswers([first, write(`${ANSWERS}\nb\tm\t2000\t1\t1\n`)])).rejects.toMatchObject({
      code: 'table/two-sizes',
      place: { line: 2 },
    })
    await expect(readAnswers([write(`${ANSWERS}\na\tm\t1000\t2\t1\n`)])).rejects.toMatchObject({
      code: 'table/bad-value',
    })
    await expect(readAnswers([write(`${ANSWERS}\na\tm\t0\t1\t1\n`)])).rejects.toMatchObject({
      code: 'table/bad-value',
    })
  })
  it('never mix readings', async () => {
    const path = write(`${ANSWERS}\treading\na\tm\t1000\t1\t1\tgeneration\na\tm\t1000\t0\t1\tranking\n`)
    const rows = await readAnswers([path])
    expect(selectReading(rows, undefined, path)).toMatchObject({
      reading: 'ranking',
      left: 1,
      rows: [{ correct: 0 }],
    })
    expect(selectReading(rows, 'generation', path).rows).toMatchObject([{ correct: 1 }])
    expect(() => selectReading(rows, 'sampled', path)).toThrow(/generation, ranking/)
  })
})
