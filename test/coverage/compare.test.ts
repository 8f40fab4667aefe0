import { describe, expect, it } from 'vitest'
import {
  createRandom,
  mcnemarMidP,
  pairedDifference,
  studentBeyond,
  studentQuantile,
} from '../../src/core/index.js'
import { type AnswerTruth, alike, simulateAnswers } from './simulated-answers.js'

/** Share of trials in which two models are called different at 5 %. */
function toldShare(name: string, truth: AnswerTruth, trials: number): number {
  const random = createRandom(5).derive(name)
  let told = 0
  for (let trial = 0; trial < trials; trial++)
    if ((pairedDifference(simulateAnswers(truth, random), 0.95).p ?? 1) <= 0.05) told++
  return told / trials
}

describe('two seeds of one model', () => {
  // 10,000 trials: a rate of 5 % is known to ±.43 points.
  it.each<[string, AnswerTruth]>([
    ['items alone', { clusters: alike(150), shift: 0, ofCluster: 0, ofItem: 0.5, difficulty: 1.5 }],
    ['clusters', { clusters: alike(40, 4), shift: 0, ofCluster: 1, ofItem: 0.5, difficulty: 1 }],
  ])('are called different in 4 to 6 of 100 cases at 5 %% (%s)', (name, truth) => {
    const share = toldShare(name, truth, 10_000)
    expect(share).toBeGreaterThan(0.04)
    expect(share).toBeLessThan(0.06)
  })

  it('would be called so far more often if clusters were ignored', () => {
    const random = createRandom(6)
    let told = 0
    for (let trial = 0; trial < 1000; trial++) {
      const { a, b } = simulateAnswers(
        { clusters: alike(40, 4), shift: 0, ofCluster: 1, ofItem: 0.5, difficulty: 1 },
        random,
      )
      if ((pairedDifference({ a, b, clusters: a.map((_, i) => i) }, 0.95).p ?? 1) <= 0.05) told++
    }
    expect(told / 1000).toBeGreaterThan(0.07)
  })
})

describe('a true difference', () => {
  it('is told as often as its standard error says; of the smallest detectable size that is four times of five', () => {
    const truth: AnswerTruth = {
      clusters: alike(300),
      shift: 0.5,
      ofCluster: 0,
      ofItem: 0.5,
      difficulty: 1.5,
    }
    const random = createRandom(7)
    const trials = 1500
    const found = Array.from({ length: trials }, () => pairedDifference(simulateAnswers(truth, random), 0.95))
    const mean =
      found.reduce((sum, { estimate: e }) => sum + (e.kind === 'estimate' ? e.value : 0), 0) / trials
    const told = found.filter(({ p }) => (p ?? 1) <= 0.05).length / trials
    /** P(Z < z). */
    const below = (z: number): number => (z > 0 ? 1 : 0) - (Math.sign(z) * studentBeyond(z, 1e9)) / 2
    const power = (of: (error: number, detectable: number) => number): number =>
      found.reduce((sum, { error, degrees, detectable }) => {
        const z = of(error, detectable ?? 0) / error - studentQuantile(0.975, degrees)
        return sum + below(z) / trials
      }, 0)
    expect(Math.abs(told - power(() => mean))).toBeLessThan(0.04)
    expect(power((_, detectable) => detectable)).toBeCloseTo(0.8, 2)
  })
})

describe('Student’s t with half an item', () => {
  it('agrees with McNemar’s mid-p on what is told at 5 %, but next to it', () => {
    for (let n = 25; n <= 60; n++)
      for (let lost = 0; lost <= n / 2; lost++) {
        const gained = n - lost
        const a = Array.from({ length: 500 }, (_, i) => (i < lost ? 1 : 0))
        const b = Array.from({ length: 500 }, (_, i) => (i >= lost && i < n ? 1 : 0))
        const { p } = pairedDifference({ a, b, clusters: a.map((_, i) => i) }, 0.95)
        const midP = mcnemarMidP(gained, lost)
        if (midP < 0.045 || midP > 0.055) expect((p ?? 1) <= 0.05).toBe(midP <= 0.05)
      }
  })
})
