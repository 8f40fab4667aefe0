import { describe, expect, it } from 'vitest'
import { rankCorrelations } from './span-ranks.js'

/** Three spans: losses fall with the score, rise with it, are all alike. */
const table = {
  models: ['a', 'b', 'c'].map((id) => ({ id, family: id, params: null, tokens: null })),
  spans: ['x', 'y', 'z'].map((document) => ({ document, domain: '', bytes: null })),
  losses: [Float64Array.of(1, 9, 5), Float64Array.of(2, 8, 5), Float64Array.of(3, 7, 5)],
}

describe('rank correlations', () => {
  it('by hand: scores 3, 2, 1 pull by 2, 0, −2; of ranks .5, 1.5, 2.5 that is −4, turned round 4, tied 0', () => {
    expect([...rankCorrelations(table, [0, 1, 2], [3, 2, 1])]).toEqual([-4, 4, 0])
  })

  it('count a model that was drawn twice twice: pulls 1, 1, −2 at ranks 1, 1, 2.5', () => {
    expect([...rankCorrelations(table, [0, 0, 2], [3, 2, 1])]).toEqual([-3, 3, 0])
  })

  it('leave a model aside that is not among the training models: pulls 1, −1 at ranks .5, 1.5', () => {
    expect([...rankCorrelations(table, [0, 2], [3, 1e9, 1])]).toEqual([-1, 1, 0])
  })
})
