import { type Estimate, estimate, notEstimable } from '../estimate.js'
import { inverseGram, leastSquares } from '../linear/index.js'
import { quantile } from '../stats/quantile.js'
import { studentQuantile } from '../stats/student.js'

/** Effective data transferred at one fine-tuning size by a model of one size. */
export interface TransferPoint {
  /** Fine-tuning examples or tokens D_F, > 0. */
  readonly fineTuned: number
  /** Parameters N, > 0. */
  readonly params: number
  /** Effective data transferred D_T, in the unit of `fineTuned`. */
  readonly transferred: number
}

/** D_T = k·D_F^alpha·N^beta. */
export interface TransferLaw {
  /** ln k. */
  readonly logK: Estimate
  readonly alpha: Estimate
  /** `notEstimable` where all points are of one model size; its part is then in ln k. */
  readonly beta: Estimate
  readonly points: number
  /** Points outside the law's regime, left out. */
  readonly outside: number
}

/** The law holds where fine-tuning data are at most this share of the effective data. */
export const LOW_DATA = 0.1

/**
 * The transfer law by least squares in logarithms, with t intervals.
 *
 * Abstains outside its regime: points whose fine-tuning data are more than a tenth of the effective data D_F + D_T (or
 * where nothing was transferred) are left out, and fewer than three more points than coefficients give no law.
 *
 * Source: Hernandez et al., arXiv:2102.01293, Eq. 1 and its low-data regime (equation number unchecked).
 */
export function fitTransferLaw(points: readonly TransferPoint[], level: number): TransferLaw {
  const kept = points.filter(
    (p) => p.transferred > 0 && p.fineTuned <= LOW_DATA * (p.fineTuned + p.transferred),
  )
  const outside = points.length - kept.length
  const oneSize = kept.every((p) => p.params === kept[0].params)
  const columns = [
    kept.map(() => 1),
    kept.map((p) => Math.log(p.fineTuned)),
    ...(oneSize ? [] : [kept.map((p) => Math.log(p.params))]),
  ]
  const degrees = kept.length - columns.length
  const none = (reason: string): TransferLaw => {
    const e = notEstimable(reason)
    return { logK: e, alpha: e, beta: e, points: kept.length, outside }
  }
  if (degrees < 3)
    return none(
      `${kept.length} points in the law's regime (${outside} outside), ${columns.length + 3} are needed`,
    )
  const { coefficients, squares } = leastSquares(
    columns,
    kept.map((p) => Math.log(p.transferred)),
  )
  const { inverse } = inverseGram(columns)
  if (inverse === null) return none('the points do not tell fine-tuning data from model size')
  const t = studentQuantile((1 + level) / 2, degrees)
  const of = (k: number, unit: string): Estimate => {
    const half = t * Math.sqrt((squares / degrees) * inverse[k * columns.length + k])
    const value = coefficients[k]
    return estimate(value, { low: value - half, high: value + half, level }, unit, kept.length)
  }
  return {
    logK: of(0, 'ln examples'),
    alpha: of(1, 'exponent'),
    beta: oneSize ? notEstimable('all points are of one model size') : of(2, 'exponent'),
    points: kept.length,
    outside,
  }
}

/**
 * A law whose points share the errors of one curve: intervals that hold both what t says of the points' scatter and the
 * percentiles of the law fitted anew to draws of that curve.
 *
 * @param draws the law of each draw; where more than half have none there is none
 */
export function widenedLaw(law: TransferLaw, draws: readonly TransferLaw[], level: number): TransferLaw {
  const tail = (1 - level) / 2
  const widened = (own: Estimate, of: (drawn: TransferLaw) => Estimate): Estimate => {
    if (own.kind === 'notEstimable') return own
    const values = draws.map(of).flatMap((e) => (e.kind === 'estimate' ? [e.value] : []))
    if (values.length < draws.length / 2)
      return notEstimable(`${values.length} of ${draws.length} draws of the curves give a law`)
    const low = Math.min(own.interval.low, quantile(values, tail))
    const high = Math.max(own.interval.high, quantile(values, 1 - tail))
    return estimate(own.value, { low, high, level }, own.unit, own.n)
  }
  return { ...law, logK: widened(law.logK, (d) => d.logK), alpha: widened(law.alpha, (d) => d.alpha) }
}
