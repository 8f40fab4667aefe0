import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { writeTable } from '../../src/corpus/index.js'
import { lostIn, mostEmpty } from '../../src/corpus/readers/unit.js'
import {
  copyWithDuckDb,
  count,
  DOCUMENTS,
  EXPECTED,
  jsonl,
  mergeParts,
  temporaryFolder,
  write,
  writePart,
} from './helpers.js'

const MANY = Array.from({ length: 20_000 }, (_, i) => `Paris ${i} ${(i * 2654435761) % 1e9}`)

describe('a corpus with faults', () => {
  it('skips bad documents with reasons and first places', async () => {
    const path = write(
      'a.jsonl',
      `${jsonl(DOCUMENTS)}{"text": 3}\n{"id": 1}\nnot json\n[1]\n{"text": null}\nalso not\n`,
    )
    const { counts, documents, result } = await count([path])
    expect(documents).toBe(DOCUMENTS.length)
    expect(counts).toEqual(EXPECTED)
    expect(result.totals.skipped).toMatchObject([
      { path, reason: 'the field "text" is not a string', documents: 2, where: 'line 7' },
      { path, reason: 'there is no field "text"', documents: 1, where: 'line 8' },
      { path, documents: 1, where: 'line 9' },
      { path, reason: 'the line is not a JSON object', documents: 1, where: 'line 10' },
      { path, documents: 1, where: 'line 12' },
    ])
  })

  it('stops at them with strict, naming the place', async () => {
    const path = write('a.jsonl', `${jsonl(DOCUMENTS)}{"text": 3}\n`)
    await expect(count([path], { strict: true })).rejects.toMatchObject({
      code: 'corpus/bad-document',
      place: { path },
      message: expect.stringContaining('line 7'),
    })
  })

  it('counts what comes before a break in gzip and zstd and tells the break', async () => {
    const folder = temporaryFolder()
    const plain = write('a.jsonl', jsonl(MANY), folder)
    const zst = await copyWithDuckDb(plain, join(folder, 'a.jsonl.zst'), 'FORMAT json, COMPRESSION zstd')
    const gz = write('b.jsonl.gz', gzipSync(jsonl(MANY)))
    for (const path of [zst, gz]) {
      const whole = readFileSync(path)
      const cut = write(`cut-${path.split('/').pop()}`, whole.subarray(0, whole.length >> 1))
      const { result, documents } = await count([cut])
      expect(documents).toBeGreaterThan(0)
      expect(documents).toBeLessThan(MANY.length)
      expect(result.totals.skipped).toMatchObject([
        { path: cut, documents: null, where: `after ${documents} documents` },
      ])
      await expect(count([cut], { strict: true })).rejects.toMatchObject({
        code: 'corpus/unreadable',
        place: { path: cut },
      })
    }
  })

  it('reads all that a gzip file holds before the byte that breaks it', async () => {
    const some = MANY.slice(0, 300)
    const gz = gzipSync(jsonl(some))
    const wrongSum = Buffer.from(gz)
    wrongSum.fill(0x5a, gz.length - 8, gz.length - 4)
    for (const [bytes, reason] of [
      [Buffer.concat([gz, Buffer.from('no gzip')]), 'bytes that are no gzip follow the data'],
      [Buffer.concat([gz, Buffer.alloc(1000), gz]), 'bytes that are no gzip follow the data'],
      [Buffer.concat([gz, gz.subarray(0, 1)]), 'a byte that is no gzip follows the data'],
      [wrongSum, 'the gzip data are damaged: incorrect data check'],
      [gz.subarray(0, -9), 'the gzip data break off'],
    ] as const) {
      const path = write('a.jsonl.gz', bytes)
      const { documents, result } = await count([path])
      expect(documents, reason).toBeGreaterThanOrEqual(some.length - (bytes.length < gz.length ? 1 : 0))
      expect(result.totals.skipped).toMatchObject([{ path, reason, documents: null, broken: true }])
    }
    const { documents, result } = await count([write('a.jsonl.gz', Buffer.concat([gz, Buffer.alloc(1e5)]))])
    expect([documents, result.totals.skipped]).toEqual([some.length, []])
    await expect(count([write('b.jsonl.gz', jsonl(some))])).rejects.toMatchObject({
      code: 'corpus/no-documents',
      message: expect.stringContaining('is no gzip'),
    })
  })

  it('goes on with the next row group after a damaged page, and counts what was lost', async () => {
    const folder = temporaryFolder()
    const plain = write('a.jsonl', jsonl(MANY), folder)
    const path = await copyWithDuckDb(
      plain,
      join(folder, 'a.parquet'),
      'FORMAT parquet, ROW_GROUP_SIZE 4096, COMPRESSION zstd',
    )
    const bytes = readFileSync(path)
    // 20,000 rows in five groups; the middle of the file lies in the third.
    const middle = bytes.length >> 1
    bytes.fill(0x5a, middle - 200, middle + 200)
    const damaged = write('damaged.parquet', bytes)
    const { counts, documents, result } = await count([damaged])
    const lost = MANY.length - documents
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThanOrEqual(4096)
    expect(counts[0]).toEqual([0, documents, 0])
    expect(result.totals.skipped).toMatchObject([
      { path: damaged, documents: lost, broken: true, where: expect.stringMatching(/^row group 2, rows/) },
    ])
    expect(lostIn(result.totals.skipped)).toEqual({ documents: lost, unknown: 0 })
    await expect(count([damaged], { strict: true })).rejects.toMatchObject({ code: 'corpus/unreadable' })
  })

  it('goes on after corrupt files of every kind', async () => {
    const folder = temporaryFolder()
    const good = write('good.jsonl', jsonl(DOCUMENTS), folder)
    const parquet = readFileSync(
      await copyWithDuckDb(good, join(temporaryFolder(), 'a.parquet'), 'FORMAT parquet, COMPRESSION zstd'),
    )
    const garbage = Buffer.from('this is no such format at all, and it goes on for a while')
    write('cut.parquet', parquet.subarray(0, parquet.length - 20), folder)
    write('garbage.parquet', garbage, folder)
    write('garbage.jsonl.gz', garbage, folder)
    write('garbage.jsonl.zst', garbage, folder)
    write('empty.jsonl', '', folder)
    const damaged = Buffer.from(parquet)
    // The last 8 bytes tell how long the footer is; all data before it go, the footer stays.
    damaged.fill(0x5a, 4, damaged.length - 8 - damaged.readUInt32LE(damaged.length - 8))
    write('damaged.parquet', damaged, folder)
    const { counts, documents, result } = await count([folder])
    expect(documents).toBe(DOCUMENTS.length)
    expect(counts).toEqual(EXPECTED)
    const names = result.totals.skipped.map((entry) => entry.path.split('/').pop())
    expect(names.sort()).toEqual([
      'cut.parquet',
      'damaged.parquet',
      'garbage.jsonl.gz',
      'garbage.jsonl.zst',
      'garbage.parquet',
    ])
  })

  it('says what UTF-16, binary and empty files are', async () => {
    const folder = temporaryFolder()
    const good = write('good.jsonl', jsonl(DOCUMENTS), folder)
    const utf16 = write('a.txt', Buffer.from('\uFEFFParis is in France.', 'utf16le'), folder)
    const binary = write('blob', Buffer.from('abc\0def'), folder)
    const empty = write('a.parquet', '', folder)
    const { counts, result } = await count([good, utf16, binary, empty])
    expect(counts).toEqual(EXPECTED)
    const reasons = new Map(result.totals.skipped.map((s) => [s.path, s.reason]))
    expect(reasons.get(utf16)).toContain('UTF-16')
    expect(reasons.get(binary)).toContain('binary')
    expect(reasons.get(empty)).toBe('the file is empty')
    const pipe = join(folder, 'pipe.jsonl')
    spawnSync('mkfifo', [pipe])
    await expect(count([pipe])).rejects.toMatchObject({
      code: 'corpus/unreadable',
      message: expect.stringContaining('it is a pipe'),
    })
    await expect(count(['gs://bucket/a.jsonl'])).rejects.toMatchObject({
      code: 'corpus/no-input',
      message: expect.stringContaining('gs://'),
    })
  })

  it.each([
    ['UTF-16 without a mark', Buffer.from('Paris is in France.', 'utf16le'), 'UTF-16LE'],
    ['UTF-16, big end first', Buffer.from('Paris is in France.', 'utf16le').swap16(), 'UTF-16BE'],
    ['UTF-32', Buffer.concat(Array.from('Paris', (c) => Buffer.from(`${c}\0\0\0`))), 'UTF-32'],
    ['a PDF', Buffer.from('%PDF-1.7\nParis'), 'pdftotext'],
    [
      'noise',
      Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 7919 + i * 104729) >> 5)),
      'begin no',
    ],
    ['Parquet', Buffer.from('PAR1\x15'), '.parquet'],
    ['a web archive', Buffer.from('WARC/1.0\r\nWARC-Type: warcinfo\r\n'), 'warcio'],
    ['an LZ4 archive', Buffer.from('\x04"M\x18d@\xa7\0\0', 'latin1'), 'unpack it'],
    [
      'objects over several lines',
      Buffer.from('{\n "text": "Paris"\n}\n{\n "text": "Paris"\n}\n'),
      'jq -c .',
    ],
    ['a cut-off object over several lines', Buffer.from('{\n "text": "Paris'), 'cut off'],
    ['a JSON array', Buffer.from('[{"text":"Paris"},\n {"text":"France"}]'), "jq -c '.[]'"],
  ])('%s is no JSON Lines, and says so', async (_, bytes, why) => {
    const folder = temporaryFolder()
    const good = write('good.jsonl', jsonl(DOCUMENTS), folder)
    const other = write('other.jsonl', bytes, folder)
    const { counts, result } = await count([good, other])
    expect(counts).toEqual(EXPECTED)
    expect(result.totals.skipped).toMatchObject([{ path: other, broken: true, documents: null }])
    expect(result.totals.skipped[0].reason).toContain(why)
    await expect(count([other])).rejects.toMatchObject({ code: 'corpus/no-documents' })
    await expect(count([good, other], { strict: true })).rejects.toMatchObject({ code: 'corpus/unreadable' })
  })

  it('one object over several lines is one record, of whatever size', async () => {
    const spread = (value: object) => JSON.stringify(value, null, 2)
    const filler = Array.from({ length: 9000 }, (_, i) => `${i} and so on`)
    const files = DOCUMENTS.map((text, i) =>
      write(`${i}.json`, `\ufeff\n${spread({ meta: { filler: i === 0 ? filler : [] }, text })}\n`),
    )
    const { counts } = await count(files)
    expect(counts).toEqual(EXPECTED)
    // What describes a data set beside its texts is one record that has none.
    const { result } = await count([
      ...files,
      write('dataset_info.json', spread({ splits: { train: 5, test: 6 } })),
    ])
    expect(result.totals.skipped).toMatchObject([{ documents: 1, reason: 'there is no field "text"' }])
  })

  it('single bytes that are no text leave a file text', async () => {
    const lines = Buffer.from(
      ['a\0b', 'Paris \xff in France', 'caf\xe9', ...DOCUMENTS.slice(1, 2)].join('\n'),
      'latin1',
    )
    const { result, counts } = await count([write('a.txt', lines)])
    expect(result.totals.tally.documents).toBe(4)
    expect(counts[0]).toEqual([2, 1, 1])
  })

  it('a corpus of empty texts is none, and says so of one that is mostly empty', async () => {
    const empty = write('a.jsonl', jsonl(['', '']))
    await expect(count([empty])).rejects.toMatchObject({
      code: 'corpus/no-documents',
      message: '2 documents have no text at all',
      fix: expect.stringContaining('--columns text=NAME'),
    })
    const { result } = await count([write('b.jsonl', jsonl(['Paris', '', '']))])
    expect(result.totals.skipped).toMatchObject([{ documents: 2, where: 'document 2', kept: true }])
    expect(mostEmpty(3, result.totals.skipped)).toBe(2)
  })

  it('refuses places that cannot be written to, in words', async () => {
    const folder = temporaryFolder()
    const file = write('file', 'x', folder)
    const { rows } = await count([write('a.jsonl', jsonl(DOCUMENTS), folder)])
    for (const path of [join(file, 'a.tsv'), join(file, 'deep', 'a.parquet')])
      await expect(writeTable(path, rows, null)).rejects.toMatchObject({ code: 'corpus/cannot-write' })
    // /proc takes no folders and says that they do not exist, which a recursive mkdir of Node takes for a missing parent.
    if (existsSync('/proc/self'))
      await expect(writeTable('/proc/assay/a.tsv', rows, null)).rejects.toMatchObject({
        code: 'corpus/cannot-write',
      })
    expect(readdirSync(folder).filter((name) => name.includes('draft'))).toEqual([])
  })

  it('refuses shards that are files, renamed or damaged', async () => {
    const folder = `${temporaryFolder()}/`
    const corpus = write('a.jsonl', jsonl(DOCUMENTS))
    for (let index = 0; index < 2; index++) {
      const shard = { index, of: 2 }
      const { result } = await count([corpus], { shard })
      await writePart(folder, shard, result)
    }
    const [first, second] = readdirSync(folder).map((name) => join(folder, name))
    const disagree = { code: 'corpus/parts-disagree' }
    await expect(mergeParts(first)).rejects.toMatchObject(disagree)
    const whole = readFileSync(second)
    writeFileSync(second, readFileSync(first))
    await expect(mergeParts(folder)).rejects.toMatchObject({
      ...disagree,
      message: 'it holds shard 0, its name says 1',
    })
    for (const bytes of [whole.subarray(0, 40), gzipSync('{}'), new Uint8Array(0)]) {
      writeFileSync(second, bytes)
      await expect(mergeParts(folder)).rejects.toMatchObject({ code: 'corpus/bad-part' })
    }
  })

  it('names the columns where the text column is missing', async () => {
    const folder = temporaryFolder()
    const plain = write('a.jsonl', jsonl(DOCUMENTS), folder)
    const path = await copyWithDuckDb(plain, join(folder, 'a.parquet'), 'FORMAT parquet')
    await expect(count([path], { column: 'content', strict: true })).rejects.toMatchObject({
      code: 'corpus/unreadable',
      message: 'there is no column "content"; the columns are "id", "text"',
    })
  })

  it('gives no counts where no document could be read', async () => {
    const path = write('a.jsonl', '{"content": "Paris"}\n')
    await expect(count([path])).rejects.toMatchObject({ code: 'corpus/no-documents' })
  })
})
