import { groupBy } from '../../collections.js'
import { leastSquares } from '../../linear/index.js'
import { mean, studentQuantile } from '../../stats/index.js'
import { repeatedSampling } from '../forms/repeated-sampling.js'
import type { SamplingPoint } from './points.js'

/** Pass rates of one run at one compute, in the law's space: u = ln(−ln Q) at ln k. */
interface Unit {
  readonly run: string
  readonly lnC: number
  readonly lnK: readonly number[]
  readonly u: readonly number[]
  /** One over the units of its run: a run counts once, however many checkpoints it has. */
  readonly weight: number
}

/** The law of one benchmark and what its runs say of its error. */
export interface SamplingLaw {
  /** c0, c1, c2, c3 of `repeated-sampling`. */
  readonly theta: readonly number[]
  readonly runs: number
  /**
   * Akaike's criterion of the slopes in k, runs·ln(squares) + 2·parameters: what the data say for or against c3. Rates of
   * one run share its samples and its offsets, so that more values of k are no more evidence: runs are counted.
   */
  readonly criterion: number
  /** u at a compute and k. */
  uAt(flops: number, k: number): number
  /**
   * Half the width of the interval of u there: Student's t at runs − 2 degrees of freedom times the spread of runs about
   * the law at that k, carried to that compute.
   */
  halfWidth(flops: number, k: number, level: number): number
}

function unitsOf(points: readonly SamplingPoint[]): Unit[] {
  const groups = [...groupBy(points, (p) => `${p.run}\u0000${p.flops}`).values()]
  const sizes = new Map([...groupBy(groups, ([p]) => p.run)].map(([run, own]) => [run, own.length]))
  return groups.map((group) => ({
    run: group[0].run,
    lnC: Math.log(group[0].flops),
    lnK: group.map((p) => Math.log(p.k)),
    u: group.map((p) => Math.log(-Math.log(p.passRate))),
    weight: 1 / (sizes.get(group[0].run) ?? 1),
  }))
}

/**
 * c2 and c3 from the differences between the k of one run, which an offset of the run does not touch; without c3 where
 * `interaction` is false. null where k and compute do not vary apart.
 */
function slopesOf(
  units: readonly Unit[],
  runs: number,
  interaction: boolean,
): { c2: number; c3: number; criterion: number } | null {
  const steps: number[] = []
  const crossed: number[] = []
  const rises: number[] = []
  for (const { lnC, lnK, u } of units) {
    const [middleK, middleU] = [mean(lnK), mean(u)]
    lnK.forEach((l, j) => {
      steps.push(l - middleK)
      crossed.push(lnC * (l - middleK))
      rises.push(u[j] - middleU)
    })
  }
  const columns = interaction ? [steps, crossed] : [steps]
  const { coefficients, rank, squares } = leastSquares(columns, rises)
  if (rank < columns.length) return null
  // A fit without error says as much as its rounding lets it: 1e-12 in u.
  const criterion = runs * Math.log(squares + rises.length * 1e-24) + 2 * columns.length
  return { c2: coefficients[0], c3: interaction ? coefficients[1] : 0, criterion }
}

/** How far a run lies from the law at ln k, along its own line through its residuals. */
function deviationAt({ lnK, u, lnC }: Unit, theta: readonly number[], at: number): number {
  const residuals = u.map((v, j) => v - repeatedSampling.evaluate(theta, [lnC, lnK[j]], null))
  const [middleK, middle] = [mean(lnK), mean(residuals)]
  const spread = lnK.reduce((sum, l) => sum + (l - middleK) ** 2, 0)
  if (spread === 0) return middle
  const slope = lnK.reduce((sum, l, j) => sum + (l - middleK) * residuals[j], 0) / spread
  return middle + slope * (at - middleK)
}

/**
 * Fit ln(−ln Q) = c0 + c1·ln C + c2·ln k + c3·ln C·ln k in two steps: slopes in k within runs, then level and slope in C
 * between runs, each run once. For runs that all report the same k this is the source's least squares over all points;
 * for others an offset of a run is not taken for an effect of k.
 *
 * Source: arXiv:2512.08894, Eq. 5. Differs: two steps, and intervals by Student's t between runs.
 *
 * @param interaction false leaves c3 out
 * @returns null where compute and k do not vary apart, or fewer than three runs are left
 */
export function fitSamplingLaw(points: readonly SamplingPoint[], interaction = true): SamplingLaw | null {
  const units = unitsOf(points)
  const runs = new Set(units.map((unit) => unit.run)).size
  const slopes = slopesOf(units, runs, interaction)
  if (slopes === null || runs < 3) return null
  const { c2, c3, criterion } = slopes
  const levels = units.map(({ lnC, lnK, u }) => mean(u) - (c2 + c3 * lnC) * mean(lnK))
  const weights = units.map((unit) => unit.weight)
  const lnC = units.map((unit) => unit.lnC)
  const middle = lnC.reduce((sum, x, i) => sum + weights[i] * x, 0) / runs
  const spread = lnC.reduce((sum, x, i) => sum + weights[i] * (x - middle) ** 2, 0)
  const { coefficients, rank } = leastSquares([lnC.map(() => 1), lnC], levels, weights)
  if (rank < 2) return null
  const theta = [coefficients[0], coefficients[1], c2, c3]
  return {
    theta,
    runs,
    criterion,
    uAt: (flops, k) => repeatedSampling.evaluate(theta, [Math.log(flops), Math.log(k)], null),
    halfWidth(flops, k, level) {
      const squares = units.reduce(
        (sum, unit, i) => sum + weights[i] * deviationAt(unit, theta, Math.log(k)) ** 2,
        0,
      )
      const reach = 1 / runs + (Math.log(flops) - middle) ** 2 / spread
      return studentQuantile((1 + level) / 2, runs - 2) * Math.sqrt((squares / (runs - 2)) * reach)
    },
  }
}
