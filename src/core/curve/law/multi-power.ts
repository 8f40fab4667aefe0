import type { Course } from './course.js'

/** Parameters of the multi-power law, in the order of every vector of them. Rates are shares of the peak. */
export const PARAMETERS = ['L0', 'logA', 'alpha', 'logB', 'logC', 'beta', 'gamma', 'warm'] as const
export const P = PARAMETERS.length

/** The least rate that a fall is weighed with: at 0 nothing is learned any more, and a power of it has no value. */
const LEAST_RATE = 1e-6

/**
 * Multi-power law of a loss under a learning-rate schedule,
 *
 *     L(t) = L0 + A·S(t)^(−α) − B·Σ_k (η_{k−1} − η_k)·G(η_k^(−γ)·S_k(t)),   G(x) = 1 − (1 + C·x)^(−β)
 *
 * with S(t) = Σ η up to t, the warm-up included, and S_k(t) the same from step k on. Of what a log does not show of the
 * steps before its first, `warm` is the share that the warm-up took away: .5 where all of it was a linear warm-up.
 *
 * @param theta  PARAMETERS
 * @param course rates as shares of the peak
 * @param sums   S at n steps of the course, > 0
 * @param out    losses, shape (n)
 * @param slopes d loss / d theta, row-major, shape (n, 8); null where they are not wanted
 *
 * Source: Luo et al., "A multi-power law for loss curve prediction across learning rate schedules", arXiv:2503.12811,
 * Eq. 4 (equation number not checked against the text). Differs: rates are shares of the peak, so that A, B and C do not
 * depend on the optimiser's scale; falls of a course's cell are taken at its middle.
 */
export function multiPower(
  theta: Float64Array,
  course: Pick<Course, 'falls' | 'unlogged'>,
  sums: Float64Array,
  out: Float64Array,
  slopes: Float64Array | null,
): void {
  const [L0, logA, alpha, logB, logC, beta, gamma, warm] = theta
  const B = Math.exp(logB)
  const C = Math.exp(logC)
  const { size, sum, rate } = course.falls
  const logRate = rate.map((r) => Math.log(Math.max(LEAST_RATE, r)))
  const scale = logRate.map((l) => Math.exp(-gamma * l))
  for (let i = 0; i < sums.length; i++) {
    const effective = sums[i] - warm * course.unlogged
    const logS = Math.log(effective)
    const power = Math.exp(logA - alpha * logS)
    let drop = 0
    let byC = 0
    let byBeta = 0
    let byGamma = 0
    for (let k = 0; k < size.length && sum[k] < sums[i]; k++) {
      const x = C * scale[k] * (sums[i] - sum[k])
      const log = Math.log1p(x)
      const left = Math.exp(-beta * log)
      drop += size[k] * (1 - left)
      if (slopes === null) continue
      const slope = (size[k] * beta * left * x) / (1 + x)
      byC += slope
      byBeta += size[k] * left * log
      byGamma -= slope * logRate[k]
    }
    out[i] = L0 + power - B * drop
    if (slopes === null) continue
    const byWarm = (alpha * power * course.unlogged) / effective
    slopes.set([1, power, -power * logS, -B * drop, -B * byC, -B * byBeta, -B * byGamma, byWarm], i * P)
  }
}
