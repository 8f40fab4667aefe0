import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellWidth, pad, shorten, wrap } from './width.js'

describe('cells of a terminal', () => {
  it('counts East Asian characters double and combining marks not at all', () => {
    expect(cellWidth('中文')).toBe(4)
    expect(cellWidth('e\u0301')).toBe(1)
    expect(cellWidth('abc')).toBe(3)
  })

  it('cuts at whole characters', () => {
    expect(shorten('中文字', 5)).toBe('中文…')
    expect(shorten('abc', 3)).toBe('abc')
  })

  it('pads to exactly the width', () => {
    expect(pad('中', 4)).toBe('中  ')
    expect(pad('7', 3, 'right')).toBe('  7')
  })

  it('keeps every word and no line beyond the width, for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '中', 'é'), maxLength: 30 })), (words) => {
        const text = words.join(' ')
        const lines = wrap(text, 12)
        expect(Math.max(...lines.map(cellWidth))).toBeLessThanOrEqual(12)
        expect(lines.join('').replace(/ /g, '')).toBe(text.replace(/ /g, ''))
      }),
    )
  })
})
