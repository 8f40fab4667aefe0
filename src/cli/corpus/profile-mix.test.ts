import { expect, it } from 'vitest'
import type { CorpusProfile } from '../../corpus/index.js'
import { mixOf } from './profile-mix.js'

const corpus = (
  name: string,
  bytes: number,
  languages: Record<string, number>,
  domains: Record<string, number>,
) => ({
  name,
  documents: 10,
  bytes,
  states: { languages: { bytes: languages }, domains: { bytes: domains } },
})
const profile = {
  documents: 20,
  bytes: 400,
  corpora: [
    corpus('web', 300, { en: 200, de: 100 }, { 'c/web/news': 300 }),
    corpus('books', 100, { en: 100 }, { 'c/books/law': 100 }),
  ],
} as unknown as CorpusProfile

it('weights give the shares of the mix, and how often each corpus is read', () => {
  const { corpora, languages, domains } = mixOf(profile, { web: '1', books: '1' })
  // Half of 400 bytes: the 300 of the web 2/3 times, the 100 of books twice.
  expect(corpora.map((c) => [c.corpus, c.share, c.weight, c.epochs])).toEqual([
    ['web', 0.75, 0.5, 2 / 3],
    ['books', 0.25, 0.5, 2],
  ])
  // German: half of a third.
  expect(languages.map((l) => l.language)).toEqual(['en', 'de'])
  expect(languages[1]?.share).toBeCloseTo(1 / 6, 12)
  expect(domains.map((d) => d.share)).toEqual([0.5, 0.5])
})

it('an empty corpus of weight 0 adds nothing to the mix', () => {
  const empty = { ...profile, corpora: [...profile.corpora, corpus('none', 0, { en: 0 }, { 'c/none/x': 0 })] }
  const own = { web: '1', books: '1' }
  expect(mixOf(empty as CorpusProfile, { ...own, none: '0' })).toMatchObject({
    ...mixOf(profile, own),
    corpora: [{ corpus: 'web' }, { corpus: 'books' }, { corpus: 'none', share: 0, weight: 0, epochs: 0 }],
  })
})

it('weights that name no corpus, leave one out or are none are refused', () => {
  const wrong: Record<string, string>[] = [
    { web: '1' },
    { web: '1', books: 'x' },
    { web: '0', books: '0' },
    { web: '1', books: '1', wiki: '1' },
  ]
  for (const weights of wrong)
    expect(() => mixOf(profile, weights)).toThrow(expect.objectContaining({ code: 'cli/bad-option' }))
})
