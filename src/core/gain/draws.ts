import { symmetricEigen } from '../linear/symmetric-eigen.js'
import type { Random } from '../random/index.js'
import { crossedVariance, unitsOf } from './crossed-variance.js'
import { type GainDesign, type Group, SPLITS } from './outcomes.js'

/** √(degrees/χ²): what turns a normal error of an estimated scale into Student's. */
function studentScale(degrees: number, random: Random): number {
  if (degrees <= 0) return 1
  let chi = 0
  // Beyond, the square of a χ² is normal enough by Wilson and Hilferty's cube root.
  if (degrees > 40) {
    const k = 2 / (9 * degrees)
    chi = degrees * Math.max(0.1, 1 - k + random.normal() * Math.sqrt(k)) ** 3
  } else for (let i = 0; i < degrees; i++) chi += random.normal() ** 2
  return Math.sqrt(degrees / chi)
}

/**
 * Independent parts of the error that a stratum's clusters make in the groups' means: Σ part·partᵀ is its covariance.
 *
 * @param byCluster what each cluster adds to each group's error, shape (groups, clusters)
 * @returns parts of shape (groups), as many as the covariance has rank
 */
function sharedErrors(
  byCluster: readonly Float64Array[],
  clusterStratum: Int32Array,
  stratum: number,
): Float64Array[] {
  const p = byCluster.length
  const covariance = new Float64Array(p * p)
  for (let i = 0; i < p; i++)
    for (let j = 0; j <= i; j++)
      for (let c = 0; c < clusterStratum.length; c++)
        if (clusterStratum[c] === stratum) covariance[i * p + j] += byCluster[i][c] * byCluster[j][c]
  const { values, vectors } = symmetricEigen(covariance, p)
  return vectors.flatMap((vector, k) =>
    values[k] > values[0] * 1e-12 ? [vector.map((v) => v * Math.sqrt(values[k]))] : [],
  )
}

/**
 * Means of groups as other items and other seeds could have given them: each cluster's and each seed's part of the
 * error is drawn anew with a normal factor common to all groups, so that what moves them together does so in every draw,
 * and scaled as Student's t for the number of clusters and of seeds of its own stratum (a split; an arm, where seeds are not
 * shared). A group that all items agree on varies by the half item that is always added, by itself.
 *
 * The interaction of items and seeds stands in both parts; each group's clusters are scaled down by it.
 *
 * Source: normal multipliers of clusters' scores as Cameron, Gelbach & Miller, Review of Economics and Statistics 90
 * (2008) 414, whose sum over clusters is drawn from its covariance; the sum of two t's is Behrens' and Fisher's.
 */
export function meanDrawer(
  design: GainDesign,
  groups: readonly Group[],
): (random: Random) => Map<Group, number> {
  const { clusters, seeds, clusterStratum, seedStratum } = design
  const units = groups.map((group) => unitsOf(design, [{ group, weight: 1 }]))
  const correction = (k: number): number => (k > 1 ? Math.sqrt(k / (k - 1)) : 0)
  const whole = unitsOf(
    design,
    groups.map((group) => ({ group, weight: 1 })),
  )
  const variances = groups.map((group) => crossedVariance(design, [{ group, weight: 1 }]))
  const halfItem = variances.map(({ ofItems, between }) => (between > 0 ? 0 : Math.sqrt(ofItems)))
  const byCluster = groups.map((group, g) => {
    const { ofItems, between } = variances[g]
    const alone = between > 0 ? Math.sqrt(ofItems / between) : 0
    return Float64Array.from({ length: clusters }, (_, c) => {
      let sum = 0
      for (let s = 0; s < seeds; s++) sum += group.influence[c * seeds + s]
      return alone * sum * correction(units[g].clusters[clusterStratum[c]])
    })
  })
  const bySeed = groups.map((group, g) =>
    Float64Array.from({ length: seeds }, (_, s) => {
      let sum = 0
      for (let c = 0; c < clusters; c++) sum += group.influence[c * seeds + s]
      return sum * correction(units[g].seeds[seedStratum[s]])
    }),
  )
  // A sum of independent normals is normal: of each stratum's clusters only what they make the groups share is kept.
  const ofStratum = [0, 1].map((stratum) => sharedErrors(byCluster, clusterStratum, stratum))
  return (random) => {
    const scales = (counts: readonly number[]): number[] => counts.map((k) => studentScale(k - 1, random))
    const scaleOfItems = scales(whole.clusters)
    const scaleOfSeeds = scales(whole.seeds)
    const means = groups.map(({ mean }) => mean)
    ofStratum.forEach((parts, stratum) => {
      for (const part of parts) {
        const z = scaleOfItems[stratum] * random.normal()
        for (let g = 0; g < means.length; g++) means[g] += z * part[g]
      }
    })
    for (let s = 0; s < seeds; s++) {
      const z = scaleOfSeeds[seedStratum[s]] * random.normal()
      for (let g = 0; g < means.length; g++) means[g] += z * bySeed[g][s]
    }
    return new Map(
      groups.map((group, g) => {
        const alone = halfItem[g] > 0 ? halfItem[g] * random.normal() : 0
        return [group, means[g] + scaleOfItems[SPLITS.indexOf(group.split)] * alone]
      }),
    )
  }
}
