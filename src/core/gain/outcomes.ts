/** The two arms of a comparison: trained alike on the same data, from pre-trained weights and from random ones. */
export type Arm = 'pretrained' | 'scratch'
/** Both, the pre-trained one first. */
export const ARMS: readonly Arm[] = ['pretrained', 'scratch']

/** Where a test item comes from: the training data's distribution, or another. */
export type Split = 'id' | 'ood'
export const SPLITS: readonly Split[] = ['id', 'ood']

/** One test item answered by one trained model. A row of the table that `gain` is computed from. */
export interface Outcome {
  readonly arm: Arm
  /** Training examples; 0 before any. */
  readonly n: number
  /** Seed of the training run, drawn anew for data and order. */
  readonly seed: string
  readonly split: Split
  /** Name of the test set, where a split has several; that of the split where left out. */
  readonly test?: string
  /** Unique within its split. */
  readonly item: string
  /** Items that stand and fall together (a passage's questions); the item itself where left out. */
  readonly cluster?: string
  /** 0 to 1: right or wrong, or a share. */
  readonly score: number
  /** ln p(right answer) − ln p(best other), nats. */
  readonly margin?: number
  /** Whether the item stands in the pre-training corpus; null where that could not be decided, undefined where nobody looked. */
  readonly contaminated?: boolean | null
  /** Min-k% of the item's text under the pre-trained model, nats/token. */
  readonly minK?: number
}

/** Scores of one arm at one training-set size on one split: what means are taken of. */
export interface Group {
  readonly arm: Arm
  readonly n: number
  readonly split: Split
  readonly mean: number
  readonly rows: number
  /**
   * What every cluster × seed cell adds to the error of the mean, Σ (score − mean)/rows over its rows; row-major,
   * shape (clusters, seeds) of the design. They sum to 0.
   */
  readonly influence: Float64Array
  /** 1 where a cell has rows: not every seed is trained at every size. Shape as `influence`. */
  readonly hasRows: Uint8Array
}

/** A table of outcomes with its units: clusters of items, and seeds, each a level of the sampling. */
export interface GainDesign {
  readonly clusters: number
  readonly seeds: number
  /** Stratum of each cluster: clusters of two splits are drawn apart. Shape (clusters). */
  readonly clusterStratum: Int32Array
  /** Rows of each cluster as a share of its stratum, shape (clusters). */
  readonly clusterShare: Float64Array
  /** Stratum of each seed: one for both arms where they share their seeds, else one an arm. Shape (seeds). */
  readonly seedStratum: Int32Array
  /** Whether both arms were trained with the same seeds, so that what a seed does to both cancels out. */
  readonly pairedSeeds: boolean
  readonly groups: readonly Group[]
  /** Training-set sizes above 0 at which both arms were tested, ascending. */
  readonly sizes: readonly number[]
}

const groupKey = (arm: Arm, n: number, split: Split): string => `${arm}/${n}/${split}`

/** The group of an arm, a size and a split, or undefined where it was not tested. */
export function groupOf(design: GainDesign, arm: Arm, n: number, split: Split): Group | undefined {
  return design.groups.find((g) => g.arm === arm && g.n === n && g.split === split)
}

/** Clusters of items of a split. */
export function clustersOn({ clusterStratum }: GainDesign, split: Split): number {
  return clusterStratum.filter((s) => s === SPLITS.indexOf(split)).length
}

class Numbering {
  private readonly ids = new Map<string, number>()
  of(key: string): number {
    let id = this.ids.get(key)
    if (id === undefined) {
      id = this.ids.size
      this.ids.set(key, id)
    }
    return id
  }
  get size(): number {
    return this.ids.size
  }
}

/**
 * Bring outcomes into groups and units.
 *
 * @throws {RangeError} for no outcomes, or a score that is not finite
 */
export function gainDesign(outcomes: readonly Outcome[]): GainDesign {
  if (outcomes.length === 0) throw new RangeError('a gain of no outcomes')
  const seedsOf = (arm: Arm): string =>
    [...new Set(outcomes.filter((o) => o.arm === arm).map((o) => o.seed))].sort().join('\n')
  const pairedSeeds = seedsOf('pretrained') === seedsOf('scratch')
  const clusters = new Numbering()
  const seeds = new Numbering()
  const groups = new Numbering()
  const arms: Group[] = []
  const clusterStratum: number[] = []
  const seedStratum: number[] = []
  const rowsOfCluster: number[] = []
  const placed = outcomes.map((o) => {
    if (!Number.isFinite(o.score))
      throw new RangeError(`score of ${o.item} (${o.arm}, n = ${o.n}) is ${o.score}`)
    const cluster = clusters.of(`${o.split}/${o.cluster ?? o.item}`)
    const seed = seeds.of(pairedSeeds ? o.seed : `${o.arm}/${o.seed}`)
    clusterStratum[cluster] = o.split === 'id' ? 0 : 1
    seedStratum[seed] = pairedSeeds || o.arm === 'pretrained' ? 0 : 1
    rowsOfCluster[cluster] = (rowsOfCluster[cluster] ?? 0) + 1
    return { cluster, seed, group: groups.of(groupKey(o.arm, o.n, o.split)) }
  })
  const sums = new Float64Array(groups.size)
  const rows = new Float64Array(groups.size)
  placed.forEach(({ group }, r) => {
    sums[group] += outcomes[r].score
    rows[group]++
  })
  placed.forEach(({ cluster, seed, group }, r) => {
    const { arm, n, split, score } = outcomes[r]
    arms[group] ??= {
      arm,
      n,
      split,
      mean: sums[group] / rows[group],
      rows: rows[group],
      influence: new Float64Array(clusters.size * seeds.size),
      hasRows: new Uint8Array(clusters.size * seeds.size),
    }
    const { influence, hasRows, mean } = arms[group]
    hasRows[cluster * seeds.size + seed] = 1
    influence[cluster * seeds.size + seed] += (score - mean) / rows[group]
  })
  const strata = [0, 0]
  rowsOfCluster.forEach((n, c) => {
    strata[clusterStratum[c]] += n
  })
  const both = (n: number): boolean => ARMS.every((arm) => arms.some((g) => g.arm === arm && g.n === n))
  return {
    clusters: clusters.size,
    seeds: seeds.size,
    clusterStratum: Int32Array.from(clusterStratum),
    clusterShare: Float64Array.from(rowsOfCluster, (n, c) => n / strata[clusterStratum[c]]),
    seedStratum: Int32Array.from(seedStratum),
    pairedSeeds,
    groups: arms,
    sizes: [...new Set(arms.map((g) => g.n))].filter((n) => n > 0 && both(n)).sort((a, b) => a - b),
  }
}
