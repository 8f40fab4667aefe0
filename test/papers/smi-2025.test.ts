/**
 * Size-dependent mutual information, arXiv:2502.04066 (docs/methods/smi.md): every step of the published fit on inputs
 * whose results are derived here by hand. The published counts and answers are not part of the project, so its
 * table (pythia-12b R² .602/.853/.856, …) cannot be recomputed here; each step that leads to it is.
 */
import { describe, expect, it } from 'vitest'
import type { FactCount } from '../../src/core/index.js'
import {
  type AnswerTotal,
  binNumber,
  fitPublishedLines,
  joinObservations,
  LINE_VARIANTS,
  mutualInformation,
  quantised,
  type RetentionFit,
} from '../../src/core/index.js'

function fact(fact_id: string, n_s: number, n_o: number, n_so: number, subject = fact_id): FactCount {
  return { fact_id, subject, object: 'object', relation: 'r', n_s, n_o, n_so }
}

function answer(fact_id: string, correct: number, total: number, params = 1024, model = 'm'): AnswerTotal {
  return { fact_id, model, params, correct, total }
}

/** Documents in which powers of two make every logarithm below whole. */
const DOCUMENTS = 2 ** 20

/**
 * A fact with MI = 2^exponent: n_s = n_o = n_so = c has MI = (c/n)·log2(n/c). With c = n/2: ½·1 = 2^−1;
 * c = n/4: ¼·2 = 2^−1; c = n/16: 4/16 = 2^−2; c = n/2^8: 8/2^8 = 2^−5; c = n/2^16: 16/2^16 = 2^−12.
 */
const SHARE = { half: 2 ** 19, sixteenth: 2 ** 16, twoTo8: 2 ** 12, twoTo16: 2 ** 4 } as const

function together(fact_id: string, c: number): FactCount {
  return fact(fact_id, c, c, c)
}

function rows(
  fits: readonly RetentionFit[],
  variant: string,
  measure: string,
  weighting = 'bins',
): RetentionFit {
  const found = fits.filter(
    (f) => f.variant === variant && f.measure === measure && f.weighting === weighting && f.model === 'm',
  )
  expect(found).toHaveLength(1)
  return found[0]
}

describe('mutual information, (1,1) cell', () => {
  it('is (n_so/n)·log2 of the ratio, in bits', () => {
    // n = 8, n_s = n_o = 4, n_so = 4: (4/8)·log2((1/2)/((1/2)(1/2))) = .5·log2 2 = .5
    expect(mutualInformation(4, 4, 4, 8)).toBe(0.5)
    // n = 16, n_s = 2, n_o = 4, n_so = 2: (1/8)·log2((1/8)/((1/8)(1/4))) = (1/8)·2 = .25
    expect(mutualInformation(2, 4, 2, 16)).toBe(0.25)
  })
  it('is 0 without a common document, 0 at independence and negative below it', () => {
    expect(mutualInformation(5, 5, 0, 100)).toBe(0)
    // n_so/n = 1/4 = (1/2)(1/2)
    expect(mutualInformation(4, 4, 2, 8)).toBe(0)
    // (1/8)·log2((1/8)/(1/4)) = −1/8
    expect(mutualInformation(4, 4, 1, 8)).toBe(-0.125)
  })
})

describe('binning', () => {
  it('truncates log2(v)·5 toward zero on both sides of 1', () => {
    // log2 v = ±.39 → ·5 = ±1.95 → ±1; rounding would give ±2, floor would give −2.
    expect(binNumber(2 ** 0.39)).toBe(1)
    expect(binNumber(2 ** -0.39)).toBe(-1)
    // |log2 v| < .2 falls into bin 0 from both sides.
    expect(binNumber(2 ** 0.19)).toBe(0)
    expect(Object.is(binNumber(2 ** -0.19), 0)).toBe(true)
    // An exact fifth stays: log2 v = −3 → −15 → q = −3.
    expect(quantised(binNumber(2 ** -3))).toBe(-3)
  })
  it('is exact at every power of two, so that counts on a border never fall off it', () => {
    for (let e = -60; e <= 60; e++) expect(binNumber(2 ** e)).toBe(5 * e)
  })
})

describe('axis of each version', () => {
  const [old, recent] = LINE_VARIANTS
  const range = { lowest: -60, highest: -5 }
  it('v2–v4: x = (q + 30)/30, SMI = x^(1 + 1/N) with N in billions, co-occurrence stays min–max', () => {
    // bin −75 → q = −15 → x = .5; N = 0.5e9 → exponent 1 + 1/.5 = 3 → .125; N = 1e9 → 2 → .25
    expect(old.axis('mi', -75, range, 5e8)).toBe(0.5)
    expect(old.axis('smi', -75, range, 5e8)).toBe(0.125)
    expect(old.axis('smi', -75, range, 1e9)).toBe(0.25)
    // q(n_so) from −12 to −1 at q = −6.5: (−6.5 + 12)/11 = .5
    expect(old.axis('cooccurrence', -32.5, range, 1e9)).toBe(0.5)
  })
  it('v5–v7: min–max of q, SMI = x^(1 + 1/log2 N) with N in parameters', () => {
    expect(recent.axis('mi', -32.5, range, 1024)).toBe(0.5)
    // log2 1024 = 10 → exponent 1.1; N = 2 → log2 2 = 1 → exponent 2 → .25
    expect(recent.axis('smi', -32.5, range, 1024)).toBeCloseTo(0.5 ** 1.1, 15)
    expect(recent.axis('smi', -32.5, range, 2)).toBe(0.25)
    expect(recent.axis('smi', -60, range, 1024)).toBe(0)
    expect(recent.axis('smi', -5, range, 1024)).toBe(1)
  })
})

describe('joining', () => {
  it('sums several answer rows of a fact and model before dividing', () => {
    // 1/4 and 3/4 → 4/8 = .5, not the mean of … the rows weigh by their totals: 1/1 and 0/3 → 1/4.
    const { models } = joinObservations([together('a', 4)], [answer('a', 1, 1), answer('a', 0, 3)], DOCUMENTS)
    expect(models[0].accuracy[0]).toBe(0.25)
  })
  it('counts facts on one side alone, and refuses a model of two sizes', () => {
    const joined = joinObservations(
      [together('a', 4), together('b', 4)],
      [answer('a', 1, 1), answer('z', 1, 1)],
      DOCUMENTS,
    )
    expect([joined.withoutCounts, joined.withoutAnswers]).toEqual([1, 1])
    expect(() =>
      joinObservations([together('a', 4)], [answer('a', 1, 1, 10), answer('a', 1, 1, 11)], 9),
    ).toThrow(/10 and 11/)
  })
})

describe('fit', () => {
  /*
   * Four facts with MI 2^−12 (c = n/2^16), two with 2^−5 (c = n/2^8), one with 2^−2 (c = n/16), one with 2^−1
   * (c = n/2); q = −12, −5, −2, −1; min–max x = 0, 7/11, 10/11, 1. Accuracies below; two facts are dropped.
   */
  const counts = [
    ...['a1', 'a2', 'a3', 'a4'].map((id) => together(id, SHARE.twoTo16)),
    ...['b1', 'b2'].map((id) => together(id, SHARE.twoTo8)),
    together('c', SHARE.sixteenth),
    together('d', SHARE.half),
    fact('never', 1000, 1000, 0),
    fact('below', SHARE.half, SHARE.half, 1),
  ]
  const answers = [
    answer('a1', 0, 4),
    answer('a2', 0, 4),
    answer('a3', 1, 4),
    answer('a4', 1, 4),
    answer('b1', 1, 4),
    answer('b2', 3, 4),
    answer('c', 3, 4),
    answer('d', 2, 4),
    answer('never', 4, 4),
    answer('below', 0, 4),
  ]
  const { fits } = fitPublishedLines(joinObservations(counts, answers, DOCUMENTS))

  // Bin means: a (0,0,.25,.25) → .125; b (.25,.75) → .5; c .75; d .5.
  const means = [0.125, 0.5, 0.75, 0.5]
  const perFact = [[0, 0, 0.25, 0.25], [0.25, 0.75], [0.75], [0.5]]

  /** Textbook least squares on the bin means, every bin counting `w` times. */
  function textbook(x: readonly number[], w: readonly number[]) {
    const W = w.reduce((a, b) => a + b)
    const mx = x.reduce((s, v, i) => s + (w[i] * v) / W, 0)
    const my = means.reduce((s, v, i) => s + (w[i] * v) / W, 0)
    const slope =
      x.reduce((s, v, i) => s + w[i] * (v - mx) * (means[i] - my), 0) /
      x.reduce((s, v, i) => s + w[i] * (v - mx) ** 2, 0)
    const intercept = my - slope * mx
    const rss = x.reduce((s, v, i) => s + w[i] * (means[i] - slope * v - intercept) ** 2, 0)
    const tss = means.reduce((s, v, i) => s + w[i] * (v - my) ** 2, 0)
    const squares = perFact.map((facts, i) => facts.map((y) => (y - slope * x[i] - intercept) ** 2))
    const binMse = squares.map((s) => s.reduce((a, b) => a + b) / s.length)
    return {
      slope,
      intercept,
      r2: 1 - rss / tss,
      mseOverBins: binMse.reduce((a, b) => a + b) / 4,
      mseOverFacts: squares.flat().reduce((a, b) => a + b) / 8,
    }
  }
  const once = [1, 1, 1, 1]
  const byFacts = [4, 2, 1, 1]
  const minMax = [0, 7 / 11, 10 / 11, 1]

  it('v5–v7, mutual information: unweighted line on bin means, by hand', () => {
    /*
     * In elevenths of x: 0, 7, 10, 11, mean 7. Σ(x−7)² = 49 + 0 + 9 + 16 = 74.
     * Means in eighths: 1, 4, 6, 4, mean 3.75. Σ(x−7)(y−3.75) = (−7)(−2.75) + 0 + 3·2.25 + 4·.25 = 27.
     * Slope = (27/74)·(11/8) = 297/592; intercept = 3.75/8 − (27/74)·(7/8) = 15/32 − 189/592 = 177/1184.
     * Bound = 594/1184 + 177/1184 = 771/1184.
     * Σ(y−3.75)² = 7.5625 + .0625 + 5.0625 + .0625 = 12.75; R² = 27²/(74·12.75) = 729/943.5.
     */
    const fit = rows(fits, 'v5-v7', 'mi')
    expect(fit.slope).toBeCloseTo(297 / 592, 12)
    expect(fit.intercept).toBeCloseTo(177 / 1184, 12)
    expect(fit.r2).toBeCloseTo(729 / 943.5, 12)
    expect(fit.bound.kind === 'estimate' && fit.bound.value).toBeCloseTo(771 / 1184, 12)
    expect([fit.facts, fit.bins, fit.dropped]).toEqual([8, 4, 2])
    expect(fit.mse).toBeCloseTo(textbook(minMax, once).mseOverBins, 12)
  })

  it('v5–v7, SMI: the same with x^(1 + 1/log2 N); N = 1024 gives the exponent 1.1', () => {
    const expected = textbook(
      minMax.map((x) => x ** 1.1),
      once,
    )
    const fit = rows(fits, 'v5-v7', 'smi')
    expect(fit.slope).toBeCloseTo(expected.slope, 12)
    expect(fit.intercept).toBeCloseTo(expected.intercept, 12)
    expect(fit.r2).toBeCloseTo(expected.r2, 12)
    expect(fit.mse).toBeCloseTo(expected.mseOverBins, 12)
  })

  it('co-occurrence: min–max of q(n_so) over the same facts, in both versions', () => {
    // n_so = 2^4, 2^12, 2^16, 2^19: x = 0, 8/15, 12/15, 1.
    const expected = textbook([0, 8 / 15, 12 / 15, 1], once)
    for (const variant of ['v5-v7', 'v2-v4']) {
      const fit = rows(fits, variant, 'cooccurrence')
      expect(fit.slope).toBeCloseTo(expected.slope, 12)
      expect(fit.r2).toBeCloseTo(expected.r2, 12)
    }
  })

  it('v2–v4: x = (q + 30)/30, N in billions', () => {
    const x = [18 / 30, 25 / 30, 28 / 30, 29 / 30]
    const mi = rows(fits, 'v2-v4', 'mi')
    expect(mi.slope).toBeCloseTo(textbook(x, once).slope, 12)
    const half = fitPublishedLines(
      joinObservations(
        counts,
        answers.map((a) => ({ ...a, params: 5e8 })),
        DOCUMENTS,
      ),
    ).fits
    const cubed = textbook(
      x.map((v) => v ** 3),
      once,
    )
    const smi = rows(half, 'v2-v4', 'smi')
    expect(smi.slope).toBeCloseTo(cubed.slope, 12)
    expect(smi.r2).toBeCloseTo(cubed.r2, 12)
    expect(smi.mse).toBeCloseTo(cubed.mseOverBins, 12)
  })

  it('facts weighting: every bin counts with its facts, residuals are averaged over facts', () => {
    const expected = textbook(minMax, byFacts)
    const fit = rows(fits, 'v5-v7', 'mi', 'facts')
    expect(fit.slope).toBeCloseTo(expected.slope, 12)
    expect(fit.intercept).toBeCloseTo(expected.intercept, 12)
    expect(fit.r2).toBeCloseTo(expected.r2, 12)
    expect(fit.mse).toBeCloseTo(expected.mseOverFacts, 12)
    const all = perFact.flat()
    const mean = all.reduce((a, b) => a + b) / 8
    const tss = all.reduce((s, y) => s + (y - mean) ** 2, 0)
    expect(fit.r2PerFact).toBeCloseTo(1 - (8 * expected.mseOverFacts) / tss, 12)
  })

  it('v2–v4 keeps MI = 2^−30 and drops what lies below; v5–v7 keeps both', () => {
    // n = 2^40: n_s = 2^38, n_o = 2^10, n_so = 2^9: (2^−31)·log2(2^−31/(2^−2·2^−30)) = 2^−31·1 = 2^−31: below.
    // n_so = 2^10 = n_o: 2^−30·log2(2^−30/2^−32) = 2^−30·2 = 2^−29: above. n_s = 2^39, n_o = n_so = 2^10:
    // 2^−30·log2(2^−30/2^−31) = 2^−30: on the border.
    const n = 2 ** 40
    const facts = [
      fact('below', 2 ** 38, 2 ** 10, 2 ** 9),
      fact('border', 2 ** 39, 2 ** 10, 2 ** 10),
      fact('above', 2 ** 38, 2 ** 10, 2 ** 10),
    ]
    const three = facts.map((f, i) => answer(f.fact_id, i, 2))
    const both = fitPublishedLines(joinObservations(facts, three, n)).fits
    expect(rows(both, 'v2-v4', 'mi').facts).toBe(2)
    expect(rows(both, 'v5-v7', 'mi').facts).toBe(3)
  })

  it('leaks stay in the published fit', () => {
    const leaking = counts.map((c) => (c.fact_id === 'd' ? { ...c, subject: 'the object itself' } : c))
    const again = fitPublishedLines(joinObservations(leaking, answers, DOCUMENTS)).fits
    expect(rows(again, 'v5-v7', 'mi').slope).toBe(rows(fits, 'v5-v7', 'mi').slope)
  })

  it('says why when there is nothing to fit', () => {
    const flat = fitPublishedLines(joinObservations([together('a', 4)], [answer('a', 1, 2)], DOCUMENTS))
    expect(flat.fits).toEqual([])
    expect(flat.notFitted).toHaveLength(6)
    expect(flat.notFitted.every((f) => f.reason !== '')).toBe(true)
  })
})
