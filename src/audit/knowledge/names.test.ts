import { describe, expect, it } from 'vitest'
import type { Fact } from '../../core/index.js'
import { holdsName, leakIn } from './names.js'
import { fill } from './prompts.js'
import { parseTemplate } from './templates.js'

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

describe('a filled template', () => {
  it.each(['A$$AP', 'S$&P', "$`$'"])('holds the subject as it is written: %s', (subject) => {
    expect(fill(parseTemplate('The home of [X] is [Y], says [X]', { field: 'r' }), subject)).toEqual({
      before: `The home of ${subject} is `,
      after: `, says ${subject}`,
    })
  })
})
