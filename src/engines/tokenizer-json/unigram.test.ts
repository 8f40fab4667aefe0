import { describe, expect, it } from 'vitest'
import { asSerdeReads, createUnigram } from './unigram.js'

const bytes = ['<0xE6>', '<0xBC>', '<0xA2>']
const vocab: [string, number][] = [
  ['<unk>', 0],
  ['▁', -2],
  ['a', -3],
  ['b', -3],
  ['ab', -4],
  ['▁ab', -7],
  ['aba', -9],
]

describe('Unigram', () => {
  const cut = createUnigram({ vocab, unk_id: 0 })

  it.each([
    // −2 −4 = −6 beats −7.
    ['▁ab', ['▁', 'ab']],
    // −4 −3 = −7 beats −9 and −3 −3 −3.
    ['aba', ['ab', 'a']],
    ['', []],
  ])('takes the likeliest cut of %j', (word, pieces) => expect(cut([word])).toEqual(pieces))

  it('makes one unknown piece of a stretch, and none across words', () => {
    expect(cut(['a漢字b', '漢'])).toEqual(['a', '漢字', 'b', '漢'])
  })

  it('falls back to bytes where the model has all of them', () => {
    const withBytes = createUnigram({
      vocab: [...vocab, ...bytes.map((byte): [string, number] => [byte, -20])],
      unk_id: 0,
      byte_fallback: true,
    })
    expect(withBytes(['漢', '字'])).toEqual([...bytes, '字'])
  })

  it('adds up in double precision, or in single where SentencePiece does', () => {
    // −1 + (−2 + 2⁻²⁹) is −3 in a single: the cuts tie there, and the one found first stays.
    const nearly: [string, number][] = [
      ['a', -1],
      ['c', -1],
      ['bc', -2],
      ['ab', -2 + 2 ** -29],
    ]
    expect(createUnigram({ vocab: nearly })(['abc'])).toEqual(['ab', 'c'])
    expect(createUnigram({ vocab: nearly, single: true })(['abc'])).toEqual(['a', 'bc'])
  })
})

describe('scores of a file', () => {
  it('are read as serde_json reads them: digits, then the power of ten', () => {
    // Both are exact in a double, and rounded once.
    expect([-7.1093, 0, -10, 1e-7, 2.5e21].map(asSerdeReads)).toEqual([-7.1093, 0, -10, 1e-7, 2.5e21])
    // 17 digits above 2⁵³ are rounded to even first.
    expect(asSerdeReads(-3.4635426998138428)).toBe(-(34635426998138428 / 1e16))
  })
})
