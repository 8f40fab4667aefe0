import { quantile } from '../../stats/index.js'
import type { AccuracyScale } from './accuracy-scale.js'
import type { Draws } from './average.js'
import type { RunPoint, Target } from './point.js'
import type { Fitted } from './stages.js'

/** What a forecast's spread is made of, each a standard deviation of u = ln(−ln Q′). */
export interface Spread {
  /** Bootstrap over runs and items. */
  readonly runs: number
  /** Disagreement of the averaged forms. */
  readonly forms: number
  /** What no form of ours can know of the law further out: it is there also where all forms agree. */
  readonly reach: number
  /** What no law of ours can know of a run (data order, recipe): a floor. */
  readonly recipe: number
  /** Noise of the measurement that the forecast will be held against. */
  readonly items: number
}

/** What a forecast from other families is unsure of. */
export interface FamilySpread {
  /** Standard deviation of the logit: law, family and run together. */
  readonly law: number
  /** Noise of a measured score, in share of the way from chance to 1. */
  readonly noise: number
}

/** Two runs of one recipe and size differ by about this in u (measured on rolling back-tests, decisions/0021). */
export const RECIPE_DEVIATION = 0.03

/** Standard deviation of u for each e-fold of compute beyond the fitted runs (decisions/0024). */
const REACH_DEVIATION = 0.03

/** Spread of a forecast at `ratio` times the largest fitted compute, 0 within the fitted runs. */
export function reachSpread(ratio: number): number {
  return REACH_DEVIATION * Math.log(Math.max(1, ratio))
}

/** Standard deviation from the central 80 % of draws: a few refits that ran away do not move it. */
export function robustSpread(draws: Draws): number {
  const told = draws.filter((u) => u !== null)
  return told.length < 2 ? 0 : (quantile(told, 0.9) - quantile(told, 0.1)) / 2.5631031310892007
}

/** Weighted standard deviation of the members' u around the average. */
export function formSpread(
  fits: readonly (Fitted | null)[],
  weights: readonly number[],
  place: RunPoint | Target,
  centre: number,
): number {
  let sum = 0
  for (let i = 0; i < fits.length; i++) {
    if (weights[i] === 0) continue
    const u = fits[i]?.predict(place) ?? null
    if (u !== null) sum += weights[i] * (u - centre) ** 2
  }
  return Math.sqrt(sum)
}

/** Binomial noise of a measured accuracy, carried to u at the forecast. 0 when the number of items is unknown. */
export function itemSpread(scale: AccuracyScale, u: number, items: number | null): number {
  if (items === null) return 0
  const accuracy = scale.toAccuracy(u)
  return Math.sqrt((accuracy * (1 - accuracy)) / items) / Math.max(1e-3, scale.slope(u))
}

export function totalSpread(spread: Spread): number {
  return Math.hypot(spread.runs, spread.forms, spread.reach, spread.recipe, spread.items)
}
