import { groupBy } from '../../collections.js'
import type { Random } from '../../random/index.js'
import type { AccuracyScale } from './accuracy-scale.js'
import { clampU } from './accuracy-scale.js'
import { CANDIDATES, refusal } from './candidates.js'
import { type RunPoint, ratioSpread, type Target } from './point.js'
import { type FitData, type Fitted, fitStagesOnce } from './stages.js'

/** Every candidate fitted to one set of points; null where it was refused, with the reason. */
export interface FittedSet {
  readonly fits: readonly (Fitted | null)[]
  readonly refusals: readonly (string | null)[]
}

/**
 * Every candidate fitted to one set of points, each at most once, whatever the number of targets; `averagedOnly` skips the
 * forms that are only shown for comparison.
 */
export function candidateFitter(
  data: FitData,
  scale: AccuracyScale,
  averagedOnly = false,
): (target: Target | RunPoint) => FittedSet {
  const spread = ratioSpread(data.usable)
  const made = new Map<number, Fitted>()
  const fitStage = fitStagesOnce()
  const fitOf = (i: number): Fitted => {
    const fit = made.get(i) ?? CANDIDATES[i].fit(data, scale, { fitStage })
    made.set(i, fit)
    return fit
  }
  return (target) => {
    const refusals = CANDIDATES.map((candidate) =>
      averagedOnly && !candidate.average ? 'not asked for' : refusal(candidate, data, target, spread),
    )
    return { fits: refusals.map((reason, i) => (reason === null ? fitOf(i) : null)), refusals }
  }
}

/** Weighted mean of the members' u at a place, or null when no member of weight can tell. */
export function averageU(
  fits: readonly (Fitted | null)[],
  weights: readonly number[],
  place: RunPoint | Target,
): number | null {
  let total = 0
  let sum = 0
  for (let i = 0; i < fits.length; i++) {
    if (weights[i] === 0) continue
    const u = fits[i]?.predict(place) ?? null
    if (u === null) continue
    sum += weights[i] * u
    total += weights[i]
  }
  return total === 0 ? null : sum / total
}

/** Refits of a bootstrap start at the full fit; of the ceilings' flat valleys most need over 20 steps to converge. */
const REFIT_ITERATIONS = 200
/** A resample of fewer distinct points cannot be fitted. */
const MINIMUM_DISTINCT = 3
/** Least Q′ of a resampled accuracy: item noise must not push a point to where the logarithm ends. */
const LEAST_SHARE = 0.01

interface Resample {
  readonly points: RunPoint[]
  readonly weights: Float64Array
}

/** Draw runs with replacement (a run's checkpoints together), then shake each accuracy by its items' noise. */
function resample(
  clusters: readonly (readonly RunPoint[])[],
  scale: AccuracyScale,
  random: Random,
): Resample {
  const drawn = new Int32Array(clusters.length)
  for (let i = 0; i < clusters.length; i++) drawn[random.integer(clusters.length)]++
  const points: RunPoint[] = []
  const weights: number[] = []
  for (let c = 0; c < clusters.length; c++) {
    if (drawn[c] === 0) continue
    for (const point of clusters[c]) {
      const noise =
        point.items === null
          ? 0
          : Math.sqrt((point.accuracy * (1 - point.accuracy)) / point.items) * random.normal()
      const least = scale.chance + LEAST_SHARE * (1 - scale.chance)
      points.push({ ...point, accuracy: Math.min(0.999, Math.max(least, point.accuracy + noise)) })
      weights.push(drawn[c])
    }
  }
  return { points, weights: Float64Array.from(weights) }
}

export function clustersOf(points: readonly RunPoint[]): RunPoint[][] {
  return [...groupBy(points, (point) => point.run).values()]
}

/** The fits that have a say in the average. */
export function membersOf(fits: readonly (Fitted | null)[], weights: readonly number[]): (Fitted | null)[] {
  return fits.map((fit, i) => (weights[i] === 0 ? null : fit))
}

/** Members refitted to resamples of the runs and items. */
export interface Refits {
  /** Shape (kept resamples) of shape (candidates); null where a refit did not converge or the candidate is no member. */
  readonly fits: readonly (readonly (Fitted | null)[])[]
  /** Refits that did not converge, of all that were made: they are in no average. */
  readonly leftOut: number
  readonly made: number
}

/**
 * Bootstrap over runs and items: each resample refits every member from the full fit. A refit that does not converge is
 * left out of its resample's average, as a member that cannot tell is.
 *
 * @param members `membersOf` the average
 */
export function bootstrapRefits(
  points: readonly RunPoint[],
  scale: AccuracyScale,
  members: readonly (Fitted | null)[],
  random: Random,
  resamples: number,
): Refits {
  const clusters = clustersOf(points)
  const fits: (Fitted | null)[][] = []
  let leftOut = 0
  let made = 0
  for (let r = 0; r < resamples; r++) {
    const draw = resample(clusters, scale, random)
    if (draw.points.length < MINIMUM_DISTINCT) continue
    const data: FitData = { usable: draw.points, all: draw.points }
    fits.push(
      members.map((member, i) => {
        if (member === null) return null
        const refit = CANDIDATES[i].fit(data, scale, {
          weights: draw.weights,
          warm: member,
          maxIterations: REFIT_ITERATIONS,
        })
        made++
        if (refit.converged) return refit
        leftOut++
        return null
      }),
    )
  }
  return { fits, leftOut, made }
}

/** u at a place in every kept resample, null where none of its refits can tell: two places' draws are pairs. */
export type Draws = readonly (number | null)[]

/** u of the averaged forecast at a place in every kept resample. */
export function drawsAt({ fits }: Refits, weights: readonly number[], place: RunPoint | Target): Draws {
  return fits.map((refits) => {
    const u = averageU(refits, weights, place)
    return u === null || !Number.isFinite(u) ? null : clampU(u)
  })
}
