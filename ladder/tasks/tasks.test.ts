import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/core/random/index.js'
import { agreementExamples, FAMILIAR_FRAMES } from '../adaptation/agreement-family.js'
import type { CorpusDocument } from '../corpus/document.js'
import { LEVELS, planFacts } from '../corpus/planted.js'
import { agreementPairs, clausesOf } from './agreement.js'
import { guesserAccuracy, matchedDistractors } from './choices.js'
import { plantedQuestions } from './planted-questions.js'
import { sentencesOf } from './sentences.js'
import { WordFrequency } from './word-frequency.js'

function document(text: string): CorpusDocument {
  return { id: 'd', domain: 'speech', source: 's', licence: 'l', title: 't', text }
}

describe('choices', () => {
  it('matched distractors make the right choice no more extreme than chance has it', () => {
    const random = createRandom(3)
    const pool = Array.from({ length: 4000 }, (_, i) => ({
      text: `${i}`.padStart(10 + (i % 40), 'x'),
      frequency: (i % 17) / 4,
    }))
    const items = pool.flatMap((right, i) => {
      const wrong = matchedDistractors(right, pool, 3, { characters: 4, frequency: 1 }, random)
      // Ends of the range have neighbours on one side only.
      if (wrong === null || right.text.length < 18 || right.text.length > 42) return []
      const choices = [right, ...wrong].map(({ text }) => text)
      return [{ id: `${i}`, task: 't', context: '', choices, gold: 0, chance: 0.25 }]
    })
    const longest = guesserAccuracy(items, (choice) => choice.length)
    // Three standard errors of a share of 0.25.
    expect(Math.abs(longest - 0.25)).toBeLessThan(3 * Math.sqrt((0.25 * 0.75) / items.length))
  })
  it('a guesser shares an item among ties', () => {
    const item = { id: '0', task: 't', context: '', choices: ['aa', 'bb', 'c'], gold: 1, chance: 1 / 3 }
    expect(guesserAccuracy([item], (choice) => choice.length)).toBe(0.5)
    expect(guesserAccuracy([item], (choice) => -choice.length)).toBe(0)
  })
})

describe('word frequency', () => {
  it('counts words without case', () => {
    const words = new WordFrequency()
    words.add('The cat, the dog')
    expect([words.count('THE'), words.count('bird')]).toEqual([2, 0])
    expect(words.meanLog('the cat')).toBeCloseTo((Math.log(3) + Math.log(2)) / 2, 12)
    expect(words.meanLog('…')).toBe(0)
  })
})

describe('sentences', () => {
  it('end at a stop before a capital, not at titles', () => {
    expect(sentencesOf('Mr. Knightley came. He sat, e.g. Here.\nShe "left." Then 5 went.')).toEqual([
      'Mr. Knightley came.',
      'He sat, e.g. Here.',
      'She "left."',
      'Then 5 went.',
    ])
  })
})

describe('agreement', () => {
  it('finds the clause of a determiner and its verb, and no relative clause', () => {
    expect(
      clausesOf(document('The keys of the house are on the old table here. The man that was here is old.')),
    ).toMatchObject([{ subject: 'The keys of the house', verb: 'are', rest: 'on the old table' }])
  })
  it('has as many singular as plural verbs of each pair', () => {
    const nouns = Array.from(
      { length: 20 },
      (_, i) => `The thing${'x'.repeat(i)} is good today. The things${'x'.repeat(i % 7)} are bad now.`,
    )
    const items = agreementPairs([document(nouns.join(' '))], createRandom(1), 100)
    const verbs = items.map((item) => item.meta?.verb)
    expect(verbs.filter((verb) => verb === 'is')).toHaveLength(verbs.filter((verb) => verb === 'are').length)
    expect(items.every(({ choices, gold, meta }) => choices[gold]?.startsWith(` ${meta?.verb} `))).toBe(true)
  })
})

describe('planted questions', () => {
  const facts = planFacts(new Set(), createRandom(1))
  const items = plantedQuestions('planted-facts', facts, 20, createRandom(2))
  it('ask three prompts per fact, with the object among four and in no prompt', () => {
    expect(items).toHaveLength(3 * LEVELS.length * 20 * 3)
    for (const { context, choices, gold, meta } of items) {
      const fact = facts.find(({ id }) => id === meta?.fact_id)!
      expect(choices[gold]).toBe(` ${fact.object}`)
      expect(new Set(choices).size).toBe(4)
      expect(context).toContain(fact.subject)
      expect(context).not.toContain(fact.object)
    }
  })
})

describe('adaptation examples', () => {
  const nouns = ['key', 'lamp', 'coin', 'boat', 'fork'].map((singular) => ({
    singular,
    plural: `${singular}s`,
  }))
  const taken = new Set<string>()
  const items = agreementExamples('train', nouns, FAMILIAR_FRAMES, 64, createRandom(1), taken)
  it('cannot be answered by the neighbour or by a constant', () => {
    const share = (test: (i: (typeof items)[number]) => boolean): number =>
      items.filter(test).length / items.length
    expect(share(({ gold }) => gold === 1)).toBe(0.5)
    expect(share(({ gold, meta }) => (meta.attractor.endsWith('s') ? 1 : 0) === gold)).toBe(0.5)
  })
  it('never repeat, also across splits', () => {
    const more = agreementExamples('id', nouns, FAMILIAR_FRAMES, 64, createRandom(2), taken)
    expect(new Set([...items, ...more].map(({ context }) => context)).size).toBe(128)
    expect(() => agreementExamples('x', nouns, FAMILIAR_FRAMES, 10_000, createRandom(1))).toThrow('too few')
  })
})
