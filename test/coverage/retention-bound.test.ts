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
  meanAccuracy,
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

/** Counts of facts whose mutual information spreads over many bins; the ends are rarely met. */
function countsOf(facts: number, random: Random): FactCount[] {
  return Array.from({ length: facts }, (_, i): FactCount => {
    // n_so = n_s = n_o = c with c/n = 2^−e: MI = e·2^−e falls by bins as e grows.
    const e = Math.min(34, Math.max(6, 18 + 4 * random.normal()))
    const c = Math.round(2 ** (40 - e))
    return { fact_id: `${i}`, subject: `s${i}`, object: `o${i}`, relation: 'r', n_s: c, n_o: c, n_so: c }
  })
}
const DOCUMENTS = 2 ** 40

const WEIGHTINGS = ['bins', 'facts'] as const

/** Share of runs whose interval of a bound holds the truth, by weighting: both are fitted to the same draws. */
function coverage(
  make: (random: Random) => { counts: FactCount[]; answers: AnswerTotal[] },
  model: string,
  truth: number,
): Record<(typeof WEIGHTINGS)[number], number> {
  const random = createRandom(13)
  const held = { bins: 0, facts: 0 }
  for (let run = 0; run < RUNS; run++) {
    const { counts, answers } = make(random)
    const { fits } = fitPublishedLines(joinObservations(counts, answers, DOCUMENTS))
    for (const weighting of WEIGHTINGS) {
      const fit = fits.find(
        (f) => f.model === model && f.variant === 'v5-v7' && f.measure === 'mi' && f.weighting === weighting,
      )
      if (fit?.bound.kind !== 'estimate') throw new Error('no bound')
      if (fit.bound.interval.low <= truth && truth <= fit.bound.interval.high) held[weighting] += 1 / RUNS
    }
  }
  return held
}

/** 95 % of 200 runs is 190; three standard errors (√(200·.95·.05) = 3.1) below are 181. */
const LEAST = 181 / RUNS

describe('bound where nearly all answers agree', () => {
  // A flat truth near the edge: with 40 facts asked once, three samples of ten have no wrong answer at all.
  it.each([
    [40, 0.97, 1],
    [40, 0.03, 1],
    [20, 0.99, 1],
    [200, 0.995, 1],
    [40, 0.97, 3],
  ])('holds the truth: %i facts, accuracy %d, asked %i times', (facts, truth, total) => {
    const make = (random: Random) => ({
      counts: countsOf(facts, random),
      answers: Array.from({ length: facts }, (_, i): AnswerTotal => {
        const p = beta(truth, random)
        let correct = 0
        for (let t = 0; t < total; t++) if (random.uniform() < p) correct++
        return { fact_id: `${i}`, model: 'm', params: 1e9, correct, total }
      }),
    })
    const held = coverage(make, 'm', truth)
    for (const weighting of WEIGHTINGS)
      expect(held[weighting], weighting).toBeGreaterThanOrEqual(LEAST - 1e-9)
  })
})

describe('bound of a line over several models', () => {
  it.each([0, 0.9])('holds the truth where models share %d of what they know', (shared) => {
    // Four models of one accuracy at every frequency; a fact that one keeps, the others tend to keep.
    const make = (random: Random) => {
      const counts = countsOf(150, random)
      const answers = counts.flatMap(({ fact_id }) => {
        const common = beta(0.4, random)
        return ['a', 'b', 'c', 'd'].map((model): AnswerTotal => {
          const p = random.uniform() < shared ? common : beta(0.4, random)
          let correct = 0
          for (let t = 0; t < 3; t++) if (random.uniform() < p) correct++
          return { fact_id, model, params: 1e9, correct, total: 3 }
        })
      })
      return { counts, answers }
    }
    const held = coverage(make, 'pooled', 0.4)
    for (const weighting of WEIGHTINGS)
      expect(held[weighting], weighting).toBeGreaterThanOrEqual(LEAST - 1e-9)
  })
})

describe('mean accuracy', () => {
  it.each([
    [10, 0.03, 1],
    [30, 0.97, 1],
    [30, 0.1, 3],
    [100, 0.5, 3],
    [30, 0.97, 20],
  ])('its intervals hold the truth: %i facts, accuracy %d, asked %i times', (facts, truth, total) => {
    const random = createRandom(17)
    let held = 0
    for (let run = 0; run < 1000; run++) {
      const values = Array.from({ length: facts }, () => {
        const p = beta(truth, random)
        let correct = 0
        for (let t = 0; t < total; t++) if (random.uniform() < p) correct++
        return correct / total
      })
      const mean = meanAccuracy(values)
      if (mean.kind === 'estimate' && mean.interval.low <= truth && truth <= mean.interval.high) held++
    }
    // Three standard errors of 1,000 runs are .021; a score interval of whole counts may be that far off by itself.
    expect(held / 1000).toBeGreaterThan(0.95 - 0.021 - 0.01)
  })
})

describe('bound on retention', () => {
  it.each(['bins', 'facts'] as const)(
    'its 95-percent intervals hold the truth with the weighting %s',
    (weighting) => {
      const random = createRandom(11)
      let held = 0
      for (let run = 0; run < RUNS; run++) {
        const counts = countsOf(FACTS, random)
        const blank = joinObservations(counts, [], DOCUMENTS)
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
        const { fits } = fitPublishedLines(joinObservations(counts, answers, DOCUMENTS))
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
