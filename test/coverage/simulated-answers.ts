import type { Random } from '../../src/core/index.js'

/** How two models answer made-up items. */
export interface AnswerTruth {
  /** Sizes of the clusters, of each item by itself 1. */
  readonly clusters: readonly number[]
  /** Ability of the second less that of the first, on the latent scale. */
  readonly shift: number
  /** Deviation of what a model's seed makes of a cluster, and of an item in it, on the latent scale. */
  readonly ofCluster: number
  readonly ofItem: number
  /** Deviation of the items' difficulty. */
  readonly difficulty: number
  /** Scores as shares of several parts of an item, not right or wrong. */
  readonly parts?: number
}

/** Answers of two models to the same items. */
export interface Answers {
  readonly a: number[]
  readonly b: number[]
  readonly clusters: number[]
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/**
 * Answers of two models whose seeds make of clusters and items what they will: P(right) = σ(ability − difficulty + cluster + item).
 * At shift 0 they are two seeds of one model, and the expected difference is 0 over other clusters.
 */
export function simulateAnswers(
  { clusters: sizes, shift, ofCluster, ofItem, difficulty, parts = 1 }: AnswerTruth,
  random: Random,
): Answers {
  const out: Answers = { a: [], b: [], clusters: [] }
  sizes.forEach((size, c) => {
    const common = difficulty * random.normal()
    const own = [ofCluster * random.normal(), ofCluster * random.normal()]
    for (let i = 0; i < size; i++) {
      const hard = common + difficulty * random.normal()
      const score = (m: number): number => {
        const p = sigmoid(m * shift - hard + own[m] + ofItem * random.normal())
        let right = 0
        for (let k = 0; k < parts; k++) if (random.uniform() < p) right++
        return right / parts
      }
      out.a.push(score(0))
      out.b.push(score(1))
      out.clusters.push(c)
    }
  })
  return out
}

/** `count` clusters of one size. */
export const alike = (count: number, size = 1): number[] => new Array<number>(count).fill(size)

/** Cases under the null: what a false difference is counted of. */
export const NULL_CASES: Readonly<Record<string, AnswerTruth>> = {
  '500 items': { clusters: alike(500), shift: 0, ofCluster: 0, ofItem: 0.5, difficulty: 1.5 },
  '100 items': { clusters: alike(100), shift: 0, ofCluster: 0, ofItem: 0.5, difficulty: 1.5 },
  '1,000 items': { clusters: alike(1000), shift: 0, ofCluster: 0, ofItem: 0.5, difficulty: 1.5 },
  '500 items, few that tell (hard or easy for both)': {
    clusters: alike(500),
    shift: 0,
    ofCluster: 0,
    ofItem: 0.5,
    difficulty: 20,
  },
  '100 clusters of 5': { clusters: alike(100, 5), shift: 0, ofCluster: 1, ofItem: 0.5, difficulty: 1 },
  '60 clusters of 1 to 20': {
    clusters: Array.from({ length: 60 }, (_, c) => 1 + ((c * 7) % 20)),
    shift: 0,
    ofCluster: 1,
    ofItem: 0.5,
    difficulty: 1,
  },
  '30 clusters of 10': { clusters: alike(30, 10), shift: 0, ofCluster: 1, ofItem: 0.5, difficulty: 1 },
  '200 items scored as shares': {
    clusters: alike(200),
    shift: 0,
    ofCluster: 0,
    ofItem: 0.5,
    difficulty: 1.5,
    parts: 4,
  },
}
