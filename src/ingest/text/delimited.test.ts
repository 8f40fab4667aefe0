import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../../../test/logs/memory-source.js'
import { tsvCell } from '../../core/index.js'
import { LogLine } from '../logs/lines/line.js'
import { TableRow } from '../logs/tables/table-row.js'
import { delimitedRows, delimitedTable, headerRow, type TextRow, UnclosedQuote } from './delimited.js'
import { eachRecord } from './delimited-bytes.js'

const WIDTH = 40
const rowsOf = (text: string, delimiter: string): TextRow[] => [...delimitedRows(text, delimiter)]

/** The rows as logs read them: cut from bytes, cells from a row that is used again and again. */
async function rowsOfBytes(text: string, delimiter: string, chunk: number): Promise<TextRow[]> {
  const rows: TextRow[] = []
  const line = new LogLine()
  const row = new TableRow(
    Array.from({ length: WIDTH }, (_, i) => i % 2 === 0),
    delimiter,
  )
  const source = memorySource(new TextEncoder().encode(text), chunk)
  await eachRecord(source.stream(), delimiter.charCodeAt(0), (bytes, from, to, number, escapes) => {
    line.set(bytes, from, to, number, escapes)
    row.read(line)
    const cells = Array.from({ length: row.cells }, (_, cell) => row.text(line, cell))
    if (cells.length > 1 || cells[0].trim() !== '') rows.push({ line: number, cells })
  })
  return rows
}

const RULES: readonly (readonly [string, string, readonly string[]])[] = [
  ['a delimiter between quotes', '1,"a,b",2', ['1', 'a,b', '2']],
  ['a doubled quote', '"say ""no""",2', ['say "no"', '2']],
  ['a line end between quotes', '"a\nb",2', ['a\nb', '2']],
  ['a carriage return between quotes', '"a\rb",2', ['a\rb', '2']],
  ['a Windows line end between quotes', '"a\r\nb",2', ['a\r\nb', '2']],
  ['an empty line between quotes', '"a\n\nb",2', ['a\n\nb', '2']],
  ['blanks around quotes', '1, "a,b" ,2', ['1', 'a,b', '2']],
  ['blanks without quotes', ' 1 , 2 ', [' 1 ', ' 2 ']],
  ['text behind quotes', '"x" y,2', ['x y', '2']],
  ['a quote within a cell', '5" disk,2', ['5" disk', '2']],
  ['empty cells', ',"",', ['', '', '']],
]

describe('a row of delimited text', () => {
  it.each(RULES)('%s', async (_, text, cells) => {
    expect(rowsOf(text, ',')).toEqual([{ line: 1, cells }])
    expect(await rowsOfBytes(text, ',', 3)).toEqual([{ line: 1, cells }])
  })

  it('ends at \\n, \\r\\n and \\r, and is numbered by \\n', async () => {
    const text = '\ufeffa,b\r\n\n"c\nd",e\rf,g\nh,i'
    const expected = [
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['c\nd', 'e'] },
      { line: 4, cells: ['f', 'g'] },
      { line: 5, cells: ['h', 'i'] },
    ]
    expect(rowsOf(text, ',')).toEqual(expected)
    expect(await rowsOfBytes(text, ',', 5)).toEqual(expected)
  })

  it('with a quote that is never closed is an error that names the line it begins on', async () => {
    const text = 'a,b\n"c\nd",e\n1,"never closed,2\n3,4\n'
    expect(() => rowsOf(text, ',')).toThrow(expect.objectContaining({ line: 4 }))
    await expect(rowsOfBytes(text, ',', 4)).rejects.toMatchObject({ line: 4 })
  })
})

const ALPHABET = ['a', '1', '.', ' ', '\t', ',', ',', '"', '"', '\n', '\n', '\r', 'é'] as const
const text = fc.array(fc.constantFrom(...ALPHABET), { maxLength: 40 }).map((parts) => parts.join(''))

describe('the two ways of reading', () => {
  it('agree on any text, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom(',', '\t'),
        fc.integer({ min: 1, max: 9 }),
        async (t, d, chunk) => {
          let expected: TextRow[]
          try {
            expected = rowsOf(t, d)
          } catch (error) {
            expect(error).toBeInstanceOf(UnclosedQuote)
            // A log may be cut within its last line; a quote that stays open over a line end is an error there, too.
            const { line } = error as UnclosedQuote
            const isLast = t.split('\n').length === line
            if (isLast) await rowsOfBytes(t, d, chunk)
            else await expect(rowsOfBytes(t, d, chunk)).rejects.toMatchObject({ line })
            return
          }
          expect(await rowsOfBytes(t, d, chunk)).toEqual(expected)
        },
      ),
      { numRuns: 5000, seed: 1 },
    )
  })

  it('give back what was written by RFC 4180', async () => {
    const cell = fc.array(fc.constantFrom(...ALPHABET), { minLength: 1, maxLength: 8 }).map((p) => p.join(''))
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, chunk) => {
        const quoted = rows.map((r) => r.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\r\n')
        expect(rowsOf(quoted, ',').map((r) => r.cells)).toEqual(rows)
        expect((await rowsOfBytes(quoted, ',', chunk)).map((r) => r.cells)).toEqual(rows)
        const tabbed = rows.map((r) => `x\t${r.map(tsvCell).join('\t')}\n`).join('')
        expect(rowsOf(tabbed, '\t').map((r) => r.cells.slice(1))).toEqual(rows)
      }),
      { numRuns: 1000, seed: 2 },
    )
  })
})

describe('a table', () => {
  it('is cut at the delimiter that gives most names; comments stand above them', () => {
    expect(headerRow('# "made by, a tool\n a ;b,c; d\n1;2;3\n')).toEqual({
      line: 2,
      cells: ['a', 'b,c', 'd'],
      delimiter: ';',
    })
  })

  it('refuses a row of another width by its line', () => {
    const fault = (message: string, line: number): Error => new Error(`${line}: ${message}`)
    expect(() => delimitedTable('a,b\n"1\n2",3\n4\n', fault)).toThrow('4: found 1 cell, expected 2')
    expect(
      delimitedTable('a,b\n"1\n2",3\n', fault).rows.map((r) => [r.line, r.get('a'), r.get('b')]),
    ).toEqual([[2, '1\n2', '3']])
  })
})
