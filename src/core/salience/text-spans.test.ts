import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitsOfSpans, SPAN_UNITS, spanEnds, textsOfSpans } from './text-spans.js'

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

describe('spans of a text', () => {
  it('are lines with their ends, words with the space behind them, 256-byte chunks', () => {
    expect(spanEnds('ab\n\nč', 'line')).toEqual([3, 4, 6])
    expect(spanEnds(' a  bc d', 'word')).toEqual([4, 7, 8])
    expect(spanEnds('x'.repeat(600), 'chunk')).toEqual([256, 512, 600])
  })

  it('cover every byte once, in order, whatever the text (property)', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.constantFrom(...SPAN_UNITS),
        (text, unit) => {
          const ends = spanEnds(text, unit)
          expect(ends.at(-1) ?? 0).toBe(bytesOf(text))
          ends.forEach((end, i) => {
            expect(end).toBeGreaterThan(i === 0 ? 0 : ends[i - 1])
          })
        },
      ),
    )
  })
})

describe('bits of spans', () => {
  it('split a token over a border by its bytes: 3 bits over bytes 2, 3, 4 of spans 0–3 and 3–6', () => {
    const scored = {
      byteLengths: Int32Array.of(2, 3, 1),
      logLikelihoods: Float64Array.of(-1, -3, -2).map((v) => v * Math.LN2),
    }
    const bits = bitsOfSpans(scored, [3, 6])
    expect(bits[0]).toBeCloseTo(1 + 1, 12)
    expect(bits[1]).toBeCloseTo(2 + 2, 12)
  })

  it('sum to the loss of the document for any tokens, and agree where two tokenizations share borders (property)', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            bytes: fc.integer({ min: 0, max: 9 }),
            cost: fc.double({ min: 0, max: 20, noNaN: true }),
          }),
          { minLength: 1, maxLength: 60 },
        ),
        fc.integer({ min: 1, max: 40 }),
        (tokens, width) => {
          const total = tokens.reduce((sum, t) => sum + t.bytes, 0)
          fc.pre(total > 0)
          const ends = Array.from({ length: Math.ceil(total / width) }, (_, i) =>
            Math.min(total, (i + 1) * width),
          )
          const bits = bitsOfSpans(
            {
              byteLengths: Int32Array.from(tokens, (t) => t.bytes),
              logLikelihoods: Float64Array.from(tokens, (t) => -t.cost * Math.LN2),
            },
            ends,
          )
          const loss = tokens.reduce((sum, t) => sum + t.cost, 0)
          expect(Math.abs(bits.reduce((a, b) => a + b, 0) - loss)).toBeLessThan(1e-9 * (1 + loss))
        },
      ),
    )
  })
})

describe('textsOfSpans', () => {
  it('puts a character that a border cuts where it begins; together they are the text', () => {
    // é and ☃ are two and three bytes: a border behind byte 2 cuts é, one behind byte 4 cuts ☃.
    expect(textsOfSpans('aé☃b', [2, 4, 7])).toEqual(['aé', '☃', 'b'])
    expect(textsOfSpans('', [])).toEqual([])
  })
})
