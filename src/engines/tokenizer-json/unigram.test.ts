import { describe, expect, it } from 'vitest'
import { createUnigram } from './unigram.js'

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
})
