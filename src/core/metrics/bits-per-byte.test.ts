import { describe, expect, it } from 'vitest'
import type { ScoredDocument } from '../evidence/index.js'
import { createRandom } from '../random/index.js'
import { bitsOf, bitsPerByte } from './bits-per-byte.js'
import { macroMean } from './macro-mean.js'
import { perplexityPerByte, perplexityPerWord } from './perplexity.js'

/** A document of four tokens of two bytes and three bits each. */
const DOCUMENT: ScoredDocument = {
  domain: 'a',
  document: 'x',
  bytes: 8,
  words: 2,
  tokens: Int32Array.of(0, 1, 2, 3),
  byteLengths: Int32Array.of(2, 2, 2, 2),
  logLikelihoods: new Float64Array(4).fill(-3 * Math.LN2),
}

const interval = { low: 1.2, high: 2, level: 0.95 }

describe('bits per byte', () => {
  it('are Σ −log₂ p over Σ bytes: 12 bits on 8 bytes', () => {
    expect(bitsOf(DOCUMENT)).toBeCloseTo(12, 12)
    const found = bitsPerByte([DOCUMENT, DOCUMENT], createRandom(1), 0.95)
    expect(found).toMatchObject({ kind: 'estimate', unit: 'bits/byte', n: 2 })
    expect(found.kind === 'estimate' ? found.value : Number.NaN).toBeCloseTo(1.5, 12)
  })

  it('abstain on a text of one token', () => {
    const one = {
      ...DOCUMENT,
      tokens: Int32Array.of(0),
      byteLengths: Int32Array.of(8),
      logLikelihoods: Float64Array.of(-1),
    }
    expect(bitsPerByte([one], createRandom(1), 0.95).kind).toBe('notEstimable')
  })

  it('are 2^1.5 a byte as perplexity, and 2^(1.5 · 8/2) a word', () => {
    const bits = { kind: 'estimate', value: 1.5, interval, unit: 'bits/byte', n: 9 } as const
    expect(perplexityPerByte(bits)).toMatchObject({ value: 2 ** 1.5, interval: { low: 2 ** 1.2, high: 4 } })
    expect(perplexityPerWord(bits, DOCUMENT)).toMatchObject({ value: 64, interval: { high: 256 }, n: 9 })
  })
})

describe('macro mean', () => {
  it('counts every part once, half-widths in quadrature over the number of parts', () => {
    const part = (value: number, half: number, n: number) => ({
      name: `${value}`,
      n,
      estimate: {
        kind: 'estimate' as const,
        value,
        interval: { low: value - half, high: value + half, level: 0.95 },
        unit: 'bits/byte',
        n,
      },
    })
    // Mean of 1 and 2; √(.3² + .4²)/2 = .25.
    const found = macroMean([part(1, 0.3, 10), part(2, 0.4, 5)], 'bits/byte', 0.95)
    expect(found).toMatchObject({ kind: 'estimate', value: 1.5, n: 15, unit: 'bits/byte' })
    const { low, high } = found.kind === 'estimate' ? found.interval : { low: 0, high: 0 }
    expect(low).toBeCloseTo(1.25, 12)
    expect(high).toBeCloseTo(1.75, 12)
  })

  it('has no estimate where a part has none', () => {
    const unknown = { name: 'b', n: 0, estimate: { kind: 'notEstimable' as const, reason: 'r' } }
    expect(macroMean([unknown], 'bits/byte', 0.95)).toEqual({
      kind: 'notEstimable',
      reason: 'domain b has no estimate',
    })
    expect(macroMean([], 'bits/byte', 0.95).kind).toBe('notEstimable')
  })
})
