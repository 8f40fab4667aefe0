import type { Outcome, Split } from '../../src/core/gain/index.js'
import { normalQuantile, type Random } from '../../src/core/index.js'

/** Two arms of known truth: the accuracy over all items and seeds at every size. */
export interface Truth {
  readonly sizes: readonly number[]
  readonly accuracy: (arm: Outcome['arm'], n: number, split: Split) => number
  readonly items: number
  /** Items a cluster. */
  readonly clusterSize: number
  readonly seeds: number
  readonly splits: readonly Split[]
  /** Standard deviations on the latent scale, beside 1 of every answer alone. */
  readonly deviations: {
    readonly cluster: number
    readonly item: number
    readonly itemOfArm: number
    readonly seed: number
    readonly seedOfArm: number
  }
  /** Of every so many clusters one stands in the pre-training corpus; the latent scale is raised by `lift` for it. */
  readonly contaminated?: { readonly every: number; readonly lift: number }
}

export const DEVIATIONS = { cluster: 0.5, item: 0.8, itemOfArm: 0.3, seed: 0.1, seedOfArm: 0.15 }

/** Standard deviation of the latent scale over all items, seeds and answers. */
export function latentDeviation({ deviations: d }: Truth): number {
  return Math.sqrt(1 + d.cluster ** 2 + d.item ** 2 + d.itemOfArm ** 2 + d.seed ** 2 + d.seedOfArm ** 2)
}

/**
 * An item is answered rightly when level + cluster + item + item of the arm + seed + seed of the arm + noise > 0, all
 * normal about 0: over all of them the accuracy is Φ(level/√Σ variances), so that the level is set to the truth exactly.
 */
export function simulateArms(truth: Truth, random: Random): Outcome[] {
  const { sizes, accuracy, items, clusterSize, seeds, splits, deviations: d } = truth
  const total = latentDeviation(truth)
  const { every, lift } = truth.contaminated ?? { every: Number.POSITIVE_INFINITY, lift: 0 }
  const arms = ['pretrained', 'scratch'] as const
  // A seed draws the training set of every size, the smaller out of the larger: what it does, it does at all of them.
  const ofSeed = Array.from({ length: seeds }, () => d.seed * random.normal())
  const ofArm = arms.map(() => Array.from({ length: seeds }, () => d.seedOfArm * random.normal()))
  const out: Outcome[] = []
  for (const split of splits) {
    let cluster = 0
    for (let i = 0; i < items; i++) {
      if (i % clusterSize === 0) cluster = d.cluster * random.normal()
      const item = d.item * random.normal()
      const flag = Math.floor(i / clusterSize) % every === 0
      arms.forEach((arm, a) => {
        const own = d.itemOfArm * random.normal()
        for (const n of sizes) {
          const level =
            total * normalQuantile(accuracy(arm, n, split)) + (flag && arm === 'pretrained' ? lift : 0)
          for (let s = 0; s < seeds; s++) {
            const latent = level + cluster + item + own + ofSeed[s] + ofArm[a][s] + random.normal()
            out.push({
              arm,
              n,
              seed: `${s}`,
              split,
              item: `${i}`,
              cluster: `${Math.floor(i / clusterSize)}`,
              score: latent > 0 ? 1 : 0,
              margin: latent,
              ...(truth.contaminated === undefined ? {} : { contaminated: flag }),
            })
          }
        }
      })
    }
  }
  return out
}

/** Errors that fall as a power of n towards an asymptote: pre-training lowers all three. */
export function fallingErrors(arm: Outcome['arm'], n: number, split: Split): number {
  const elsewhere = split === 'ood' ? 0.08 : 0
  return arm === 'pretrained' ? 0.96 - elsewhere - 0.9 * n ** -0.5 : 0.92 - 0.9 * n ** -0.3 - 1.5 * elsewhere
}
