import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DocumentScan } from '../../src/core/index.js'
import { plainRepeatedNgramShare, plainScan, plainTopNgramShare } from './plain-scan.js'

const PIECES = [
  'the cat and the dog that have to be with it. ',
  'Cookie policy; all rights reserved! ',
  'word ',
  'Ω ',
  '東京タワー。',
  'ไทย',
  'हिन्दी ',
  '\n',
  '\n\n',
  '\r\n',
  ' \u00a0\u0085',
  '- item\n',
  '• item…\n',
  'same line.\n',
  'same line.\n\n',
  'Ã©tÃ© â€™ Ð¿Ñ€ ',
  '“CAFÉ” ',
  '<div class="x">&nbsp;&#39;</p> <no ',
  '#{...} ',
  '\u0007\ufffd',
  '😀',
  '12,5 % ',
  'e\u0301 ',
  '....',
]
const bad = fc.uint8Array({ minLength: 0, maxLength: 5 }).map((bytes) => Buffer.from(bytes))
const document = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES).map((p) => Buffer.from(p)) }, bad), {
    maxLength: 40,
  })
  .map((parts) => Buffer.concat(parts))

const scan = new DocumentScan()

it('reads bytes as the plain version reads strings', () => {
  fc.assert(
    fc.property(document, fc.integer({ min: 0, max: 9 }), (bytes, before) => {
      const padded = Buffer.concat([Buffer.alloc(before, 0x41), bytes, Buffer.from('tail <b>')])
      scan.scan(padded, before, before + bytes.length)
      const { terms, ...plain } = plainScan(bytes)
      // Strings have lost which bytes were ill-formed, and how many.
      for (const [name, value] of Object.entries(plain))
        if (plain.illFormed === 0 || !/Bytes|^repeated/.test(name))
          expect([name, scan[name as keyof DocumentScan]]).toEqual([name, value])
      expect([...scan.termLengths.values.subarray(0, scan.termLengths.length)]).toEqual(
        terms.map((t) => [...t].length),
      )
      const hashes = [...scan.terms.values.subarray(0, scan.terms.length)]
      expect(hashes.map((hash) => hashes.indexOf(hash))).toEqual(terms.map((term) => terms.indexOf(term)))
      for (const n of [2, 4]) expect(scan.topNgramShare(n)).toBeCloseTo(plainTopNgramShare(terms, n), 12)
      for (const n of [5, 7])
        expect(scan.repeatedNgramShare(n)).toBeCloseTo(plainRepeatedNgramShare(terms, n), 12)
      const limits = { 2: 0.2, 3: 0.18, 4: 0.16, 5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.1 }
      const breaks = (share: typeof plainTopNgramShare, from: number, to: number): boolean =>
        Object.entries(limits).some(([n, most]) => +n >= from && +n <= to && share(terms, +n) > most)
      expect(scan.hasTopNgram()).toBe(breaks(plainTopNgramShare, 2, 4))
      expect(scan.hasRepeatedNgrams()).toBe(breaks(plainRepeatedNgramShare, 5, 10))
    }),
    { numRuns: 400, seed: 20261126 },
  )
})

it('hashes a document and its paragraphs by content, wherever they lie', () => {
  const text = Buffer.from('One line,\nand another.\n\n  A second paragraph  \n')
  const hashesAt = (offset: number) => {
    const padded = Buffer.concat([Buffer.alloc(offset, 0x2e), text])
    scan.scan(padded, offset, padded.length)
    const rows = (values: Int32Array): number[] => [...values.subarray(0, 2)]
    return [
      scan.hashHigh,
      scan.hashLow,
      ...rows(scan.paragraphHigh.values),
      ...rows(scan.paragraphLow.values),
    ]
  }
  expect(hashesAt(3)).toEqual(hashesAt(0))
  expect([...scan.paragraphBytes.values.subarray(0, 2)]).toEqual([21, 18])
  expect([...scan.paragraphFrom.values.subarray(0, 2)]).toEqual([0, 26])
})

it('reads a document of more terms, lines and paragraphs than its buffers hold', () => {
  const n = 40_000
  const text = Buffer.from('a é\n\nb東 use cookies\n'.repeat(n))
  scan.scan(text, 0, text.length)
  const { words, lines, notices, terms, repeatedLines, singles, paragraphFrom } = scan
  // Blank lines part "b東 use cookies / a é" from its like.
  expect({ words, lines, notices, repeatedLines, singles }).toEqual({
    words: 5 * n,
    lines: 2 * n,
    notices: n,
    repeatedLines: 2 * n - 2,
    singles: n,
  })
  expect(terms.length).toBe(6 * n)
  expect(paragraphFrom.length).toBe(n + 1)
  expect([...paragraphFrom.values.subarray(n - 1, n + 1)]).toEqual([23 * (n - 2) + 6, 23 * (n - 1) + 6])
  expect(scan.terms.values[6 * n - 1]).toBe(scan.terms.values[5])
})
