import { meanOrNull } from '../../stats/index.js'
import { CANDIDATES } from './candidates.js'

/** Mean absolute back-test errors of one benchmark, a row a fold, a column a candidate; null = could not be fitted. */
export type FoldErrors = readonly (readonly (number | null)[])[]

/** A benchmark's own folds count against this many folds of all benchmarks together. */
const POOL_FOLDS = 4
/** Errors below this are all alike: the noise of a few thousand items. */
const ERROR_FLOOR = 0.005
/** Error assumed before any back-test was possible: then every form weighs the same. */
const PRIOR_ERROR = 0.03

/** Mean error of each candidate over all folds of all benchmarks. */
export function pooledErrors(benchmarks: readonly FoldErrors[]): (number | null)[] {
  return CANDIDATES.map((_, i) =>
    meanOrNull(benchmarks.flatMap((folds) => folds.map((f) => f[i]).filter((e) => e !== null))),
  )
}

/**
 * Weight of each candidate in the averaged forecast of one benchmark: one over its squared back-test error,
 * where the error is shrunk towards the candidate's error over all benchmarks of the input. Candidates outside
 * the average, or refused (`usable` false), weigh nothing. Weights sum to 1.
 *
 * Two folds of a few points rank four forms badly (the rank on one benchmark says little about the next size);
 * pooled over benchmarks they rank them well. docs/decisions/0020 has the measurement.
 */
export function averageWeights(
  own: FoldErrors,
  pooled: readonly (number | null)[],
  usable: readonly boolean[],
): number[] {
  const raw = CANDIDATES.map((candidate, i) => {
    if (!candidate.average || !usable[i]) return 0
    const prior = pooled[i] ?? PRIOR_ERROR
    const errors = own.map((f) => f[i]).filter((e) => e !== null)
    const error = (errors.reduce((a, b) => a + b, 0) + POOL_FOLDS * prior) / (errors.length + POOL_FOLDS)
    return (error + ERROR_FLOOR) ** -2
  })
  const total = raw.reduce((a, b) => a + b, 0)
  return total === 0 ? raw : raw.map((w) => w / total)
}
