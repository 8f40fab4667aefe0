/**
 * The interval of the bound on retention must hold the planted bound as often as it says, for the published
 * weighting (every bin counts once, so that a bin of a single fact has much leverage) and for the other.
 */
import { describe, expect, it } from 'vitest'
import {
  type AnswerTotal,
  createRandom,
  type FactCount,
  fitPublishedLines,
  joinObservations,
  type Random,
} from '../../src/core/index.js'

const RUNS = 200
const FACTS = 250

/** Gamma variate, Marsaglia & Tsang (2000). */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.uniform()) ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const x = random.normal()
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - random.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Accuracy of a fact around a mean, as spread out as published answers are: most facts are known or not. */
function beta(mean: number, random: Random): number {
  const a = gamma(0.6 * mean, random)
  return a / (a + gamma(0.6 * (1 - mean), random))
}

describe('bound on retention', () => {
  it.each(['bins', 'facts'] as const)(
    'its 95-percent intervals hold the truth with the weighting %s',
    (weighting) => {
      const random = createRandom(11)
      let held = 0
      for (let run = 0; run < RUNS; run++) {
        // n_so = n_s = n_o = c with c/n = 2^−e: MI = e·2^−e falls by bins as e grows; ends are rarely met.
        const documents = 2 ** 40
        const exponents = Array.from({ length: FACTS }, () =>
          Math.min(34, Math.max(6, 18 + 4 * random.normal())),
        )
        const counts = exponents.map((e, i): FactCount => {
          const c = Math.round(2 ** (40 - e))
          return {
            fact_id: `${i}`,
            subject: `s${i}`,
            object: `o${i}`,
            relation: 'r',
            n_s: c,
            n_o: c,
            n_so: c,
          }
        })
        const blank = joinObservations(counts, [], documents)
        const bins = blank.facts.map((f) => f.miBin ?? 0)
        const lowest = Math.min(...bins)
        const width = Math.max(...bins) - lowest
        // The truth is a line on the published axis: .05 at its foot, .65 at its top, which is the bound.
        const answers = bins.map((bin, i): AnswerTotal => {
          const p = beta(0.05 + (0.6 * (bin - lowest)) / width, random)
          let correct = 0
          for (let t = 0; t < 20; t++) if (random.uniform() < p) correct++
          return { fact_id: `${i}`, model: 'm', params: 1e9, correct, total: 20 }
        })
        const { fits } = fitPublishedLines(joinObservations(counts, answers, documents))
        const fit = fits.find((f) => f.variant === 'v5-v7' && f.measure === 'mi' && f.weighting === weighting)
        if (fit?.bound.kind !== 'estimate') throw new Error('no bound')
        if (fit.bound.interval.low <= 0.65 && 0.65 <= fit.bound.interval.high) held++
      }
      // 95 % of 200 is 190; three standard errors (√(200·.95·.05) = 3.1) below are 181.
      expect(held).toBeGreaterThanOrEqual(181)
    },
    180_000,
  )
})
