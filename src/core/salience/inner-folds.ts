import type { Random } from '../random/index.js'
import { familiesOf, familyFolds, type SalienceModel } from './loss-table.js'
import { type TrainingSpace, trainingSpace } from './training-space.js'

/** Groups of families that take turns in being left out while a strength is chosen. */
const FOLDS = 8

/** A training space without some of its families, and their models. */
export interface InnerFold {
  readonly space: TrainingSpace
  readonly out: readonly number[]
}

/** The training models less one group of families after the other; empty where there is one family alone. */
export function innerFolds(
  space: TrainingSpace,
  models: readonly SalienceModel[],
  random: Random,
): InnerFold[] {
  const families = familiesOf(models, space.train)
  if (families.length < 2) return []
  return familyFolds(families, FOLDS, random).map((out) => {
    const left = new Set(out)
    return {
      space: trainingSpace(
        space.profiles,
        space.train.filter((m) => !left.has(m)),
      ),
      out,
    }
  })
}

/** Squared errors over the models that each fold leaves out, summed. Shape (folds). */
export function foldErrors(
  folds: readonly InnerFold[],
  y: ArrayLike<number>,
  fitOn: (space: TrainingSpace) => (model: number) => number,
): Float64Array {
  return Float64Array.from(folds, ({ space, out }) => {
    const predict = fitOn(space)
    return out.reduce((sum, m) => sum + (predict(m) - y[m]) ** 2, 0)
  })
}

export function total(errors: ArrayLike<number>): number {
  return Array.from(errors).reduce((a, b) => a + b, 0)
}

/**
 * The strength that predicts left-out families, averaged over a grid (of logarithms) with the likelihood of one normal
 * error a fold as weights: the best one alone would be chosen by noise.
 *
 * @param grid   strengths > 0
 * @param errors on the folds at a strength, shape (folds)
 * @returns the strength, and the errors averaged with the same weights; the strongest where there is no fold
 */
export function averageStrength(
  grid: readonly number[],
  errors: (strength: number) => Float64Array,
): { strength: number; errors: Float64Array } {
  const all = grid.map(errors)
  if (all[0].length === 0) return { strength: Math.max(...grid), errors: all[0] }
  const weights = likelihoods(all)
  const logs = weights.reduce((sum, w, i) => sum + w * Math.log(grid[i]), 0)
  return { strength: Math.exp(logs), errors: averaged(all, weights) }
}

/** Errors of a grid, shape (grid, folds), under weights, shape (grid). Shape (folds). */
export function averaged(errors: readonly Float64Array[], weights: readonly number[]): Float64Array {
  return errors[0].map((_, f) => weights.reduce((sum, w, i) => sum + w * errors[i][f], 0))
}

/**
 * Likelihood of each row of errors, that of one normal error a fold, Σ = 1. The errors that methods are compared by are the
 * mean with these weights: the least of a grid would favour the method with the longer one.
 *
 * @param errors shape (grid, folds)
 */
export function likelihoods(errors: readonly Float64Array[]): number[] {
  const totals = errors.map(total)
  const least = Math.min(...totals)
  const folds = errors[0].length
  const weights = totals.map((e) => (least > 0 ? (e / least) ** (-folds / 2) : e === least ? 1 : 0))
  const sum = total(weights)
  return weights.map((w) => w / sum)
}
