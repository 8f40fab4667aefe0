import { scoreOf } from './link.js'

/** A predicted score and how far a measured one may fall to either side at one standard deviation. */
export interface ScoreSpread {
  readonly score: number
  readonly below: number
  readonly above: number
}

/**
 * From a logit and its variance to a score: the logit's deviation carried to either side, and in quadrature the noise
 * of a measured score, which does not vanish near chance as a logit's slope does.
 *
 * @param noise standard deviation of a measurement, in share of the way from chance to 1
 * @param items items of the evaluation, null where unknown
 * @param times standard deviations to go
 */
export function scoreSpread(
  mean: number,
  variance: number,
  floor: number,
  noise: number,
  items: number | null,
  times: number,
): ScoreSpread {
  const score = scoreOf(mean, floor)
  const sd = times * Math.sqrt(Math.max(0, variance))
  const sampling = items === null ? 0 : (score * (1 - score)) / items
  const measured = times * Math.sqrt(((1 - floor) * noise) ** 2 + sampling)
  return {
    score,
    below: Math.hypot(score - scoreOf(mean - sd, floor), measured),
    above: Math.hypot(scoreOf(mean + sd, floor) - score, measured),
  }
}
