/**
 * The interval of the share of facts to retrieve must hold the true share: facts in cells whose planted accuracy is
 * below what is wanted, where cells stray from the form by chance.
 */
import { describe, expect, it } from 'vitest'
import { type AnswerTotal, createRandom, type FactCount, joinObservations } from '../../src/core/index.js'
import { adviseRetrieval } from '../../src/core/retention/advice/advice.js'
import type { Candidate } from '../../src/core/retention/held-out/predictor.js'

const RUNS = 300
const RELATIONS = 12
/** One count in each of four frequency bands. */
const COUNTS = [2, 6, 20, 60]

describe('share of facts to retrieve', () => {
  it.each([
    [5, 0],
    [5, 0.15],
    [20, 0.15],
    [20, 0.3],
  ])('its 95-percent intervals hold the truth: %i facts a cell, cells stray by %d', (perCell, strays) => {
    const random = createRandom(19)
    let held = 0
    for (let run = 0; run < RUNS; run++) {
      const counts: FactCount[] = []
      const answers: AnswerTotal[] = []
      const form = new Map(COUNTS.map((n_so, i) => [n_so, [0.15, 0.4, 0.6, 0.85][i]]))
      let below = 0
      for (let r = 0; r < RELATIONS; r++)
        for (const [n_so, expected] of form) {
          const truth = Math.min(0.99, Math.max(0.01, expected + strays * random.normal()))
          if (truth < 0.5) below++
          for (let i = 0; i < perCell; i++) {
            const fact_id = `${r}/${n_so}/${i}`
            const names = { subject: `s${fact_id}`, object: `o${fact_id}`, relation: `r${r}` }
            counts.push({ fact_id, ...names, n_s: 2 * n_so, n_o: 2 * n_so, n_so })
            const correct = random.uniform() < truth ? 1 : 0
            answers.push({ fact_id, model: 'm', params: 1e8, correct, total: 1 })
          }
        }
      const observations = joinObservations(counts, answers, 1e6)
      const expectedOf = new Map(observations.facts.map((f) => [f.pairBin, form.get(f.n_so) ?? 0]))
      const candidate: Candidate = {
        variant: 'logistic',
        measure: 'cooccurrence',
        weighting: 'facts',
        pools: true,
        learn: () => (bin) => expectedOf.get(bin) ?? 0,
      }
      const advice = adviseRetrieval(observations, candidate, observations.models[0])
      if (advice?.retrieved.kind !== 'estimate') throw new Error('no share')
      const { low, high } = advice.retrieved.interval
      const truth = below / (RELATIONS * COUNTS.length)
      if (low <= truth + 1e-9 && truth - 1e-9 <= high) held++
    }
    // Three standard errors of 300 runs at .95 are .038; the interval adds cells' errors up, so it errs on the wide side.
    expect(held / RUNS).toBeGreaterThanOrEqual(0.95 - 0.038)
  })
})
