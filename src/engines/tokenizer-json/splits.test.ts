import { describe, expect, it } from 'vitest'
import { createTokenizer } from './text-tokenizer.js'

/** Words of a text, each an id: the vocabulary is the words that are expected. */
async function wordsOf(text: string, preTokenizer: object, expected: readonly string[]): Promise<string[]> {
  const vocab = [...new Set(expected)].map((word): [string, number] => [word, -1])
  const tokenizer = await createTokenizer({
    model: { type: 'Unigram', vocab: [...vocab, ['<unk>', -9]], unk_id: vocab.length },
    pre_tokenizer: preTokenizer,
  })
  return Array.from(tokenizer.tokenize(text), (id) => tokenizer.textOf(id))
}

describe('words of a tokenizer.json', () => {
  // As `tokenizers` documents SplitDelimiterBehavior, on its own example.
  it.each([
    ['MergedWithPrevious', ['the-', 'final-', '-', 'countdown']],
    ['MergedWithNext', ['the', '-final', '-', '-countdown']],
    ['Contiguous', ['the', '-', 'final', '--', 'countdown']],
    ['Isolated', ['the', '-', 'final', '-', '-', 'countdown']],
    ['Removed', ['the', 'final', 'countdown']],
  ])('are cut at a delimiter that is %s', async (behavior, words) => {
    const split = { type: 'Split', pattern: { String: '-' }, behavior, invert: false }
    expect(await wordsOf('the-final--countdown', split, words)).toEqual(words)
  })

  it.each([
    [undefined, ['▁a', '▁', '▁b']],
    [true, ['▁a', '▁', '▁b']],
    [false, ['▁a▁▁b']],
  ])('end at Metaspace’s mark unless it does not split (%s)', async (split, words) => {
    const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split }
    expect(await wordsOf('a  b', metaspace, [...words, '▁a▁▁b'])).toEqual(words)
  })
})
