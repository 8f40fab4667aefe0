import { mean } from '../../stats/index.js'
import { HELD_OUT_SHARE, WANTED_FOLDS } from '../forecast/folds.js'
import { fitSamplingLaw } from './law.js'
import type { SamplingPoint } from './points.js'

/** Errors of the law and of the baseline on runs that were held out, each in pass rate. */
export interface SamplingBackTest {
  readonly mae: number
  readonly mre: number
  readonly baselineMae: number
  /** Runs that were held out. */
  readonly folds: number
}

/** The baseline copies the largest fitted run at the nearest k. */
function copied(train: readonly SamplingPoint[], { k }: SamplingPoint): number {
  const most = Math.max(...train.map((p) => p.flops))
  return train
    .filter((p) => p.flops === most)
    .reduce((best, p) => (Math.abs(Math.log(p.k / k)) < Math.abs(Math.log(best.k / k)) ? p : best)).passRate
}

/**
 * Rolling back-test: hold out the run with the most compute and predict it from the smaller ones, then the next.
 *
 * @returns null when the law cannot be fitted to the runs below the largest
 */
export function backTestSampling(points: readonly SamplingPoint[]): SamplingBackTest | null {
  const sizes = [...new Set(points.map((p) => p.flops))].sort((a, b) => b - a)
  const runs = new Set(points.map((p) => p.run)).size
  const errors: { own: number; relative: number; baseline: number }[] = []
  let folds = 0
  for (const size of sizes) {
    if (folds >= WANTED_FOLDS && folds >= HELD_OUT_SHARE * runs) break
    const test = points.filter((p) => p.flops === size)
    const held = new Set(test.map((p) => p.run))
    const train = points.filter((p) => p.flops < size && !held.has(p.run))
    const law = fitSamplingLaw(train)
    if (law === null) break
    folds++
    for (const p of test) {
      const own = Math.abs(Math.exp(-Math.exp(law.uAt(p.flops, p.k))) - p.passRate)
      errors.push({ own, relative: own / p.passRate, baseline: Math.abs(copied(train, p) - p.passRate) })
    }
  }
  if (errors.length === 0) return null
  return {
    mae: mean(errors.map((e) => e.own)),
    mre: mean(errors.map((e) => e.relative)),
    baselineMae: mean(errors.map((e) => e.baseline)),
    folds,
  }
}
