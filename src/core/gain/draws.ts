import type { Random } from '../random/index.js'
import { crossedVariance, unitsOf } from './crossed-variance.js'
import type { GainDesign, Group } from './outcomes.js'

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
 * Means of groups as other items and other seeds could have given them: each cluster's and each seed's part of the
 * error is drawn anew with a normal factor common to all groups, so that what moves them together does so in every draw,
 * and scaled as Student's t for the number of clusters and of seeds.
 *
 * The interaction of items and seeds stands in both parts; each group's clusters are scaled down by it.
 *
 * Source: Rademacher and normal multipliers as Cameron, Gelbach & Miller, Review of Economics and Statistics 90 (2008)
 * 414; the sum of two t's is Behrens' and Fisher's.
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
  const degreesOf = (counts: readonly number[]): number => counts.reduce((s, k) => s + Math.max(0, k - 1), 0)
  const byCluster = groups.map((group, g) => {
    const { ofItems, between } = crossedVariance(design, [{ group, weight: 1 }])
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
  // Clusters of the other split say nothing here.
  const touched = Array.from({ length: clusters }, (_, c) => c).filter((c) =>
    byCluster.some((own) => own[c] !== 0),
  )
  return (random) => {
    const scaleOfItems = studentScale(degreesOf(whole.clusters), random)
    const scaleOfSeeds = studentScale(degreesOf(whole.seeds), random)
    const ofCluster = new Float64Array(clusters)
    for (const c of touched) ofCluster[c] = scaleOfItems * random.normal()
    const ofSeed = Float64Array.from({ length: seeds }, () => scaleOfSeeds * random.normal())
    return new Map(
      groups.map((group, g) => {
        let mean = group.mean
        for (const c of touched) mean += ofCluster[c] * byCluster[g][c]
        for (let s = 0; s < seeds; s++) mean += ofSeed[s] * bySeed[g][s]
        return [group, mean]
      }),
    )
  }
}
