/**
 * The interval of a relation's accuracy is about facts and templates that were not asked: it must hold the mean over
 * all facts and all templates, of which few templates were drawn.
 */
import { describe, expect, it } from 'vitest'
import { type Answer, clusteredAccuracy, createRandom } from '../../src/core/index.js'

const RUNS = 600

function answer(fact: number, template: number, right: boolean): Answer {
  return {
    fact_id: `f${fact}`,
    model: 'm',
    params: 1e6,
    relation: 'r',
    domain: 'd',
    template: `t${template}`,
    reading: 'ranking',
    correct: right ? 1 : 0,
    total: 1,
    logprob: null,
    rank: null,
    candidates: null,
    confidence: null,
    answer: null,
  }
}

describe('accuracy over facts and templates', () => {
  /**
   * A fact is answered when u_fact + u_template + noise > 0, all normal around 0: the truth is 1/2 by symmetry.
   * Three standard errors of 600 runs at .95 are .027.
   */
  it.each([
    [2, 60, 2, 0.5],
    [3, 60, 2, 0.5],
    [3, 40, 2, 1],
    [5, 60, 2, 0.7],
    [2, 40, 3, 0.7],
    [2, 60, 2, 0],
    [8, 100, 4, 0.5],
  ])(
    'its 95-percent intervals hold the truth: %i templates, %i facts, deviations of %d between facts and %d between templates',
    (templates, facts, ofFacts, ofTemplates) => {
      const random = createRandom(23)
      let held = 0
      for (let run = 0; run < RUNS; run++) {
        const known = Array.from({ length: facts }, () => ofFacts * random.normal())
        const rows = Array.from({ length: templates }, (_, t) => {
          const ease = ofTemplates * random.normal()
          return known.map((u, f) => answer(f, t, u + ease + random.normal() > 0))
        })
        const mean = clusteredAccuracy(rows.flat(), 0.95)
        if (mean.kind === 'estimate' && mean.interval.low <= 0.5 && 0.5 <= mean.interval.high) held++
      }
      expect(held / RUNS).toBeGreaterThanOrEqual(0.95 - 0.027)
    },
    60_000,
  )
})
