import { LAMBDAS } from './law.js'

/** Strides are this share of the way behind them. */
const FINEST = 50_000

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
