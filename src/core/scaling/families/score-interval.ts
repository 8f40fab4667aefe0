import { scoreOf } from './link.js'
import { type Space, samplingVariance } from './scores.js'

/** A predicted score and how far a measured one may fall to either side. */
export interface ScoreSpread {
  readonly score: number
  readonly below: number
  readonly above: number
}

/**
 * From a logit and its variance to a score: the logit's deviation carried to either side, and in quadrature the noise
 * of a measured score, which does not vanish near chance as a logit's slope does.
 *
 * @param mean     logit of benchmark j
 * @param variance of that logit
 * @param noise    standard deviation of a measurement beyond its items, in share of the way from chance to 1
 * @param times    standard deviations to go
 */
export function scoreSpread(
  { floors, items }: Pick<Space, 'floors' | 'items'>,
  j: number,
  mean: number,
  variance: number,
  noise: number,
  times: number,
): ScoreSpread {
  const floor = floors[j]
  const score = scoreOf(mean, floor)
  const sd = times * Math.sqrt(Math.max(0, variance))
  const measured = times * (1 - floor) * Math.sqrt(noise ** 2 + samplingVariance(mean, floor, items[j]))
  return {
    score,
    below: Math.hypot(score - scoreOf(mean - sd, floor), measured),
    above: Math.hypot(scoreOf(mean + sd, floor) - score, measured),
  }
}
