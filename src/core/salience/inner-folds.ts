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

/** Mean squared error over the models that the folds leave out; null without folds. */
export function foldError(
  folds: readonly InnerFold[],
  y: ArrayLike<number>,
  fitOn: (space: TrainingSpace) => (model: number) => number,
): number | null {
  let sum = 0
  let judged = 0
  for (const { space, out } of folds) {
    const predict = fitOn(space)
    for (const m of out) sum += (predict(m) - y[m]) ** 2
    judged += out.length
  }
  return judged === 0 ? null : sum / judged
}

/**
 * The strength that predicts left-out families, averaged over a grid (of logarithms) with the likelihood of one normal
 * error a fold as weights: the best one alone would be chosen by noise.
 *
 * @param grid   strengths > 0
 * @param error  mean squared error over left-out models at a strength; null where none can be left out
 * @returns the strength, and the error averaged with the same weights; the strongest where there is no error
 */
export function averageStrength(
  grid: readonly number[],
  error: (strength: number) => number | null,
  folds: number,
): { strength: number; error: number | null } {
  const errors: number[] = []
  for (const strength of grid) {
    const value = error(strength)
    if (value === null) return { strength: Math.max(...grid), error: null }
    errors.push(value)
  }
  const weights = likelihoods(errors, folds)
  const mean = (of: (i: number) => number): number => weights.reduce((sum, w, i) => sum + w * of(i), 0)
  return { strength: Math.exp(mean((i) => Math.log(grid[i]))), error: mean((i) => errors[i]) }
}

/**
 * Likelihood of each error of a grid, that of one normal error a fold, Σ = 1. The error that methods are compared by is the
 * mean with these weights: the least of a grid would favour the method with the longer one.
 */
export function likelihoods(errors: readonly number[], folds: number): number[] {
  const least = Math.min(...errors)
  const weights = errors.map((e) => (least > 0 ? (e / least) ** (-folds / 2) : e === least ? 1 : 0))
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / total)
}
