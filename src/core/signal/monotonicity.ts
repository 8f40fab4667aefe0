import { type Estimate, estimate, notEstimable } from '../estimate.js'
import { mean, variance } from '../stats/moments.js'
import { normalQuantile } from '../stats/normal-quantile.js'
import { spearman } from '../stats/rank.js'
import { studentQuantile } from '../stats/student.js'
import type { TaskRuns } from './runs.js'

/** Fewer points than this have no order worth telling. */
const FEWEST = 5

/** Spearman's ρ of n points. Source: Bonett & Wright, Psychometrika 65 (2000) 23, on Fisher's z. */
function rankEstimate(rho: number, n: number, level: number): Estimate {
  // ρ = ±1 has no z: half a step of ρ short of it, one exchange of neighbours being 12/(n(n² − 1)).
  const most = 1 - 6 / (n * (n ** 2 - 1))
  const z = Math.atanh(Math.max(-most, Math.min(most, rho)))
  const half = normalQuantile((1 + level) / 2) * Math.sqrt((1 + rho ** 2 / 2) / (n - 3))
  return estimate(
    rho,
    { low: Math.min(rho, Math.tanh(z - half)), high: Math.max(rho, Math.tanh(z + half)), level },
    'rank correlation',
    n,
  )
}

/**
 * How steadily a score rises with training: Spearman's rank correlation of checkpoint and score, mean over runs; where runs have no
 * checkpoints, of the models' compute and score.
 *
 * @returns with what it is over; 1 is a score that never falls
 */
export function monotonicity(
  { runs, sign }: Pick<TaskRuns, 'runs' | 'sign'>,
  level: number,
): { readonly estimate: Estimate; readonly over: 'checkpoints' | 'compute' } {
  const long = runs.filter(({ scores }) => scores.length >= FEWEST)
  const byRun = long.flatMap(({ scores }) => {
    const values = scores.map(({ value }) => sign * value)
    const rho = spearman(
      values.map((_, i) => i),
      values,
    )
    return rho === null ? [] : [{ rho, n: values.length }]
  })
  if (byRun.length > 1) {
    const rhos = byRun.map(({ rho }) => rho)
    const centre = mean(rhos)
    // The spread between runs, and no less than what each run's own points leave open.
    const own = mean(byRun.map(({ rho, n }) => (1 - rho ** 2) ** 2 / (n - 3) + 1 / n ** 3))
    const spread = Math.max(variance(rhos), own)
    const half = studentQuantile((1 + level) / 2, rhos.length - 1) * Math.sqrt(spread / rhos.length)
    const interval = { low: Math.max(-1, centre - half), high: Math.min(1, centre + half), level }
    return { estimate: estimate(centre, interval, 'rank correlation', rhos.length), over: 'checkpoints' }
  }
  const [only] = byRun
  if (only !== undefined) return { estimate: rankEstimate(only.rho, only.n, level), over: 'checkpoints' }
  const known = runs.flatMap(({ flops, params, tokens, final }) => {
    const compute = flops ?? (params === null || tokens === null ? null : 6 * params * tokens)
    return compute === null ? [] : [{ compute, final: sign * final }]
  })
  const over = 'compute'
  if (known.length < FEWEST)
    return {
      estimate: notEstimable(`no run has ${FEWEST} checkpoints, nor tell ${FEWEST} models their compute`),
      over,
    }
  const rho = spearman(
    known.map(({ compute }) => compute),
    known.map(({ final }) => final),
  )
  return {
    estimate: rho === null ? notEstimable('all scores are alike') : rankEstimate(rho, known.length, level),
    over,
  }
}
