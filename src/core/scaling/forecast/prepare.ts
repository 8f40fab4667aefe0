import type { Random } from '../../random/index.js'
import { type AccuracyScale, accuracyScale } from './accuracy-scale.js'
import { bootstrapRefits, candidateFitter, drawsAt, type FittedSet, membersOf } from './average.js'
import { type BackTest, backTest, type HeldOut, heldOutOf } from './back-test.js'
import { shareRuns } from './folds.js'
import {
  formSpread,
  itemSpread,
  RECIPE_DEVIATION,
  reachSpread,
  robustSpread,
  totalSpread,
} from './interval.js'
import type { RunPoint, Target } from './point.js'
import type { FitData } from './stages.js'
import type { Benchmark } from './usable.js'
import { averageWeights, type FoldErrors, pooledErrors } from './weights.js'

/** A held-out point of the rolling back-test with the spread that was predicted for it. */
export interface JudgedHeldOut extends HeldOut {
  /** Predicted standard deviation of u, before calibration. */
  readonly deviation: number
  /** u of what was observed. */
  readonly observedU: number
}

/** One benchmark with its scale and its back-test: everything that needs no target. */
export interface Prepared {
  readonly benchmark: Benchmark
  readonly data: FitData
  readonly scale: AccuracyScale
  readonly test: BackTest
  readonly heldOut: readonly JudgedHeldOut[]
}

/** A prepared benchmark that can be asked for any target. */
export interface Askable extends Prepared {
  /** Every candidate that the target allows, fitted. */
  fit(target: Target | RunPoint): FittedSet
}

/**
 * A benchmark with its back-test, ready to be asked for any target.
 *
 * @param tests back-tests of all benchmarks of the pool, `test` among them
 */
export function prepare(
  benchmark: Benchmark,
  scale: AccuracyScale,
  test: BackTest,
  tests: readonly BackTest[],
  random: Random,
): Askable {
  const data = fitDataOf(benchmark)
  const heldOut = judgeHeldOut({ benchmark, scale, test }, tests, random)
  return { benchmark, data, scale, test, heldOut, fit: candidateFitter(data, scale) }
}

/** The back-test's own bootstraps: fewer draws, since only their spread is used. */
const FOLD_RESAMPLES = 100

export function scaleOf(benchmark: Benchmark, normalised: boolean): AccuracyScale {
  return accuracyScale(normalised ? benchmark.chance : 0)
}

/**
 * Weights of a fold's members without the forms that the fold could not carry, from the errors of those folds alone, of
 * every benchmark, that hold out none of its runs: a run that is judged must not choose by what it is judged.
 */
function foldWeights(test: BackTest, tests: readonly BackTest[]): number[][] {
  return test.folds.map((fold) => {
    const apart = ({ folds, errors }: BackTest): FoldErrors =>
      errors.filter((_, g) => !shareRuns(folds[g], fold))
    return averageWeights(
      apart(test),
      pooledErrors(tests.map(apart)),
      fold.set.fits.map((fit) => fit !== null),
    )
  })
}

/** Judge the averaged forecast on every held-out point, with the spread that it would have been given. */
function judgeHeldOut(
  data: { benchmark: Benchmark; scale: AccuracyScale; test: BackTest },
  tests: readonly BackTest[],
  random: Random,
): JudgedHeldOut[] {
  const { benchmark, scale, test } = data
  const weights = foldWeights(test, tests)
  const held = heldOutOf(test, scale, (fold) => weights[fold])
  return test.folds.flatMap((fold, f) => {
    const mine = held.filter((h) => h.fold === f)
    const largest = Math.max(...fold.train.usable.map((p) => p.flops))
    const refits = bootstrapRefits(
      fold.train.usable,
      scale,
      membersOf(fold.set.fits, weights[f]),
      random.derive(`${benchmark.name} fold ${f}`),
      FOLD_RESAMPLES,
    )
    return mine.map(
      (h): JudgedHeldOut => ({
        ...h,
        observedU: scale.toU(h.point.accuracy),
        deviation: totalSpread({
          runs: robustSpread(drawsAt(refits, weights[f], h.point)),
          forms: formSpread(fold.set.fits, weights[f], h.point, h.u),
          reach: reachSpread(h.point.flops / largest),
          recipe: RECIPE_DEVIATION,
          items: itemSpread(scale, h.u, h.point.items),
        }),
      }),
    )
  })
}

function fitDataOf(benchmark: Benchmark): FitData {
  return { usable: benchmark.usable, all: benchmark.all }
}

export function backTestOf(benchmark: Benchmark, normalised: boolean, averagedOnly: boolean): BackTest {
  return backTest(fitDataOf(benchmark), scaleOf(benchmark, normalised), averagedOnly)
}
