import { describe, expect, it } from 'vitest'
import { alignLines, articles } from './parallel-texts.js'
import { currencyName, officialLanguage, plainName } from './real-facts.js'

describe('real facts', () => {
  it('take a name without its remarks, or nothing', () => {
    expect(plainName('Bern; note - the seat')).toBe('Bern')
    expect(plainName('Andorra la Vella')).toBe('Andorra la Vella')
    expect(plainName('none; under US law')).toBeNull()
    expect(plainName('a long remark that is no name at all')).toBeNull()
    expect(plainName(null)).toBeNull()
  })
  it('take the singular of a currency, and none that is withdrawn', () => {
    expect(currencyName('DKK')).toBe('krone')
    expect(currencyName('EEK')).toBeNull()
    expect(currencyName(null)).toBeNull()
  })
  it('take a language only where it is the one official one', () => {
    expect(officialLanguage('French (official) 100%, dialects')).toBe('French')
    expect(officialLanguage('Filipino (official; based on Tagalog) and English (official)')).toBeNull()
    expect(officialLanguage('Dutch, English')).toBeNull()
  })
})

describe('parallel texts', () => {
  const html = (items: string[]): string =>
    `<article data-number="1"><h2>A</h2>${items.map((i) => `<p>${i}</p>`).join('')}</article>`
  it('give a line per paragraph where all agree, else one per article', () => {
    const [two, other, three] = [
      ['a', 'b &amp; c'],
      ['d', 'e'],
      ['f', 'g', 'h'],
    ].map((items) => articles(html(items)))
    expect(alignLines([two!, other!])).toEqual([
      ['a', 'b & c'],
      ['d', 'e'],
    ])
    expect(alignLines([two!, three!])).toEqual([['a b & c'], ['f g h']])
    expect(() => alignLines([two!, []])).toThrow('articles')
  })
})
