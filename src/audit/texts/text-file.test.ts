import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zstd } from '../../../test/logs/zstd.js'
import { createRandom } from '../../core/index.js'
import { decodeText } from './decode.js'
import { PassageCutter, passagesOf } from './passages.js'
import { noteReading, samplePassages } from './sample.js'
import { TextFile } from './text-file.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-text-file-'))
let made = 0

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, `${made++}-${name}`)
  writeFileSync(path, content)
  return path
}

interface Read {
  readonly documents: readonly (readonly [place: string, text: string])[]
  readonly what: string
  readonly leftOut: TextFile['leftOut']
}

async function read(path: string, column?: string): Promise<Read> {
  const source = await TextFile.open(path, column)
  const documents: [string, string][] = []
  for await (const { place, parts } of source.documents()) {
    let text = ''
    for await (const part of parts) text += part
    documents.push([place, text])
  }
  return { documents, what: source.what, leftOut: source.leftOut }
}

describe('records', () => {
  const two = [
    [':1', 'Guten Tag'],
    [':2', 'a\nb'],
  ]

  it.each([
    ['text', '{"id": 1, "text": "Guten Tag"}\n{"id": 2, "text": "a\\nb"}\n'],
    ['content', '{"content": "Guten Tag"}\n{"content": "a\\nb"}'],
    [
      'messages',
      '{"messages": [{"role": "user", "content": "Guten Tag"}]}\n{"messages": [{"content": "a\\nb"}]}\n',
    ],
  ])('of JSON Lines by their %s, one document each', async (field, content) => {
    const { documents, what } = await read(file('a.jsonl', content))
    expect(documents).toEqual(two)
    expect(what).toBe(`JSON Lines, 2 records, field "${field}"`)
  })

  it.each([
    ['gzip', 'a.jsonl.gz', gzipSync],
    ['Zstandard', 'a.jsonl.zst', zstd],
    ['a name that says nothing', 'a.txt', (b: Buffer) => b],
    ['UTF-16 without a mark', 'a.jsonl', (b: Buffer) => Buffer.from(b.toString(), 'utf16le')],
    ['a byte-order mark', 'a.jsonl', (b: Buffer) => Buffer.concat([Buffer.from('\ufeff'), b])],
  ] as const)('are found behind %s', async (_, name, pack) => {
    const plain = Buffer.from('{"text": "Guten Tag"}\n{"text": "a\\nb"}\n')
    expect((await read(file(name, pack(plain)))).documents).toEqual(two)
  })

  it('of a conversation are what was said, without roles; parts of a message count', async () => {
    const messages = [
      { role: 'user', content: 'Hello' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image', url: 'x' },
        ],
      },
    ]
    const { documents } = await read(file('a.jsonl', `${JSON.stringify({ messages })}\n`))
    expect(documents).toEqual([[':1', 'Hello\n\nHi']])
  })

  it.each([
    ['a list', '[{"text": "x"}, {"text": "y"}]'],
    ['a list under a member', '{"version": 1, "data": [{"text": "x"}, {"text": "y"}]}'],
  ])('of JSON in %s', async (_, content) => {
    expect((await read(file('a.json', content))).documents).toEqual([
      ['[1]', 'x'],
      ['[2]', 'y'],
    ])
  })

  it('of JSON Lines called .json', async () => {
    const { documents } = await read(file('a.json', '{"text": "x"}\n{"text": "y"}\n'))
    expect(documents.map(([, text]) => text)).toEqual(['x', 'y'])
  })

  it('of a table by their column, quotes and line ends undone', async () => {
    const { documents, what } = await read(file('a.csv', 'id,text\n#0,"one, ""two""\nthree"\n1,four\n'))
    expect(documents).toEqual([
      [':2', 'one, "two"\nthree'],
      [':4', 'four'],
    ])
    expect(what).toBe('a table, 2 records, field "text"')
  })

  it('of Parquet by their column, empty ones left out', async () => {
    const path = join(folder, 'a.parquet')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(
      `COPY (SELECT * FROM (VALUES (1, 'Guten Tag'), (2, NULL), (3, 'é')) t(id, content)) TO '${path}' (FORMAT parquet)`,
    )
    connection.closeSync()
    const { documents, what, leftOut } = await read(path)
    expect(documents).toEqual([
      ['[1]', 'Guten Tag'],
      ['[3]', 'é'],
    ])
    expect(what).toBe('Parquet, 2 records, field "content"')
    expect(leftOut).toEqual([{ reason: 'the field "content" holds no text', count: 1, first: '[2]' }])
    await expect(read(path, 'id')).rejects.toMatchObject({ code: 'audit/broken-text' })
    await expect(read(path, 'body')).rejects.toMatchObject({ code: 'audit/no-text-field' })
  })

  it('by the field that the user names', async () => {
    const jsonl = file('a.jsonl', '{"text": "no", "body": "yes"}\n')
    expect((await read(jsonl, 'body')).documents).toEqual([[':1', 'yes']])
    await expect(read(jsonl, 'corpus')).rejects.toMatchObject({
      code: 'audit/no-text-field',
      place: { line: 1 },
      message: 'found "text", "body", expected corpus',
    })
  })

  it('without a known field are refused, the fields named', async () => {
    await expect(read(file('a.csv', 'id,body\n1,x\n'))).rejects.toMatchObject({
      code: 'audit/no-text-field',
      message: 'found "id", "body", expected text, content, messages',
      fix: expect.stringContaining('--columns text='),
    })
  })

  it('without text are left out and counted, the first place named', async () => {
    const { documents, leftOut } = await read(
      file('a.jsonl', '{"text": "x"}\n{"text": null}\nbroken\n{"text": ""}\n{"text": 3}\n'),
    )
    expect(documents).toEqual([[':1', 'x']])
    expect(leftOut).toEqual([
      { reason: 'the field "text" holds no text', count: 2, first: ':2' },
      { reason: 'the line is no JSON object', count: 1, first: ':3' },
      { reason: 'the record is empty', count: 1, first: ':4' },
    ])
  })

  it.each([
    ['JSON Lines most of which are none', 'a.jsonl', '{"text": "x"}\nx\ny\n', { line: 2 }],
    ['a table with a quote that never closes', 'a.csv', 'id,text\n1,x\n2,"y\n', { line: 3 }],
    ['a table with a row too short', 'a.csv', 'id,text\n1\n', { line: 2 }],
    ['JSON that stops', 'a.json', '[{"text": "x"}, {"te', {}],
    ['an archive that stops', 'a.txt.gz', gzipSync(Buffer.from('text '.repeat(5000))).subarray(0, 40), {}],
  ])('of %s are refused', async (_, name, content, place) => {
    const path = file(name, content)
    await expect(read(path)).rejects.toMatchObject({ code: 'audit/broken-text', place: { path, ...place } })
  })
})

describe('a document', () => {
  it('of HTML is what a browser shows', async () => {
    const page = `<!doctype html><html><head><title>no</title><style>p{}</style></head>
<body><h1>Head</h1><p>One <b>bold</b> &amp; <a href="http://x.example">link</a>.</p><script>var no = 1</script>
<p hidden>no</p><ul><li>a</li><li>b</li></ul></body></html>`
    for (const name of ['a.html', 'page']) {
      const { documents, what } = await read(file(name, page))
      expect(documents).toEqual([['', 'Head\n\nOne bold & link.\n\n- a\n- b']])
      expect(what).toBe('HTML by its visible text')
    }
  })

  it('of Markdown is scored as it stands, and that is said', async () => {
    const { documents, what } = await read(file('a.md', '# Head\n\n*text*\n'))
    expect(documents).toEqual([['', '# Head\n\n*text*\n']])
    expect(what).toBe('Markdown as it stands, marks included')
  })

  it('of JSON that holds no records is its text', async () => {
    const settings = '{"seed": 1, "layers": [1, 2]}'
    expect((await read(file('a.json', settings))).documents).toEqual([['', settings]])
  })

  it.each([
    ['a PDF', '%PDF-1.4\n%\u00e2\u00e3', 'pdftotext'],
    ['a Word file', 'PK\u0003\u0004rest', 'pandoc'],
    ['a model', 'GGUF\u0003\u0000\u0000\u0000', 'name the model first'],
    ['a binary file', '\u007fELF\u0000\u0001\u0002\u0000\u0000', 'zero bytes'],
  ])('is refused with what to do: %s', async (_, content, advice) => {
    await expect(read(file('a.txt', Buffer.from(content, 'latin1')))).rejects.toMatchObject({
      code: 'audit/not-text',
      message: expect.stringContaining(advice),
    })
  })
})

describe('encodings', () => {
  const text = 'Der Käufer trägt die Gebühren 😀. '.repeat(400)

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
    ['UTF-16, big end first, without a mark', Buffer.from(text, 'utf16le').swap16()],
  ])('%s is read, and that is said', async (_, bytes) => {
    const { documents, what } = await read(file('a.txt', bytes))
    expect(documents).toEqual([['', text]])
    expect(what).toBe('text in UTF-16')
  })

  it('a byte of Latin-1 is named where it stands, wherever the file is cut into pieces', async () => {
    for (const at of [5, 4095, 1 << 20, (1 << 20) + 1]) {
      const bytes = Buffer.alloc(at + 3, 'x')
      bytes[at] = 0xe4
      await expect(read(file('a.txt', bytes))).rejects.toMatchObject({
        code: 'audit/not-utf8',
        place: { byteOffset: at },
        message: expect.stringContaining('0xe4'),
      })
    }
  })

  it('every text that is no UTF-8 is refused at the first byte of the first wrong character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 6 }), (good, more) => {
        const bytes = Buffer.concat([Buffer.from(good), more])
        fc.pre(!bytes.includes(0))
        // The longest beginning that is whole UTF-8, by trying all of them.
        const isWhole = (to: number): boolean => {
          try {
            new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, to))
            return true
          } catch {
            return false
          }
        }
        let whole = bytes.length
        while (!isWhole(whole)) whole--
        if (whole === bytes.length) expect(decodeText(bytes, 'f')).toBe(new TextDecoder().decode(bytes))
        else
          expect(() => decodeText(bytes, 'f')).toThrow(
            expect.objectContaining({ place: { path: 'f', byteOffset: whole } }),
          )
      }),
    )
  })
})

describe('passages', () => {
  it('of a text in parts are those of the whole', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', ' '), maxLength: 30 })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.integer({ min: 4, max: 25 }), (parts, limit) => {
        const passages: string[] = []
        const cutter = new PassageCutter(limit, (passage) => passages.push(passage))
        for (const part of parts) cutter.add(part)
        cutter.end()
        expect(passages).toEqual(passagesOf(parts.join(''), limit))
      }),
    )
  })
})

describe('samplePassages', () => {
  const path = file('law.jsonl', Array.from({ length: 300 }, (_, i) => `{"text": "clause ${i}"}\n`).join(''))
  const domain = { domain: 'law', files: [path], source: 's', licence: 'l' }

  it('draws records as documents, named by their lines, and says so', async () => {
    const sample = await samplePassages([domain], createRandom(1), { full: false, limit: 20 })
    expect(sample.offered).toEqual([300])
    expect(new Set(sample.passages.map((p) => p.text)).size).toBe(20)
    for (const { document, text } of sample.passages)
      expect(Number(document.split(':').at(-1))).toBe(Number(text.replace('clause ', '')) + 1)
    const notes: string[] = []
    noteReading(sample, (note) => notes.push(note))
    expect(notes).toEqual([expect.stringMatching(/^law: .*law\.jsonl is read as JSON Lines, 300 records/)])
  })

  it('takes the first records where whole documents are limited', async () => {
    const sample = await samplePassages([domain], createRandom(1), { full: true, limit: 3 })
    expect(sample.passages.map((p) => p.text)).toEqual(['clause 0', 'clause 1', 'clause 2'])
  })
})
