import { describe, expect, it } from 'vitest'
import { anchorOf, type Book, citationIn, citedPages, sectionsOf } from './book.js'

const BOOK: Book = new Map([
  [
    'alpha',
    '# Alpha\n\nOpening.\n\n## One thing\n\n    y = x\n\nText of one.\n\n## Two (2 %)\n\nText of two.\n',
  ],
  ['beta', '# Beta\n\n## Only\n\nText.\n'],
])

describe('citations', () => {
  it('are read out of a source string, whatever stands around them', () => {
    expect(citationIn('docs/methods/smi.md#variants')).toEqual({ page: 'smi', anchor: 'variants' })
    expect(citationIn('see docs/methods/smi.md; arXiv:2502.04066')).toEqual({ page: 'smi', anchor: null })
    expect(citationIn('evidence: surprisal')).toBeNull()
  })
  it('name headings as GitHub does: lower case, no punctuation, hyphens for spaces', () => {
    expect(anchorOf('pass@k')).toBe('passk')
    expect(anchorOf('Rényi efficiency')).toBe('rényi-efficiency')
    expect(anchorOf('Token-frequency deciles')).toBe('token-frequency-deciles')
  })
})

describe('sections', () => {
  it('are cut at headings, the title first', () => {
    expect(sectionsOf(BOOK.get('alpha') ?? '').map((s) => [s.level, s.anchor, s.text])).toEqual([
      [1, 'alpha', 'Opening.'],
      [2, 'one-thing', '    y = x\n\nText of one.'],
      [2, 'two-2-', 'Text of two.'],
    ])
  })
  it('are carried where they are cited: one of a page, or the whole of it', () => {
    const anchors = (sources: string[]) =>
      citedPages(sources, BOOK).map(({ page, sections }) => [page, sections.map((s) => s.anchor)])
    expect(anchors(['docs/methods/alpha.md#one-thing', 'OLMo 2'])).toEqual([['alpha', ['one-thing']]])
    expect(anchors(['docs/methods/beta.md', 'docs/methods/alpha.md'])).toEqual([
      ['alpha', ['one-thing', 'two-2-']],
      ['beta', ['only']],
    ])
    expect(anchors(['docs/methods/gamma.md', 'docs/methods/alpha.md#none'])).toEqual([])
  })
})
