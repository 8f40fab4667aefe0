import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashFraction, normaliseText, splitPieces, unwrapParagraphs } from './text.js'

describe('splitPieces', () => {
  it('cuts at a paragraph where one is near, and leaves short texts whole', () => {
    const paragraph = 'word '.repeat(20).trim()
    const text = Array(5).fill(paragraph).join('\n\n')
    expect(splitPieces(text, 2 * paragraph.length + 10)).toEqual([
      `${paragraph}\n\n${paragraph}`,
      `${paragraph}\n\n${paragraph}`,
      paragraph,
    ])
    expect(splitPieces('short', 100)).toEqual(['short'])
  })

  it('keeps every character but white space at the cuts, within the limit', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 400, unit: 'binary' }),
        fc.integer({ min: 8, max: 60 }),
        (text, limit) => {
          const pieces = splitPieces(text, limit)
          expect(pieces.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
          expect(pieces.every((piece) => piece.length <= limit && !/\p{Surrogate}/u.test(piece))).toBe(true)
        },
      ),
    )
  })
})

describe('hashFraction', () => {
  it('splits by the id alone, in about the asked share, differently for another seed', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `document/${i}`)
    const share = ids.filter((id) => hashFraction(id, 1) < 0.06).length / ids.length
    // Four standard errors of a proportion of 0.06 among 20,000.
    expect(Math.abs(share - 0.06)).toBeLessThan(4 * Math.sqrt((0.06 * 0.94) / 20_000))
    expect(hashFraction('a', 1)).toBe(hashFraction('a', 1))
    expect(hashFraction('a', 1)).not.toBe(hashFraction('a', 2))
  })
})

describe('normaliseText', () => {
  it('drops control characters and blank runs, keeps tabs, composes accents', () => {
    expect(normaliseText('\ufeffa\u0000b\r\nc\td  \n\n\n\ne\u0301 ')).toBe(
      'ab\nc\td\n\ne\u0301'.normalize('NFC'),
    )
  })

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normaliseText(text)
        expect(normaliseText(once)).toBe(once)
      }),
    )
  })
})

describe('unwrapParagraphs', () => {
  it('joins wrapped lines, not paragraphs', () => {
    expect(unwrapParagraphs('one\n  two\n\n three ')).toBe('one two\n\nthree')
  })
})
