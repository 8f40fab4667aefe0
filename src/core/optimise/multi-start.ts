import { levenbergMarquardt, type Minimum, type Problem } from './levenberg-marquardt.js'

export interface MultiStart {
  readonly best: Minimum
  /** How many of the polished starts ended at the best cost (to a part in a thousand). */
  readonly agreeing: number
  readonly polished: number
}

const SCREEN_ITERATIONS = 12
const KEPT = 6
const LAST_ITERATIONS = 2000

/**
 * Levenberg–Marquardt from many starts: every start gets a few iterations, the best few (`KEPT`) are polished
 * to convergence. A minimum that did not converge is returned only when none did, and says so.
 */
export function multiStart(problem: Problem, starts: readonly ArrayLike<number>[]): MultiStart {
  if (starts.length === 0) throw new RangeError('multi-start needs at least one start')
  const screened = starts
    .map((start) => levenbergMarquardt(problem, start, starts.length <= KEPT ? undefined : SCREEN_ITERATIONS))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, KEPT)
  const polished = screened
    .map((m) => (m.converged ? m : levenbergMarquardt(problem, m.theta)))
    .sort((a, b) => a.cost - b.cost)
  const lowest = polished[0].cost
  const agrees = (m: Minimum): boolean => m.cost <= lowest * 1.001 + 1e-12
  const found = polished.find((m) => m.converged && agrees(m)) ?? polished[0]
  // A loss that is nearly |r| has kinks on which reweighting creeps: let the winner alone creep to its end.
  const best = found.converged ? found : levenbergMarquardt(problem, found.theta, LAST_ITERATIONS)
  return { best, agreeing: polished.filter(agrees).length, polished: polished.length }
}
