import { describe, expect, it } from 'vitest'
import { createRandom, judgeRun, type TrainingRun } from '../../src/core/index.js'

const STEPS = 2000
const RUNS = 30
const CUT = 0.7
const LAMBDA = 0.999

/**
 * A run that follows L0 + A·S1^(−α) − C·S2 with planted parameters: cosine to a tenth of the peak, warm-up of 5 %,
 * normal noise. S1 and S2 are summed here step by step, from their definition.
 */
function planted(seed: number): { run: TrainingRun; end: number } {
  const random = createRandom(seed)
  const [L0, A, alpha, C] = [
    2 + random.uniform(),
    3 + 3 * random.uniform(),
    0.35 + 0.3 * random.uniform(),
    2e-4 + 6e-4 * random.uniform(),
  ]
  const warmup = 0.05 * STEPS
  const rate = (s: number): number =>
    s < warmup ? (s + 1) / warmup : 0.55 + 0.45 * Math.cos((Math.PI * (s - warmup)) / (STEPS - warmup))
  let s1 = 0
  let momentum = 0
  let s2 = 0
  const truth = Float64Array.from({ length: STEPS }, (_, s) => {
    s1 += rate(s)
    momentum = LAMBDA * momentum + (s > warmup ? rate(s - 1) - rate(s) : 0)
    s2 += momentum
    return L0 + A * s1 ** -alpha - C * s2
  })
  const rows = CUT * STEPS
  const empty = new Float64Array(0)
  return {
    end: truth[STEPS - 1],
    run: {
      id: `planted ${seed}`,
      format: 'planted',
      source: 'planted',
      step: Float64Array.from({ length: rows }, (_, s) => s),
      line: Float64Array.from({ length: rows }, (_, s) => s + 1),
      loss: truth.slice(0, rows).map((l) => l + 0.03 * random.normal()),
      learningRate: Float64Array.from({ length: rows }, (_, s) => 6e-4 * rate(s)),
      tokens: empty,
      validationLoss: empty,
      gradNorm: empty,
      seconds: empty,
      nonFinite: [],
      plannedSteps: STEPS,
      notes: [],
    },
  }
}

describe('predicted final loss of runs that follow the law, cut at 70 %', () => {
  it('lies in its 95 % interval about as often as it says', { timeout: 120_000 }, () => {
    let held = 0
    const errors: number[] = []
    for (let seed = 0; seed < RUNS; seed++) {
      const { run, end } = planted(seed)
      const { landing, verdict } = judgeRun(run)
      const p = landing.loss
      // The plan says 2,000 steps, the log has 1,400.
      expect(verdict).toBe('truncated')
      if (p.kind === 'notEstimable') throw new Error(p.reason)
      errors.push(Math.abs(p.value - end))
      if (p.interval.low <= end && end <= p.interval.high) held++
    }
    // A binomial with p = .95 falls below 26 of 30 in fewer than 2 % of cases.
    expect(held).toBeGreaterThanOrEqual(26)
    errors.sort((a, b) => a - b)
    expect(errors[RUNS / 2]).toBeLessThan(0.08)
  })
})
