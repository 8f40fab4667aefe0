import { describe, expect, it } from 'vitest'
import { createRandom } from '../random/index.js'
import { planRules, RULE_KINDS } from './rules.js'
import type { Trial } from './trial.js'

const SIZES = { rules: 4, questions: 6, shots: [0, 1, 4, 16] }
const plan = (id: string) => planRules(RULE_KINDS.find((k) => k.id === id)!, SIZES, createRandom(3))
const inputOf = (query: string): string[] => query.replace(' ->', '').split(' ')

/** What a reader who knows the kind, but not the drawn rule, finds in 16 shots; undefined where shots say nothing. */
const SOLVERS: Readonly<Record<string, (trial: Trial) => string | undefined>> = {
  recall: ({ shots, query }) => shots.find((s) => s.query === query)?.answer,
  first: ({ shots, query }) => shots.find((s) => inputOf(s.query)[0] === inputOf(query)[0])?.answer,
  contains: ({ shots, query, choices }) => {
    const holds = (q: string, m: string): boolean => inputOf(q).includes(m)
    for (const marker of 'bcdfghjklmnpqrstvwxz')
      for (const [yes, no] of [choices, choices.toReversed()])
        if (shots.every((s) => s.answer === (holds(s.query, marker) ? yes : no)))
          return holds(query, marker) ? yes : no
    return undefined
  },
  same: ({ shots, query }) => {
    const same = (q: string): boolean => new Set(inputOf(q)).size === 1
    return shots.find((s) => same(s.query) === same(query))?.answer
  },
  parity: ({ shots, query }) => {
    const odd = (q: string): number => inputOf(q).filter((s) => s === inputOf(query)[0]).length % 2
    return shots.find((s) => odd(s.query) === odd(query))?.answer
  },
}

describe.each(RULE_KINDS.map((kind) => kind.id))('rules of the kind %s', (id) => {
  const trials = plan(id).trials

  it('can be told from 16 shots, whatever the seed', () => {
    const asked = trials.filter((t) => t.k === 16 && t.condition === 'given')
    expect(asked.length).toBe(4 * 6)
    for (const trial of asked) expect(SOLVERS[id]!(trial), trial.item).toBe(trial.choices[trial.gold])
  })

  it('have as many shots and questions of either label, and shots in one nested order', () => {
    for (const trial of trials.filter((t) => t.k === 16)) {
      const first = trial.shots.filter((s) => s.answer === trial.choices[0]).length
      expect(first).toBe(8)
      const fewer = trials.find((t) => t.k === 4 && t.item === trial.item && t.condition === trial.condition)
      expect(fewer?.shots).toEqual(trial.shots.slice(0, 4))
    }
    const golds = trials.filter((t) => t.k === 0).map((t) => t.gold)
    expect(golds.filter((gold) => gold === 1).length).toBe(golds.length / 2)
  })

  it('never show the question itself, but where looking up is the rule', () => {
    const shown = trials.filter((t) => t.shots.some((s) => s.query === t.query))
    expect(shown.length > 0).toBe(id === 'recall')
  })

  it('are the same of one seed and others of another', () => {
    const kind = RULE_KINDS.find((k) => k.id === id)!
    expect(plan(id)).toEqual(plan(id))
    expect(planRules(kind, SIZES, createRandom(4)).trials).not.toEqual(trials)
  })
})
