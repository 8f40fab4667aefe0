import { describe, expect, it } from 'vitest'
import { estimated } from '../../../test/estimated.js'
import { createRandom, type TokenizedText } from '../../core/index.js'
import { measureInequality, measureTexts } from './measures.js'

function parallelText(language: string, tokens: readonly number[]): TokenizedText {
  const column = (values: readonly number[]): Int32Array => Int32Array.from(values)
  return {
    name: language,
    language,
    units: {
      bytes: column(tokens.map(() => 12)),
      words: column(tokens.map(() => 3)),
      tokens: column(tokens),
      continuedWords: column(tokens.map(() => 1)),
      fallbackTokens: column(tokens.map(() => 0)),
    },
    counts: { ids: Int32Array.of(1, 2), counts: Int32Array.of(1, 1) },
  }
}

const vocabulary = {
  size: 10,
  unreachable: new Int32Array(0),
  partialUtf8: new Int32Array(0),
  special: 0,
}

describe('inequality of languages', () => {
  it('adds up the same drawn sentences of every language', () => {
    const texts = [parallelText('en', [2, 4, 6]), parallelText('de', [6, 12, 18])]
    const spread = estimated(measureInequality({ texts, vocabulary }, createRandom(1), 0.95))
    // German takes three times the tokens in every sentence, so no draw can change the coefficient.
    expect(spread.n).toBe(3)
    expect(spread.value).toBeCloseTo(0.25, 12)
    expect(spread.interval.low).toBeCloseTo(0.25, 12)
    expect(spread.interval.high).toBeCloseTo(0.25, 12)
  })

  it('abstains for one language', () => {
    const evidence = { texts: [parallelText('en', [2, 4])], vocabulary }
    expect(measureInequality(evidence, createRandom(1), 0.95).kind).toBe('notEstimable')
  })
})

describe('what a text costs', () => {
  it('sums over units, and says how many there were', () => {
    const [, text] = measureTexts(
      { texts: [parallelText('en', [2, 4, 6]), parallelText('de', [4, 4, 10])], vocabulary },
      createRandom(1),
      0.95,
    )
    expect(text.bytesPerToken).toMatchObject({ kind: 'estimate', value: 36 / 18, n: 3 })
    expect(text.fertility).toMatchObject({ kind: 'estimate', value: 18 / 9, n: 3 })
    expect(text.parity).toMatchObject({ kind: 'estimate', value: 18 / 12, n: 3 })
  })

  it('is not certain that a text never falls back because it did not', () => {
    const [text] = measureTexts({ texts: [parallelText('en', [2, 4, 6])], vocabulary }, createRandom(1), 0.95)
    const { value, interval } = estimated(text.fallbackRate)
    expect(value).toBe(0)
    // Wilson at 0 of 3 units, since tokens of a unit are not independent: z² / (n + z²), z = 1.95996
    expect(interval.high).toBeCloseTo(3.84146 / (3 + 3.84146), 4)
  })

  it('abstains where one unit is all there is, and where languages do not line up', () => {
    const [one] = measureTexts({ texts: [parallelText('en', [2])], vocabulary }, createRandom(1), 0.95)
    expect(one.bytesPerToken.kind).toBe('notEstimable')
    const uneven = { texts: [parallelText('en', [2, 3]), parallelText('de', [2, 3, 4])], vocabulary }
    expect(measureTexts(uneven, createRandom(1), 0.95)[1].parity?.kind).toBe('notEstimable')
  })
})
