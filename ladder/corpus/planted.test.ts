import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/core/random/index.js'
import { countDocuments } from './count-documents.js'
import { inventNames, LEVELS, planFacts, writeDocuments } from './planted.js'
import { PLANTED_RELATIONS } from './relations.js'

const facts = planFacts(new Set(), createRandom(7))
const documents = writeDocuments(facts, createRandom(8))

describe('inventNames', () => {
  it('uses no word twice, and none that is taken', () => {
    const free = inventNames(50, new Set(), createRandom(1)).flatMap((name) => name.split(' '))
    expect(new Set(free).size).toBe(100)
    const taken = new Set(free.map((word) => word.toLowerCase()))
    const again = inventNames(50, taken, createRandom(1)).flatMap((name) => name.split(' '))
    expect(again.some((word) => taken.has(word.toLowerCase()))).toBe(false)
  })
})

describe('planFacts', () => {
  it('has as many facts per level and relation as asked, at least 40 at every level', () => {
    for (const { id } of PLANTED_RELATIONS)
      for (const { level, facts: count } of LEVELS) {
        expect(facts.filter((f) => f.relation === id && f.level === level)).toHaveLength(count)
        expect(count).toBeGreaterThanOrEqual(40)
      }
  })

  it('uses the objects of a relation equally often at every level', () => {
    for (const { id, objects } of PLANTED_RELATIONS)
      for (const { level } of LEVELS) {
        const used = objects.map(
          (o) => facts.filter((f) => f.relation === id && f.level === level && f.object === o).length,
        )
        expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(1)
      }
  })

  it('gives a subject one fact of each relation, at other levels for some', () => {
    const subjects = new Set(facts.map((f) => f.subject))
    expect(facts).toHaveLength(subjects.size * PLANTED_RELATIONS.length)
    const levels = [...subjects].map(
      (s) => new Set(facts.filter((f) => f.subject === s).map((f) => f.level)).size,
    )
    expect(levels.some((n) => n > 1)).toBe(true)
    expect(levels.some((n) => n === 1)).toBe(true)
  })
})

describe('writeDocuments', () => {
  it('states each fact in exactly as many documents as its level says', () => {
    const { counts } = countDocuments(facts, documents)
    expect(counts.map(({ both }) => both)).toEqual(facts.map(({ level }) => level))
  })

  it('lets a subject stand in more documents than any one of its facts', () => {
    const { counts } = countDocuments(facts, documents)
    expect(counts.some(({ subjects, both }) => subjects > both && both > 0)).toBe(true)
    expect(counts.every(({ subjects, both }) => subjects >= both)).toBe(true)
  })

  it('is the same for the same seed', () => {
    expect(writeDocuments(facts, createRandom(8))).toEqual(documents)
  })
})

describe('relations', () => {
  it('have 20 to 60 objects, six phrasings and five prompts, which name the subject and not the object', () => {
    for (const { objects, phrasings, templates } of PLANTED_RELATIONS) {
      expect(objects.length).toBeGreaterThanOrEqual(20)
      expect(objects.length).toBeLessThanOrEqual(60)
      expect(new Set(objects).size).toBe(objects.length)
      expect(phrasings.length).toBeGreaterThanOrEqual(6)
      expect(templates.length).toBeGreaterThanOrEqual(5)
      expect(templates.every((t) => t.includes('{subject}') && !t.includes('{object}'))).toBe(true)
      expect(objects.some((o) => templates.some((t) => t.includes(o)))).toBe(false)
    }
  })
})
