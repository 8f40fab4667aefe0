import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countDocuments, type NamedFact } from './count-documents.js'

const france: NamedFact = { id: 'f', subject: 'France', relation: 'capital', object: 'Paris' }

function count(fact: NamedFact, ...texts: string[]): [number, number, number] {
  const { counts } = countDocuments(
    [fact],
    texts.map((text) => ({ text })),
  )
  const { subjects, objects, both } = counts[0]!
  return [subjects, objects, both]
}

describe('countDocuments', () => {
  it('counts a document once, however often it names', () => {
    expect(count(france, 'France, France and Paris. Paris!', 'France', 'neither')).toEqual([2, 1, 1])
  })

  it('wants a boundary on both sides and the same case', () => {
    expect(count(france, 'Parisian', 'xFrance', 'france', 'paris', '(France)', "Paris's")).toEqual([1, 1, 0])
  })

  it('matches names of several words and with marks at their ends', () => {
    const fact = { ...france, subject: "Côte d'Ivoire", object: 'St. John’s' }
    expect(count(fact, "in Côte d'Ivoire: St. John’s", "Côte d'Ivoires", 'Côte')).toEqual([1, 1, 1])
  })

  it('counts aliases as the name', () => {
    const fact = { ...france, aliases: ['Lutetia'], subject_aliases: ['Gaul'] }
    expect(count(fact, 'Gaul and Lutetia', 'France and Lutetia', 'Gaul')).toEqual([3, 2, 2])
  })

  it('reads no more documents than asked and tells how many there were', () => {
    const documents = Array.from({ length: 5 }, () => ({ text: 'France' }))
    expect(countDocuments([france], documents, 3)).toEqual({
      counts: [{ subjects: 3, objects: 0, both: 0 }],
      documents: 3,
    })
    expect(countDocuments([france], documents, 9).documents).toBe(5)
  })

  it('agrees with a regular expression on any text of few words', () => {
    const word = fc.constantFrom('a', 'b', 'ab', 'a b', ' ', '.', '-', 'A')
    fc.assert(
      fc.property(
        fc.array(
          fc.array(word, { maxLength: 6 }).map((w) => w.join('')),
          { maxLength: 5 },
        ),
        (texts) => {
          const naive = (name: string): boolean[] =>
            texts.map((text) => new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, 'u').test(text))
          const [s, o] = [naive('a b'), naive('ab')]
          expect(count({ ...france, subject: 'a b', object: 'ab' }, ...texts)).toEqual([
            s.filter(Boolean).length,
            o.filter(Boolean).length,
            s.filter((found, i) => found && o[i]).length,
          ])
        },
      ),
    )
  })
})
