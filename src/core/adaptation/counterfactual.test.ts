import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { type Claim, planCounterfactual } from './counterfactual.js'

const CAPITALS = [
  ['France', 'Paris'],
  ['Peru', 'Lima'],
  ['Kenya', 'Nairobi'],
  ['Norway', 'Oslo'],
  ['Chile', 'Santiago'],
  ['Ghana', 'Accra'],
  ['Cuba', 'Havana'],
  ['Iran', 'Tehran'],
] as const
const claims: Claim[] = CAPITALS.map(([country, capital]) => ({
  id: country,
  relation: 'capital',
  sentence: `The capital of ${country} is`,
  object: capital,
  alsoRight: [capital],
}))
const truth = new Map(claims.map((c) => [c.sentence, ` ${c.object}`]))

describe('statements against memory', () => {
  const plan = planCounterfactual(claims, 4, createRandom(2))!

  it('state what is false, of the question’s own subject once, and ask for it', () => {
    const asked = plan.trials.filter((t) => t.condition === 'given' && t.k > 0)
    expect(asked.length).toBe(8 * 2)
    for (const { shots, query, choices, gold } of asked) {
      expect(shots.filter((s) => s.query === query).map((s) => s.answer)).toEqual([choices[gold]])
      expect(shots.filter((s) => s.answer === truth.get(s.query))).toEqual([])
      expect(choices[1 - gold]).toBe(truth.get(query))
    }
  })

  it('trade the objects of two facts, so that a model which prefers one name to another is at 1/2', () => {
    const alphabetical = (choices: readonly string[]): number => (choices[0]! < choices[1]! ? 0 : 1)
    const asked = plan.trials.filter((t) => t.k === 1 && t.condition === 'given')
    const right = asked.filter((t) => alphabetical(t.choices) === t.gold).length
    expect(right).toBe(asked.length / 2)
  })

  it('have the true statement as their control', () => {
    const controls = plan.trials.filter((t) => t.condition === 'true-statement')
    expect(controls.length).toBe(8)
    for (const t of controls) expect(t.choices[t.gold]).toBe(truth.get(t.query))
  })

  it('leave facts out whose objects would be right for each other, and give up where all are', () => {
    const both = (id: string, object: string): Claim => ({
      id,
      relation: 'language',
      sentence: `In ${id} people speak`,
      object,
      alsoRight: ['French', 'German'],
    })
    expect(planCounterfactual([both('A', 'French'), both('B', 'German')], 4, createRandom(1))).toBeUndefined()
    expect(planCounterfactual([], 4, createRandom(1))).toBeUndefined()
  })
})
