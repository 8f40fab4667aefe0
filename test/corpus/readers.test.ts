import { readFileSync, symlinkSync } from 'node:fs'
import { join, relative as pathRelative } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { globToRegExp } from '../../src/corpus/readers/glob.js'
import { JsonlReader } from '../../src/corpus/readers/jsonl.js'
import { wholeLines } from '../../src/corpus/readers/lines.js'
import { planCorpus, unitBytes } from '../../src/corpus/readers/plan.js'
import { readUnit } from '../../src/corpus/readers/read-unit.js'
import { Enough } from '../../src/corpus/readers/unit.js'
import {
  asciiJsonl,
  copyWithDuckDb,
  count,
  DOCUMENTS,
  EXPECTED,
  jsonl,
  temporaryFolder,
  write,
} from './helpers.js'

async function expectAll(inputs: string[], times = 1): Promise<void> {
  const { counts, documents, result } = await count(inputs)
  expect(result.totals.skipped).toEqual([])
  expect(documents).toBe(times * DOCUMENTS.length)
  expect(counts).toEqual(EXPECTED.map((row) => row.map((n) => n * times)))
}

describe('corpus readers', () => {
  it('read JSONL: raw UTF-8, \\u escapes, CRLF, blank lines, a byte-order mark, no newline at the end', async () => {
    await expectAll([write('a.jsonl', jsonl(DOCUMENTS))])
    await expectAll([write('a.jsonl', asciiJsonl(DOCUMENTS))])
    await expectAll([write('a.jsonl', `\uFEFF${jsonl(DOCUMENTS, '\r\n\r\n')}`)])
    await expectAll([write('a.ndjson', jsonl(DOCUMENTS).trimEnd())])
    await expectAll([write('mixed.jsonl', jsonl(DOCUMENTS) + asciiJsonl(DOCUMENTS))], 2)
  })

  it('read gzip and zstd, concatenated members and frames included', async () => {
    const folder = temporaryFolder()
    const plain = write('a.jsonl', jsonl(DOCUMENTS), folder)
    const zst = await copyWithDuckDb(plain, join(folder, 'a.jsonl.zst'), 'FORMAT json, COMPRESSION zstd')
    await expectAll([zst])
    await expectAll([write('two.jsonl.zst', Buffer.concat([readFileSync(zst), readFileSync(zst)]))], 2)
    const gz = gzipSync(jsonl(DOCUMENTS))
    await expectAll([write('a.jsonl.gz', gz)])
    await expectAll([write('two.jsonl.gz', Buffer.concat([gz, gz]))], 2)
  })

  it.each(['zstd', 'snappy', 'gzip', 'brotli', 'lz4_raw', 'uncompressed'])(
    'read Parquet with %s',
    async (codec) => {
      const folder = temporaryFolder()
      const plain = write('a.jsonl', jsonl(DOCUMENTS), folder)
      await expectAll([
        await copyWithDuckDb(plain, join(folder, 'a.parquet'), `FORMAT parquet, COMPRESSION ${codec}`),
      ])
    },
  )

  it('read Parquet of several row groups, in pieces that together hold every row once', async () => {
    const folder = temporaryFolder()
    const many = Array.from({ length: 5000 }, (_, i) => (i % 5 === 0 ? `Paris ${i}` : `w ${i}`))
    const plain = write('a.jsonl', jsonl(many), folder)
    const path = await copyWithDuckDb(plain, join(folder, 'a.parquet'), 'FORMAT parquet, ROW_GROUP_SIZE 2048')
    const { documents, counts } = await count([path])
    expect(documents).toBe(5000)
    expect(counts[0]).toEqual([0, 1000, 0])
    // Who wants nothing more gets nothing of the further row groups.
    const { units } = await planCorpus([path], { format: 'auto', textDocument: 'line' }, true)
    let read = 0
    const sink = {
      document() {
        read++
        throw new Enough()
      },
      skip() {},
      lose() {},
    }
    const reading = readUnit(units[0]!, { column: 'text', textDocument: 'line' }, sink)
    await expect(reading).rejects.toBeInstanceOf(Enough)
    expect(read).toBe(1)
  })

  it('read text by line, paragraph and file', async () => {
    const path = write('a.txt', 'Paris\r\nFrance\n\n  \nParis in France')
    const rows = async (textDocument: 'line' | 'paragraph' | 'file') => {
      const { documents, counts } = await count([path], { textDocument })
      return [documents, ...counts[0]!]
    }
    expect(await rows('line')).toEqual([3, 2, 2, 1])
    expect(await rows('paragraph')).toEqual([2, 2, 2, 2])
    expect(await rows('file')).toEqual([1, 1, 1, 1])
  })

  it('know a format by its content where the name says nothing', async () => {
    const folder = temporaryFolder()
    const plain = write('a.jsonl', jsonl(DOCUMENTS), folder)
    const parquet = await copyWithDuckDb(plain, join(folder, 'a.parquet'), 'FORMAT parquet')
    await expectAll([write('data', readFileSync(parquet))])
    await expectAll([write('data', jsonl(DOCUMENTS))])
    await expectAll([write('data', gzipSync(jsonl(DOCUMENTS)))])
  })

  it('expand folders and globs, and take a file named twice once', async () => {
    const folder = temporaryFolder()
    write('a.jsonl', jsonl(DOCUMENTS), folder)
    write('b.jsonl', jsonl(DOCUMENTS), folder)
    await expectAll([folder], 2)
    await expectAll([join(folder, '*.jsonl')], 2)
    await expectAll([join(folder, 'a.jsonl'), join(folder, '{a,b}.jsonl')], 2)
    await expect(count([join(folder, '*.parquet')])).rejects.toMatchObject({ code: 'corpus/no-input' })
    await expect(count([join(folder, 'none.jsonl')])).rejects.toMatchObject({ code: 'corpus/unreadable' })
  })

  it('take a file once, however it is spelled, and say so', async () => {
    const folder = temporaryFolder()
    const path = write('a.jsonl', jsonl(DOCUMENTS), folder)
    symlinkSync(path, join(folder, 'link.jsonl'))
    const relative = pathRelative('.', path)
    const spellings = [path, relative, `./${relative}`, `${folder}/./a.jsonl`, join(folder, 'link.jsonl')]
    await expectAll(spellings)
    await expectAll(spellings.toReversed())
    const { result } = await count(spellings)
    expect(result.files).toBe(1)
    expect(result.notes).toEqual([
      `${path} is named 5 times (also as ${spellings.slice(1).join(', ')}) and counted once`,
    ])
    // The unit is the first spelling's, so that a checkpoint of the same command finds it again.
    expect(result.units.map(({ path }) => path)).toEqual([path])
    expect((await count(spellings.toReversed())).result.units.map(({ path }) => path)).toEqual([
      spellings.at(-1),
    ])
    write('b.jsonl', jsonl(DOCUMENTS), folder)
    await expectAll([folder, join(folder, '*.jsonl')], 2)
    const link = join(folder, 'link.jsonl')
    const twice = await count([folder, join(folder, '[ab].jsonl')])
    expect(twice.result.notes).toEqual([
      `${path} is named 3 times (also as ${link}) and counted once; so is 1 more file`,
    ])
    expect((await count([folder])).result.notes).toEqual([
      `${path} is named 2 times (also as ${link}) and counted once`,
    ])
  })

  it('follow the links of a folder, as a download cache makes them', async () => {
    const cache = temporaryFolder()
    const snapshot = temporaryFolder()
    symlinkSync(write('blob', jsonl(DOCUMENTS), cache), join(snapshot, 'part-0.jsonl'))
    await expectAll([snapshot])
  })

  it('find the text under another name', async () => {
    const path = write('a.jsonl', '{"content": "Paris"}\n{"content": "France"}\n')
    expect((await count([path], { column: 'content' })).counts[0]).toEqual([1, 1, 0])
    const accented = write('a.jsonl', '{"texte\u00e9": "Paris"}\n')
    expect((await count([accented], { column: 'texte\u00e9' })).counts[0]).toEqual([0, 1, 0])
  })

  it('find the text inside structs and lists', async () => {
    const folder = temporaryFolder()
    const rows = DOCUMENTS.map((content, id) => ({
      id,
      meta: { content, parts: content.split(' ') },
      say: [{ content }],
    }))
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    const plain = write('a.jsonl', lines, folder)
    const parquet = await copyWithDuckDb(plain, join(folder, 'a.parquet'), 'FORMAT parquet, COMPRESSION zstd')
    for (const path of [plain, write('b.jsonl', asciiJsonl([]) + lines), parquet])
      for (const column of ['meta.content', 'meta.parts', 'say.content']) {
        const { counts, documents, result } = await count([path], { column })
        const list = { reason: 'the text is a list of strings, joined by line breaks', kept: true }
        expect(result.totals.skipped).toMatchObject(column === 'meta.parts' ? [list] : [])
        expect([column, documents, counts]).toEqual([column, DOCUMENTS.length, EXPECTED])
      }
    await expect(count([parquet], { column: 'meta', strict: true })).rejects.toMatchObject({
      message: 'the column "meta" is a struct; name a field of it: "meta.content", "meta.parts"',
    })
    const dotted = write(
      'a.jsonl',
      '{"meta.content": "Paris", "meta": {"content": "x"}}\n{"meta": {"content": null}}\n',
    )
    const { counts, result } = await count([dotted], { column: 'meta.content' })
    expect(counts[0]).toEqual([0, 1, 0])
    expect(result.totals.skipped).toMatchObject([{ reason: 'the field "meta.content" is not a string' }])
  })

  it('cut a file anywhere and give every line to one piece', async () => {
    const lines = fc.array(fc.constantFrom('a', 'bb', '', 'ccc é', 'dddddddddd'), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        async (list, ends, cuts, blockBytes) => {
          const bytes = Buffer.from(list.join('\n') + (ends ? '\n' : ''))
          const marks = [
            0,
            ...[...new Set(cuts)].filter((c) => c < bytes.length).sort((a, b) => a - b),
            bytes.length,
          ]
          const found: Buffer[] = []
          for (let i = 0; i + 1 < marks.length; i++) {
            const start = Math.max(0, marks[i]! - 1)
            const limit = i + 2 === marks.length ? Number.POSITIVE_INFINITY : marks[i + 1]! - start
            const blocks = (async function* () {
              for (let at = start; at < bytes.length; at += blockBytes)
                yield bytes.subarray(at, at + blockBytes)
            })()
            for await (const block of wholeLines(blocks, limit, marks[i]! > 0)) {
              // Each block begins and ends at a line.
              found.push(Buffer.from(block.bytes.subarray(0, block.end)))
            }
          }
          expect(Buffer.concat(found).toString()).toBe(bytes.toString())
        },
      ),
      { numRuns: 500 },
    )
  })

  it('size units by the corpus alone', () => {
    expect(unitBytes(0)).toBe(16 * 2 ** 20)
    expect(unitBytes(10e12)).toBe(2 ** 30)
    // 1 TB / 4096 = 244 MB; the next power of two is 2^28.
    expect(unitBytes(1e12)).toBe(2 ** 28)
  })

  it('match keys of an object store as a shell would', () => {
    expect(globToRegExp('s3://b/a/*.parquet').test('s3://b/a/x.parquet')).toBe(true)
    expect(globToRegExp('s3://b/a/*.parquet').test('s3://b/a/c/x.parquet')).toBe(false)
    expect(globToRegExp('s3://b/**/*.parquet').test('s3://b/a/c/x.parquet')).toBe(true)
    expect(globToRegExp('s3://b/**/*.parquet').test('s3://b/x.parquet')).toBe(true)
    expect(globToRegExp('s3://b/x-[0-3]{a,b}.gz').test('s3://b/x-2b.gz')).toBe(true)
    expect(globToRegExp('s3://b/x-[!0-3]?.gz').test('s3://b/x-2b.gz')).toBe(false)
  })

  it('read lines of JSON as JSON.parse does, fields of the name elsewhere, escapes and damage included', () => {
    const strings = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('"', '\\', '\n', '\u0001', 'a', '\ud83d', '\ude00', 'é', ':', '{', '}'),
      }),
      fc.constantFrom('text', '"text"', '"text": "x"', '', 'a longer string of more than sixteen bytes'),
    )
    const values = fc.oneof(
      strings,
      fc.integer(),
      fc.constant(null),
      fc.array(strings),
      fc.record({ text: strings }),
    )
    const keys = fc.constantFrom('text', 'id', 'meta', 'te\u0078t', 'a"text', '__proto__')
    const parts = fc.array(fc.tuple(keys, fc.oneof({ weight: 3, arbitrary: strings }, values)), {
      maxLength: 4,
    })
    const spaces = fc.constantFrom('', ' ', '\t ')
    const styles = fc.constantFrom<(json: string) => string>(
      (json) => json,
      (json) =>
        json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
      (json) => json.replace(/x/g, '\\u0078'),
    )
    const line = fc
      .tuple(
        parts,
        spaces,
        styles,
        fc.option(fc.tuple(fc.nat(), fc.constantFrom('', '"', '\\', '}', '\u0002'))),
      )
      .map(([fields, space, style, damage]) => {
        const json = (value: unknown): string => style(JSON.stringify(value))
        const body = fields
          .map(([key, value]) => `${json(key)}${space}:${space}${json(value)}`)
          .join(`${space},`)
        const whole = Buffer.from(`{${space}${body}}${space}`).toString()
        if (damage === null) return whole
        const at = damage[0] % whole.length
        return whole.slice(0, at) + damage[1] + whole.slice(at + 1)
      })
    const plain = (json: string): string | undefined => {
      try {
        const text: unknown = JSON.parse(json).text
        const list = Array.isArray(text) && text.length > 0 ? text : [text]
        return list.every((part) => typeof part === 'string') ? list.join('\n') : undefined
      } catch {
        return undefined
      }
    }
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        const found: string[] = []
        const reader = new JsonlReader('text', {
          document: (bytes, begin, end) => found.push(Buffer.from(bytes.subarray(begin, end)).toString()),
          skip: () => {},
          lose: () => {},
        })
        // Damage may leave half a surrogate pair, which no bytes hold.
        const bytes = Buffer.from(lines.join('\n'))
        reader.read({ bytes, end: bytes.length })
        const expected = bytes.toString().split('\n').map(plain)
        expect(found).toEqual(
          expected.flatMap((text) => (text === undefined ? [] : Buffer.from(text).toString())),
        )
      }),
      { numRuns: 400, seed: 17 },
    )
  })
})
