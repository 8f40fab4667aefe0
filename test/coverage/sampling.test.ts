import { describe, expect, it } from 'vitest'
import { createRandom, type EvaluationRow, planSampling } from '../../src/core/index.js'

const LEVEL = 0.8
const TRIALS = 1000
const FLOPS = 1e22

interface Planted {
  readonly theta: readonly [number, number, number, number]
  /** Spread of runs about the law, and of single rates about their run, in ln(−ln Q). */
  readonly run: number
  readonly rate: number
  /** k that run i of n reports. */
  ks(i: number, n: number): readonly number[]
}

/** The suites: the law of the first trial (same k everywhere), noise of single rates, and runs that stop at different k. */
const SUITES: Readonly<Record<string, Planted>> = {
  'one offset a run': { theta: [9, -0.17, -0.4, 0], run: 0.05, rate: 0, ks: () => [1, 4, 16, 64] },
  'noise in every rate': { theta: [9, -0.17, 0.4, -0.015], run: 0.05, rate: 0.03, ks: () => [1, 4, 16, 64] },
  'different k a run': {
    theta: [7.6, -0.145, 0.5, -0.018],
    run: 0.08,
    rate: 0.01,
    ks: (i, n) => (i < n / 2 ? [1, 2, 4, 8, 16, 32, 64, 128] : [1, 4, 16]),
  },
}

/** How often the interval of pass@16 at 1e22 FLOPs holds the planted law, runs being spread over 1e19 … 3e21. */
function coverage(
  runs: number,
  { theta: [c0, c1, c2, c3], run, rate, ks }: Planted,
): { hits: number; answered: number } {
  const uAt = (flops: number, k: number): number =>
    c0 + c1 * Math.log(flops) + c2 * Math.log(k) + c3 * Math.log(flops) * Math.log(k)
  let hits = 0
  let answered = 0
  for (let seed = 1; seed <= TRIALS; seed++) {
    const random = createRandom(seed).derive(`sampling of ${runs}`)
    const rows = Array.from({ length: runs }, (_, i) => {
      const flops = 10 ** (19 + (2.5 * i) / (runs - 1))
      const offset = run * random.normal()
      return ks(i, runs).map(
        (k): EvaluationRow => ({
          model: `m${i}`,
          family: null,
          params: 1e9,
          tokens: null,
          flops,
          checkpoint: null,
          benchmark: 'b',
          metric: `pass@${k}`,
          value: Math.exp(-Math.exp(uAt(flops, k) + offset + rate * random.normal())),
          n_items: null,
          chance: 0,
          k,
          loss: null,
          task_loss: null,
          subset: null,
          source: 'planted',
        }),
      )
    }).flat()
    const { plans } = planSampling(
      rows,
      [],
      { params: null, tokens: null, flops: FLOPS },
      {
        ks: [16],
        tokensPerSample: 256,
        level: LEVEL,
      },
    )
    const estimate = plans[0]?.rows[0].passRate
    if (estimate?.kind !== 'estimate') continue
    answered++
    const truth = Math.exp(-Math.exp(uAt(FLOPS, 16)))
    if (estimate.interval.low <= truth && truth <= estimate.interval.high) hits++
  }
  return { hits, answered }
}

describe.each(Object.entries(SUITES))('intervals of pass@16, planted with %s', (_, planted) => {
  // Of 1,000 trials at 80 % a share lies within three standard errors, ± 3.8 points, 997 times of 1,000.
  it.each([5, 8, 12])(
    'of %d runs hold 76–84 of a hundred at 80 (1,000 trials), nearly all answered',
    (runs) => {
      const { hits, answered } = coverage(runs, planted)
      expect(answered).toBeGreaterThan(0.9 * TRIALS)
      expect(hits / answered).toBeGreaterThanOrEqual(0.76)
      expect(hits / answered).toBeLessThanOrEqual(0.84)
    },
  )

  it('of 3 runs are not given', () => {
    expect(coverage(3, planted).answered).toBe(0)
  })
})
