import { describe, expect, it } from 'vitest'
import type { Fact } from './fact.js'
import { leakIn } from './leaks.js'
import { holdsName } from './names.js'

const bogota: Fact = {
  fact_id: 'f',
  subject: 'Colombia',
  relation: 'capital',
  object: 'Bogotá',
  aliases: [],
  subject_aliases: [],
  domain: 'geo',
}
const decomposed = bogota.object.normalize('NFD')

describe('names', () => {
  it('are found however their accents are spelled', () => {
    expect(decomposed).not.toBe(bogota.object)
    expect(holdsName(`${decomposed} is`, bogota.object)).toBe(true)
    expect(holdsName(`${bogota.object} is`, decomposed)).toBe(true)
    expect(leakIn(`The ${decomposed} airport is in`, bogota)).toBe(bogota.object)
  })
  it('end where their letters end, marks included', () => {
    // q with an acute has no composed form: the mark stays apart from its letter.
    expect(holdsName('Peru\u0301 x', 'Peru')).toBe(false)
    expect(holdsName('Iraq\u0301 x', 'Iraq')).toBe(false)
    expect(holdsName('Peru x', 'Peru')).toBe(true)
  })
})

describe('a prompt that gives its object away', () => {
  const niger: Fact = { ...bogota, object: 'Niger', aliases: ['Republic of the Niger'] }
  it('holds it as a whole word, or, of four letters and more, inside another', () => {
    expect(leakIn('A Nigerian', niger)).toBe('Niger')
    expect(leakIn('A Nigel', niger)).toBeNull()
    expect(leakIn('Omen', { ...bogota, object: 'Ome' })).toBeNull()
    expect(leakIn('ome, n', { ...bogota, object: 'Ome' })).toBe('Ome')
  })
  it('holds an alias', () => {
    expect(
      leakIn('the REPUBLIC OF THE GAMBIA', { ...niger, object: 'x', aliases: ['Republic of the Gambia'] }),
    ).toBe('Republic of the Gambia')
  })
})
