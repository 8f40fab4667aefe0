/** Scores nearer to the floor or to 1 than this share of the way between count as this near: they have no logit. */
const NEAREST = 0.01

/** Logit of a score's share of the way from chance to 1. */
export function logit(score: number, floor: number): number {
  const share = Math.min(1 - NEAREST, Math.max(NEAREST, (score - floor) / (1 - floor)))
  return Math.log(share / (1 - share))
}

/** The score of a logit. */
export function scoreOf(z: number, floor: number): number {
  return floor + (1 - floor) / (1 + Math.exp(-z))
}
