import { type FamilyFit, type Skills, samplingVariance } from '../families/index.js'

/** What measuring a benchmark would tell. */
export interface WorthMeasuring {
  readonly benchmark: string
  /** Standard deviations of all unmeasured benchmarks that it would take away, summed, in accuracy. */
  readonly narrowing: number
  /** Mean share of the others' standard deviations that it would take away. */
  readonly ofOthers: number
}

type Worth = Omit<WorthMeasuring, 'benchmark'> & { readonly j: number }

/**
 * What measuring each of some benchmarks would leave of the deviations of all of them: the skills are jointly normal, so
 * that a measurement with noise τ leaves Σ_kk − Σ_kj²/(Σ_jj + τ²).
 *
 * @param members indices of the benchmarks that were not measured
 */
export function worthOf(
  { space, variances }: FamilyFit,
  skills: Skills,
  members: readonly number[],
): Worth[] {
  const J = space.floors.length
  const at = (a: number, b: number): number => skills.covariance[a * J + b]
  /** dQ′/dlogit. */
  const slope = (k: number): number => {
    const p = 1 / (1 + Math.exp(-skills.mean[k]))
    return p * (1 - p)
  }
  return members.map((j) => {
    const noise = variances.noise ** 2 + samplingVariance(skills.mean[j], space.floors[j], space.items[j])
    const measured = at(j, j) + noise / slope(j) ** 2
    const left = (k: number): number => Math.sqrt(Math.max(0, at(k, k) - at(k, j) ** 2 / measured))
    const others = members.filter((k) => k !== j)
    return {
      j,
      narrowing: members.reduce(
        (sum, k) => sum + (1 - space.floors[k]) * slope(k) * (Math.sqrt(at(k, k)) - left(k)),
        0,
      ),
      ofOthers:
        others.length === 0
          ? 0
          : others.reduce((sum, k) => sum + 1 - left(k) / Math.sqrt(at(k, k)), 0) / others.length,
    }
  })
}
