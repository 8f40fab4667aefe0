/**
 * The scale on which forms are averaged and intervals are built: u = ln(−ln Q′) with Q′ the accuracy normalised
 * by chance, or the raw accuracy where normalisation is switched off (chance = 0).
 *
 * Source: arXiv:2512.08894, Q′ = (Q − Q_rand)/(1 − Q_rand).
 */
export interface AccuracyScale {
  readonly chance: number
  /** u of an accuracy, limited to `LIMITS`: an accuracy at or below chance has no logarithm. */
  toU(accuracy: number): number
  toAccuracy(u: number): number
  /** |d accuracy / du|, to carry item noise between the two. */
  slope(u: number): number
}

/** Q′ between .0006 and .9991: beyond, no benchmark tells two models apart. */
export const LIMITS = { low: -7, high: 2 } as const

export function clampU(u: number): number {
  return Math.min(LIMITS.high, Math.max(LIMITS.low, u))
}

export function accuracyScale(chance: number): AccuracyScale {
  const rest = 1 - chance
  return {
    chance,
    toU(accuracy) {
      const q = (accuracy - chance) / rest
      if (q <= 0) return LIMITS.high
      return q >= 1 ? LIMITS.low : clampU(Math.log(-Math.log(q)))
    },
    toAccuracy: (u) => chance + rest * Math.exp(-Math.exp(u)),
    slope(u) {
      const e = Math.exp(u)
      return rest * e * Math.exp(-e)
    },
  }
}
