import { type LinearFit, nonNegativeLeastSquares } from '../../linear/index.js'
import { robustDeviation } from '../../stats/quantile.js'

/**
 * LR-aware loss law, L(t) = L0 + A · S1^(−α) − C · S2, with S1 = Σ η over all steps and
 * S2 = Σ_i Σ_{k≤i} (η_{k−1} − η_k) λ^(i−k) from the learning-rate peak on.
 *
 * Source: Tissue et al., "Scaling law with learning-rate annealing", arXiv:2408.11029, Eq. 1 (equation number not
 * checked against the text). Differs (docs/methods/curve.md#law-of-a-run): S2 leaves the warm-up out (it would put a
 * false .15 nats on runs without one), λ is fixed at .99 or .999, the first steps are not fitted.
 */
export interface Law {
  readonly L0: number
  readonly A: number
  readonly alpha: number
  /** 0 when the learning rate is not known or does not fall. */
  readonly C: number
  readonly lambda: number
  /** Robust standard deviation of the fitted points about the law. */
  readonly deviation: number
  /** Points fitted. */
  readonly n: number
  /** Whether a logged learning rate entered (else S1 counts steps and C = 0). */
  readonly learningRate: boolean
  /** Height of the step that was fitted beside the law, where the points carry one; nats. */
  readonly rise?: number
}

/** Loss level at a step with what the law needs there. Arrays of shape (n). */
export interface LawPoints {
  readonly loss: Float64Array
  /** Σ η up to the step. */
  readonly s1: Float64Array
  /** S2 at the step for each λ in LAMBDAS. */
  readonly s2: readonly Float64Array[]
  /** 0 before a spike and 1 behind it, to fit what the spike left (lasting-rise.ts). */
  readonly rise?: Float64Array
}

export const LAMBDAS = [0.99, 0.999] as const
const HUBER = 1.345
/** Strides are this share of the way behind them. */
const FINEST = 50_000

export function lawValue(law: Law, s1: number, s2: number): number {
  return law.L0 + law.A * s1 ** -law.alpha - law.C * s2
}

/** What is summed along a walk over the steps of training; one step may stand for many. */
class Walk {
  sum: number
  readonly momentum = LAMBDAS.map(() => 0)
  readonly total = LAMBDAS.map(() => 0)
  private stride = 0
  /** λ^stride, and Σ λ^i for i = 1 … stride. */
  private readonly decay = LAMBDAS.map(() => 0)
  private readonly geometric = LAMBDAS.map(() => 0)

  constructor(private rate: number) {
    this.sum = rate
  }

  /**
   * Go on by a number of steps along which the rate moves evenly, in closed form: with δ the fall of a step,
   * m_i = λ^i·m + δ·(1 − λ^i)/(1 − λ), and S2 grows by Σ m_i.
   */
  advance(steps: number, rate: number, isAnnealing: boolean): void {
    if (steps !== this.stride) this.setStride(steps)
    this.sum += steps * this.rate + ((rate - this.rate) * (steps + 1)) / 2
    const fall = isAnnealing ? (this.rate - rate) / steps : 0
    for (let l = 0; l < LAMBDAS.length; l++) {
      const memory = 1 / (1 - LAMBDAS[l])
      this.total[l] += this.momentum[l] * this.geometric[l] + fall * memory * (steps - this.geometric[l])
      this.momentum[l] = this.decay[l] * this.momentum[l] + fall * memory * (1 - this.decay[l])
    }
    this.rate = rate
  }

  private setStride(steps: number): void {
    this.stride = steps
    for (let l = 0; l < LAMBDAS.length; l++) {
      this.decay[l] = LAMBDAS[l] ** steps
      this.geometric[l] = (LAMBDAS[l] * (1 - this.decay[l])) / (1 - LAMBDAS[l])
    }
  }
}

/**
 * S1 and S2 at the wanted steps (ascending; broken ones are rounded down), walking every step of training up to 100,000
 * and 1/50,000 of the way at a time beyond: what is found at a step does not depend on how far the walk goes on.
 *
 * @param rateAt   learning rate at any step
 * @param peakStep S2 begins there
 */
export function annealing(
  rateAt: (step: number) => number,
  peakStep: number,
  wanted: ArrayLike<number>,
): { s1: Float64Array; s2: Float64Array[] } {
  const s1 = new Float64Array(wanted.length)
  const s2 = LAMBDAS.map(() => new Float64Array(wanted.length))
  const walk = new Walk(rateAt(0))
  const peak = Math.floor(peakStep)
  let step = 0
  for (let at = 0; at < wanted.length; at++) {
    const target = Math.floor(wanted[at])
    while (step < target) {
      const far = step + Math.max(1, Math.floor(step / FINEST))
      // The peak is a place to stop at: no stride lies on both sides of it.
      const next = Math.min(target, step < peak ? Math.min(far, peak) : far)
      walk.advance(next - step, rateAt(next), step >= peak)
      step = next
    }
    s1[at] = walk.sum
    for (let l = 0; l < LAMBDAS.length; l++) s2[l][at] = walk.total[l]
  }
  return { s1, s2 }
}

const ALPHA_LOW = 0.05
const ALPHA_HIGH = 1.5

interface Projected {
  readonly alpha: number
  readonly linear: LinearFit
}

/** Fit for one λ by variable projection: α on a refined grid, the rest linear. */
function fitFor(
  points: LawPoints,
  s2: Float64Array | undefined,
  weights: Float64Array,
): Projected | undefined {
  const n = points.loss.length
  const one = new Float64Array(n).fill(1)
  const power = new Float64Array(n)
  const minus = s2 === undefined ? undefined : s2.map((x) => -x)
  const at = (alpha: number): LinearFit | null => {
    for (let k = 0; k < n; k++) power[k] = points.s1[k] ** -alpha
    const basis = [one, power, ...(points.rise === undefined ? [] : [points.rise])]
    if (minus !== undefined) basis.push(minus)
    const fit = nonNegativeLeastSquares(basis, points.loss, weights)
    return fit.rank < basis.length ? null : fit
  }
  let best: Projected | undefined
  let low = ALPHA_LOW
  let high = ALPHA_HIGH
  for (let round = 0; round < 3; round++) {
    const width = (high - low) / 16
    for (let i = 0; i <= 16; i++) {
      const alpha = low + i * width
      const linear = at(alpha)
      // Where A is 0 every α fits alike, but for rounding: the first one stays.
      if (linear !== null && (best === undefined || linear.squares < best.linear.squares * (1 - 1e-12)))
        best = { alpha, linear }
    }
    if (best === undefined) return undefined
    low = Math.max(ALPHA_LOW, best.alpha - width)
    high = Math.min(ALPHA_HIGH, best.alpha + width)
  }
  return best
}

function lawOf(found: Projected, points: LawPoints, lambda: number, learningRate: boolean): Law {
  const [L0, A, ...rest] = found.linear.coefficients
  const rise = points.rise === undefined ? 0 : rest.shift()
  const n = points.loss.length
  return {
    L0,
    A,
    alpha: found.alpha,
    C: rest[0] ?? 0,
    lambda,
    deviation: 0,
    n,
    learningRate,
    ...(rise === undefined || points.rise === undefined ? {} : { rise }),
  }
}

/**
 * Fit the law robustly: two rounds of Huber reweighting, the better λ of the two (and, beside it, the height of a
 * lasting rise where the points carry one).
 * @param learningRate whether S1 and S2 come from a logged learning rate; without it C is 0
 * @returns undefined for fewer than eight points
 */
export function fitLaw(points: LawPoints, learningRate: boolean): Law | undefined {
  const n = points.loss.length
  if (n < 8) return undefined
  const falls = learningRate && points.s2[0].some((x) => x > 0)
  let best: Law | undefined
  for (let l = 0; l < (falls ? LAMBDAS.length : 1); l++) {
    let weights = new Float64Array(n).fill(1)
    let law: Law | undefined
    for (let round = 0; round < 3; round++) {
      const found = fitFor(points, falls ? points.s2[l] : undefined, weights)
      if (found === undefined) break
      law = lawOf(found, points, LAMBDAS[l], learningRate)
      const residuals = residualsOf(law, points)
      const scale = robustDeviation(residuals, 0) || 1e-9
      weights = residuals.map((r) => Math.min(1, (HUBER * scale) / Math.max(1e-12, Math.abs(r))))
      law = { ...law, deviation: scale }
    }
    if (law !== undefined && (best === undefined || law.deviation < best.deviation)) best = law
  }
  return best
}

/** Loss minus law at each point. */
export function residualsOf(law: Law, points: LawPoints): Float64Array {
  const s2 = points.s2[LAMBDAS.indexOf(law.lambda as (typeof LAMBDAS)[number])]
  return points.loss.map(
    (y, k) => y - lawValue(law, points.s1[k], s2[k]) - (law.rise ?? 0) * (points.rise?.[k] ?? 0),
  )
}
