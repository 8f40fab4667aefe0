import { describe, expect, it } from 'vitest'
import { SPAN_BYTES, spanBits } from './spans.js'

describe('spanBits', () => {
  it('splits a token that crosses a border by bytes, and keeps the total', () => {
    // 250 bytes at 1 bit each, then a token of 12 bytes at 2 bits a byte: 6 of them on either side of byte 256.
    const document = {
      domain: 'd',
      document: 'x',
      bytes: 262,
      words: 1,
      tokens: Int32Array.of(1, 2),
      byteLengths: Int32Array.of(250, 12),
      logLikelihoods: Float64Array.of(-250 * Math.LN2, -24 * Math.LN2),
    }
    const spans = spanBits(document)
    expect(SPAN_BYTES).toBe(256)
    expect(spans[0]).toBeCloseTo(250 + 6 * 2)
    expect(spans[1]).toBeCloseTo(6 * 2)
  })
})
