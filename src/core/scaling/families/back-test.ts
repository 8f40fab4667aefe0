import { askFamily, type FamilyFit } from './fit-families.js'
import { type ScoreSpread, scoreSpread } from './score-interval.js'
import type { FamilyRun } from './scores.js'

/** A model of a family that was left out, predicted with the smallest model of the family known. */
export interface LeftOut {
  readonly family: string
  readonly benchmark: number
  readonly observed: number
  readonly predicted: number
  /** The score of the smallest model. */
  readonly copied: number
  /** (observed − predicted) over the predicted deviation on that side. */
  readonly standardised: number
  /** The prediction with its reach to either side at so many deviations. */
  spread(times: number): ScoreSpread
}

/** Whether the interval of so many deviations holds what was observed. */
export function holds(leftOut: LeftOut, times: number): boolean {
  const { score, below, above } = leftOut.spread(times)
  return leftOut.observed >= score - below && leftOut.observed <= score + above
}

function smallest(runs: readonly FamilyRun[]): FamilyRun {
  return runs.reduce((least, run) => (run.params < least.params ? run : least))
}

/**
 * Leave every family out in turn, all but its smallest model, and predict the others. The variances stay those of the
 * whole fit: of 27 families leaving one out moved none by more than a fifth (docs/validation/forecast.md).
 */
export function leaveFamiliesOut(fit: FamilyFit): LeftOut[] {
  const J = fit.space.floors.length
  return [...fit.families].flatMap(([family, runs]) => {
    if (runs.length < 2) return []
    const least = smallest(runs)
    const ask = askFamily(fit, family, [least])
    return runs
      .filter((run) => run !== least)
      .flatMap((run) => {
        const skills = ask(run)
        if (skills === null) return []
        return run.scores.flatMap((observed, j): LeftOut[] => {
          const copied = least.scores[j]
          if (observed === null || copied === null) return []
          const spreadAt = (times: number): ScoreSpread =>
            scoreSpread(
              fit.space,
              j,
              skills.mean[j],
              skills.covariance[j * J + j],
              fit.variances.noise,
              times,
            )
          const spread = spreadAt(1)
          const off = observed - spread.score
          return [
            {
              family,
              benchmark: j,
              observed,
              predicted: spread.score,
              copied,
              standardised: off / (off < 0 ? spread.below : spread.above),
              spread: spreadAt,
            },
          ]
        })
      })
  })
}

/** E|x| of a standard normal x. */
const MEAN_ABSOLUTE = Math.sqrt(2 / Math.PI)
/** What the other benchmarks know of a benchmark's spread counts as much as this many held-out models of its own. */
const SHARED_WEIGHT = 10

/**
 * Factor of each benchmark's deviations by which the intervals hold on the families that were left out: the mean
 * absolute standardised error, each benchmark's drawn to that of all.
 *
 * @param J number of benchmarks; returns shape (J)
 */
export function familyWidening(leftOut: readonly LeftOut[], J: number): number[] {
  const sums = new Array<number>(J).fill(0)
  const counts = new Array<number>(J).fill(0)
  for (const { benchmark, standardised } of leftOut) {
    sums[benchmark] += Math.abs(standardised) / MEAN_ABSOLUTE
    counts[benchmark]++
  }
  const n = leftOut.length
  const all = n === 0 ? 1 : sums.reduce((a, b) => a + b, 0) / n
  return sums.map((sum, j) => (SHARED_WEIGHT * all + sum) / (SHARED_WEIGHT + counts[j]))
}
