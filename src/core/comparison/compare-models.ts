import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../estimate.js'
import { crossedMean } from '../gain/crossed-mean.js'
import { changeBetween } from '../gate.js'
import { byInterval, differenceOf, pairedDifference } from './difference.js'
import {
  type ComparedPair,
  judged,
  type MeasuredPair,
  type RankedModel,
  rankModels,
  withDrops,
} from './judge-pairs.js'

/** A benchmark under several models: their items where results tell them, else their scores. */
export interface ComparedBenchmark {
  readonly benchmark: string
  readonly metric?: string
  /** Number of the cluster of each item, shape (items); empty where no model tells its items. */
  readonly clusters: ArrayLike<number>
  /** Scores by model, null where it did not answer; undefined for a model that tells no items. Shape (models, items). */
  readonly scores: readonly (readonly (number | null)[] | undefined)[]
  /** Scores that are told without items, shape (models). */
  readonly told: readonly (Estimate | undefined)[]
}

/** Every two models on every benchmark that they share, and their ranking. */
export interface ModelComparison {
  readonly models: readonly string[]
  readonly pairs: readonly ComparedPair[]
  /** One a pair of models: `macro`, or the only benchmark that they share. */
  readonly overall: readonly ComparedPair[]
  readonly ranking: readonly RankedModel[]
  /** Benchmarks of which all models have a score with its interval, which the ranking is over. */
  readonly shared: readonly string[]
}

/** The benchmark name of the mean over benchmarks. */
export const MACRO = 'macro'

/** How models are compared. */
export interface CompareOptions {
  readonly level?: number
  /** Largest drop from the first model that is put up with, a share. */
  readonly maxDrop?: number
}

type Found = Omit<MeasuredPair, 'a' | 'b'>

/** A model's own score on a benchmark, from its items or as told. */
function scoreOf(benchmark: ComparedBenchmark, model: number, level: number): Estimate | undefined {
  const own = benchmark.scores[model]
  if (own === undefined) return benchmark.told[model]
  const answered = own.flatMap((value, i) =>
    value === null ? [] : [{ item: String(i), cluster: String(benchmark.clusters[i]), draw: 0, value }],
  )
  if (answered.length === 0) return undefined
  const isBinary = answered.every(({ value }) => value === 0 || value === 1)
  return crossedMean(answered, 'accuracy', level, isBinary ? 1 : 0)
}

function byItems(benchmark: ComparedBenchmark, i: number, j: number, level: number): Found | undefined {
  const [first, second] = [benchmark.scores[i], benchmark.scores[j]]
  if (first === undefined || second === undefined) return undefined
  const a: number[] = []
  const b: number[] = []
  const clusters: number[] = []
  first.forEach((score, k) => {
    const other = second[k]
    if (score === null || other === null) return
    a.push(score)
    b.push(other)
    clusters.push(benchmark.clusters[k])
  })
  if (a.length === 0) return undefined
  const { estimate: difference, ...rest } = pairedDifference({ a, b, clusters }, level)
  return { ...namesOf(benchmark), ...rest, difference, items: a.length, isPaired: true, better: 'higher' }
}

const namesOf = ({ benchmark, metric }: ComparedBenchmark): { benchmark: string; metric?: string } => ({
  benchmark,
  ...(metric === undefined ? {} : { metric }),
})

/** Two scores of which at least one is told without its items. */
function byScores(
  benchmark: ComparedBenchmark,
  first: Estimate | undefined,
  second: Estimate | undefined,
): Found | undefined {
  if (first === undefined || second === undefined) return undefined
  const own = {
    ...namesOf(benchmark),
    items: null,
    isPaired: false,
    isSame: false,
    better: 'higher' as const,
  }
  const difference =
    first.kind === 'notEstimable'
      ? first
      : second.kind === 'notEstimable'
        ? second
        : changeBetween(first, second)
  return { ...own, difference, ...byInterval(difference) }
}

/** Degrees of freedom of a sum of variances. Source: Satterthwaite, Biometrics Bulletin 2 (1946) 110. */
function degreesOf(parts: readonly Found[]): number {
  const total = parts.reduce((sum, { error }) => sum + error ** 2, 0)
  const spread = parts.reduce((sum, { error, degrees }) => sum + error ** 4 / degrees, 0)
  return spread > 0 ? total ** 2 / spread : Number.POSITIVE_INFINITY
}

/** The mean over benchmarks, taken as independent of each other since their items are others. */
function macroOf(parts: readonly Found[], level: number): Found | undefined {
  const known = parts.filter((part) => part.difference.kind === 'estimate')
  if (known.length === 0) return undefined
  if (known.length === 1) return known[0]
  const value =
    known.reduce((sum, { difference }) => sum + (difference.kind === 'estimate' ? difference.value : 0), 0) /
    known.length
  const error = Math.sqrt(known.reduce((sum, part) => sum + part.error ** 2, 0)) / known.length
  const { estimate: difference, ...rest } = differenceOf(value, error, degreesOf(known), known.length, level)
  const items = known.map((part) => part.items)
  return {
    ...rest,
    difference,
    benchmark: MACRO,
    better: 'higher',
    items: items.every((n) => n !== null) ? items.reduce((sum, n) => sum + n, 0) : null,
    isPaired: known.every((part) => part.isPaired),
    isSame: known.every((part) => part.isSame),
  }
}

/** Mean score over benchmarks, each weighted alike. */
function meanScore(scores: readonly Estimate[], level: number): Estimate {
  const known = scores.filter((e) => e.kind === 'estimate')
  if (known.length === 0) return notEstimable('no benchmark is common to all models')
  if (known.length === 1) return known[0]
  const value = known.reduce((sum, e) => sum + e.value, 0) / known.length
  const half = Math.hypot(...known.map((e) => (e.interval.high - e.interval.low) / 2)) / known.length
  return estimate(value, { low: value - half, high: value + half, level }, 'accuracy', known.length)
}

/**
 * Compare every two models on every benchmark that both have: paired item by item where both tell their items.
 *
 * What is told is held to a false discovery rate of 1 − level: over all pairs and benchmarks, and over all pairs of the means.
 *
 * @throws {RangeError} for fewer than two models
 */
export function compareModels(
  models: readonly string[],
  benchmarks: readonly ComparedBenchmark[],
  { level = DEFAULT_LEVEL, maxDrop }: CompareOptions = {},
): ModelComparison {
  if (models.length < 2) throw new RangeError(`${models.length} models, expected 2 or more`)
  const scores = benchmarks.map((benchmark) => models.map((_, m) => scoreOf(benchmark, m, level)))
  const couples = models.flatMap((_, i) => models.slice(i + 1).map((_, k) => [i, i + 1 + k] as const))
  const found = couples.map(([i, j]) => ({
    names: { a: models[i], b: models[j] },
    parts: benchmarks.flatMap((benchmark, k) => {
      const part = byItems(benchmark, i, j, level) ?? byScores(benchmark, scores[k][i], scores[k][j])
      return part === undefined ? [] : [part]
    }),
  }))
  const shared = scores.filter((own) => own.every((score) => score?.kind === 'estimate'))
  const told = (pairs: Parameters<typeof judged>[0]): ComparedPair[] => {
    const own = judged(pairs, level)
    return maxDrop === undefined ? own : withDrops(own, models[0], maxDrop, level)
  }
  // Means are over the benchmarks that all models have, so that every pair is told by the same ones.
  const common = new Set(shared.map((own) => benchmarks[scores.indexOf(own)].benchmark))
  const overall = told(
    found.flatMap(({ names, parts }) => {
      const macro = macroOf(
        common.size === 0 ? parts : parts.filter((part) => common.has(part.benchmark)),
        level,
      )
      return macro === undefined ? [] : [{ ...names, ...macro }]
    }),
  )
  return {
    models,
    pairs: told(found.flatMap(({ names, parts }) => parts.map((part) => ({ ...names, ...part })))),
    overall,
    ranking: rankModels(
      models,
      models.map((_, m) =>
        meanScore(
          shared.flatMap((own) => own[m] ?? []),
          level,
        ),
      ),
      overall,
    ),
    shared: [...common],
  }
}
