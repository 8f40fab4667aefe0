import { type Estimate, estimate, notEstimable } from '../estimate.js'
import { normalQuantile, studentQuantile, wilsonInterval } from '../stats/index.js'

/** Sums over the stretches of a corpus that were drawn: of a part x, of the whole y, and of their products. */
export interface DrawnSums {
  readonly units: number
  readonly x: number
  readonly y: number
  readonly xx: number
  readonly xy: number
  readonly yy: number
}

/**
 * Σx / Σy of a corpus of which stretches were drawn, each with the same chance: the ratio estimator with clusters as units.
 *
 * @param drawn chance with which a stretch was drawn
 *
 * Source: W. G. Cochran, Sampling Techniques, 3rd ed. (1977), Sections 6.3 and 9A.
 */
export function sampledRatio(
  { units, x, y, xx, xy, yy }: DrawnSums,
  drawn: number,
  unit: string,
  level: number,
): Estimate {
  if (units < 2)
    return notEstimable('one stretch of the corpus was drawn: how stretches differ cannot be told')
  if (y === 0) return notEstimable('no text was drawn')
  const ratio = x / y
  const residuals = Math.max(0, xx - 2 * ratio * xy + ratio * ratio * yy) / (units - 1)
  const error = Math.sqrt((1 - drawn) * units * residuals) / y
  const half = studentQuantile((1 + level) / 2, units - 1) * error
  return estimate(ratio, { low: Math.max(0, ratio - half), high: ratio + half, level }, unit, units)
}

/**
 * {@link sampledRatio} of a part and its whole, with Wilson's interval of as many independent trials as would tell as much; of the
 * stretches where none or every one is the part alone. Student's interval about a part that stands in few stretches is too low.
 *
 * Source: E. L. Korn & B. I. Graubard, Survey Methodology 24 (1998) 193 (effective size, by Student's t; text not read).
 */
export function sampledShare(sums: DrawnSums, drawn: number, level: number): Estimate {
  const share = sampledRatio(sums, drawn, 'share', level)
  if (share.kind === 'notEstimable') return share
  const { value, interval, n } = share
  const errors = (interval.high - value) / normalQuantile((1 + level) / 2)
  const isEnd = value === 0 || value === 1
  if (errors === 0 && !isEnd) return share
  const trials = isEnd ? n : (value * (1 - value)) / errors ** 2
  return estimate(value, wilsonInterval(value * trials, trials, level), 'share', n)
}

/**
 * A total of the whole corpus from the stretches that were drawn: their mean times the number of all. Also where chance would have
 * drawn fewer than two and two were taken, each stretch as likely as another.
 *
 * @param of stretches of the whole corpus
 *
 * Source: W. G. Cochran, Sampling Techniques, 3rd ed. (1977), Section 2.6 (section unchecked), given how many were drawn.
 */
export function sampledTotal(
  { units, y, yy }: Pick<DrawnSums, 'units' | 'y' | 'yy'>,
  of: number,
  unit: string,
  level: number,
): Estimate {
  if (units < 2)
    return notEstimable('one stretch of the corpus was drawn: how stretches differ cannot be told')
  const variance = Math.max(0, yy - y ** 2 / units) / (units - 1)
  const error = of * Math.sqrt(((1 - units / of) * variance) / units)
  const half = studentQuantile((1 + level) / 2, units - 1) * error
  const total = (y / units) * of
  return estimate(total, { low: Math.max(y, total - half), high: total + half, level }, unit, units)
}
