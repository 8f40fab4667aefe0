import { describe, expect, it } from 'vitest'
import { rStrings, sections } from './books.js'
import { withoutLicence } from './code.js'
import { cleanGcide, dictdNumber } from './dictd.js'
import { countryName, renderFields } from './factbook.js'
import { htmlText } from './markup.js'
import { readTheorems } from './metamath.js'
import { plainPlay } from './plays.js'
import { parseSynset, renderSynset } from './wordnet.js'

describe('WordNet', () => {
  const line =
    '02084071 05 n 03 dog 0 domestic_dog 0 Canis_familiaris 0 001 @ 02083346 n 0000 | a member of the genus Canis; occurs in many breeds; "the dog barked all night"  '
  it('reads words, gloss and examples of a synset', () => {
    expect(parseSynset(line, 'noun')).toEqual({
      id: 'noun-02084071',
      words: ['dog', 'domestic dog', 'Canis familiaris'],
      part: 'noun',
      kind: '05',
      definition: 'a member of the genus Canis; occurs in many breeds',
      examples: ['the dog barked all night'],
    })
  })
  it('puts the definition first for odd numbers, the word first for even ones', () => {
    const synset = parseSynset(line, 'noun')!
    expect(renderSynset(synset)).toMatch(/^Definition \(noun\): a member .* Word: dog\. Also: domestic dog/)
    expect(renderSynset({ ...synset, id: 'noun-2' })).toMatch(/^dog \(noun\): a member/)
  })
  it('skips the licence at the head of the file', () => {
    expect(parseSynset('  1 This software and database | is being provided', 'noun')).toBeNull()
  })
})

describe('dictd', () => {
  it('reads base-64 numbers, most significant digit first', () => {
    // B = 1, C = 2, / = 63.
    expect([dictdNumber('B'), dictdNumber('BA'), dictdNumber('C/')]).toEqual([1, 64, 2 * 64 + 63])
  })
  it('takes pronunciation, etymology and source marks out of Webster', () => {
    const raw =
      'Lark \\Lark\\ (l[aum]rk), n. [OE. larke; akin to {G.} lerche [x].]\n   A frolic. See {Larid[ae]}. [1913 Webster]'
    expect(cleanGcide(raw).replace(/\s+/g, ' ').trim()).toBe('Lark, n. A frolic. See Laridae.')
  })
})

describe('factbook', () => {
  const profile = {
    Government: {
      'Country name': { 'conventional short form': { text: 'France' } },
      Capital: { name: { text: 'Paris' } },
    },
  }
  it('renders nested fields as lines and finds the name', () => {
    expect(renderFields(profile.Government)).toEqual([
      'Country name, conventional short form: France',
      'Capital, name: Paris',
    ])
    expect(countryName(profile)).toBe('France')
    expect(countryName({})).toBeNull()
  })
})

describe('markup', () => {
  it('turns HTML into lines, keeps the layout of code, drops scripts', () => {
    const html =
      '<h1>Title<a class="headerlink" href="#x">¶</a></h1><script>no</script><p>One &amp; <b>two</b>\nlines</p><ul><li>item</li></ul><pre>a\n  b &lt;c&gt;</pre>'
    expect(htmlText(html).trim()).toBe('Title\n\nOne & two lines\n\n- item\n\na\n  b <c>')
  })
})

describe('other readers', () => {
  it('cut long works at paragraphs', () => {
    expect(sections('aaaa\n\nbbbb\n\ncc', 8)).toEqual(['aaaa\n\nbbbb', 'cc'])
  })
  it('read the strings of an R character vector', () => {
    const text = (s: string): Buffer => {
      const head = Buffer.alloc(8)
      head.writeInt32BE(0x00040009, 0)
      head.writeInt32BE(s.length, 4)
      return Buffer.concat([head, Buffer.from(s)])
    }
    const bytes = Buffer.concat([
      Buffer.from('X\n'),
      Buffer.from([0, 0, 0, 0x10, 0, 0, 0, 2]),
      text('EMMA'),
      text(''),
    ])
    expect(rStrings(bytes)).toEqual(['EMMA', ''])
  })
  it('write plays with speakers and directions', () => {
    expect(plainPlay('**HAMLET**  \n_\\[Aside]_  \nA little more than kin  ')).toBe(
      'HAMLET.\n[Aside]\nA little more than kin',
    )
  })
  it('drop licence comments at the head of code, and only those', () => {
    expect(withoutLicence('/* Copyright X */\n// see LICENSE\nint a;')).toBe('int a;')
    expect(withoutLicence('/* Adds. */\nint a;')).toBe('/* Adds. */\nint a;')
  })
  it('read a theorem with its words and statement, without its proof', () => {
    const database =
      '$( The identity law.  (Contributed by NM, 1-Jan-1993.) See ~ id and ` ph `. $)\n id $p |- ( ph -> ph ) $= ( wi ) ABC $.'
    expect([...readTheorems(database)]).toEqual([
      { label: 'id', about: 'The identity law. See id and ph.', statement: '( ph -> ph )' },
    ])
  })
})
