import { groupBy } from '../collections.js'
import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../estimate.js'
import { changeBetween } from '../gate.js'
import { normalQuantile } from '../stats/normal-quantile.js'
import { studentBeyond } from '../stats/student.js'
import { detectableBy, differenceOf, pairedDifference } from './difference.js'
import { falseDiscoveryRates } from './false-discovery.js'
import { groupLetters } from './ranking.js'

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

/** Of the second model: more or less than the first, or neither can be said. */
export type ComparedVerdict = 'better' | 'worse' | 'undecided'

/** Whether the second model lost more than it may: `held` where the whole interval is within, `regressed` where none of it is. */
export type Drop = 'held' | 'regressed' | 'undecided'

/** Two models on one benchmark, or on the mean of all that they share. */
export interface ComparedPair {
  readonly a: string
  readonly b: string
  /** `macro` is the mean over benchmarks, all weighted alike. */
  readonly benchmark: string
  readonly metric?: string
  /** Items that both answered; null where results do not tell them. */
  readonly items: number | null
  /** b − a. */
  readonly difference: Estimate
  readonly p: number | null
  /** p among all comparisons of its kind: the false discovery rate at which it is told. */
  readonly adjusted: number | null
  readonly detectable: number | null
  /** Standard error of the difference, and its degrees of freedom. */
  readonly error: number
  readonly degrees: number
  readonly discordant?: { readonly gained: number; readonly lost: number }
  readonly verdict: ComparedVerdict
  /** Every shared item has the same score under both. */
  readonly isSame: boolean
  /** Item by item; otherwise from two scores as if of other items, which is on the careful side. */
  readonly isPaired: boolean
  /** Against the first model, where a largest drop was given. */
  readonly drop?: Drop
}

/** A model among the others, by its mean over the benchmarks that all have. */
export interface RankedModel {
  readonly model: string
  readonly score: Estimate
  /** Ranks that the pairs leave open: 1 + models told to be better, count − models told to be worse. */
  readonly best: number
  readonly worst: number
  /** Models that share a letter cannot be told apart. */
  readonly group: string
}

/** Every two models on every benchmark that they share, and their ranking. */
export interface ModelComparison {
  readonly models: readonly string[]
  readonly pairs: readonly ComparedPair[]
  /** One a pair of models: `macro`, or the only benchmark that they share. */
  readonly overall: readonly ComparedPair[]
  readonly ranking: readonly RankedModel[]
  /** Benchmarks that all models have, which the ranking is over. */
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

type Found = Omit<ComparedPair, 'a' | 'b' | 'adjusted' | 'verdict' | 'drop'>

/** Standard error of an interval: that of the side towards 0, which decides. */
function errorOf(e: Estimate & { kind: 'estimate' }): number {
  const { low, high, level } = e.interval
  return (e.value > 0 ? e.value - low : high - e.value) / normalQuantile((1 + level) / 2)
}

/** Mean score over clusters of items, cut to [0, 1]. */
function meanOver(scores: readonly number[], clusters: readonly number[], level: number): Estimate {
  // Against a model that is wrong everywhere the difference is the score.
  const mean = pairedDifference({ a: scores.map(() => 0), b: scores, clusters }, level).estimate
  if (mean.kind === 'notEstimable') return mean
  const { low, high } = mean.interval
  return { ...mean, interval: { low: Math.max(0, low), high: Math.min(1, high), level } }
}

/** A model's own score on a benchmark, from its items or as told. */
function scoreOf(benchmark: ComparedBenchmark, model: number, level: number): Estimate | undefined {
  const own = benchmark.scores[model]
  if (own === undefined) return benchmark.told[model]
  const answered = own.flatMap((score, i) =>
    score === null ? [] : [{ score, cluster: benchmark.clusters[i] }],
  )
  if (answered.length === 0) return undefined
  return meanOver(
    answered.map((x) => x.score),
    answered.map((x) => x.cluster),
    level,
  )
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
  return { ...namesOf(benchmark), ...rest, difference, items: a.length, isPaired: true }
}

const namesOf = ({ benchmark, metric }: ComparedBenchmark): { benchmark: string; metric?: string } => ({
  benchmark,
  ...(metric === undefined ? {} : { metric }),
})

/** Two scores of which at least one is told without its items. */
function byScores(benchmark: ComparedBenchmark, i: number, j: number, level: number): Found | undefined {
  const [first, second] = [scoreOf(benchmark, i, level), scoreOf(benchmark, j, level)]
  if (first === undefined || second === undefined) return undefined
  const own = { ...namesOf(benchmark), items: null, isPaired: false, isSame: false }
  const degrees = Number.POSITIVE_INFINITY
  const unknown = (difference: Estimate): Found => ({
    ...own,
    difference,
    p: null,
    detectable: null,
    error: 0,
    degrees,
  })
  if (first.kind === 'notEstimable') return unknown(first)
  if (second.kind === 'notEstimable') return unknown(second)
  const difference = changeBetween(first, second)
  const error = difference.kind === 'estimate' ? errorOf(difference) : 0
  if (difference.kind === 'notEstimable' || error === 0) return unknown(difference)
  const p = studentBeyond(difference.value / error, degrees)
  return { ...own, difference, p, detectable: detectableBy(error, degrees, level), error, degrees }
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
    items: items.every((n) => n !== null) ? items.reduce((sum, n) => sum + n, 0) : null,
    isPaired: known.every((part) => part.isPaired),
    isSame: known.every((part) => part.isSame),
  }
}

/** What is told of pairs that are looked at together. */
function judged(
  pairs: readonly (Found & { readonly a: string; readonly b: string })[],
  level: number,
): ComparedPair[] {
  const known = pairs.flatMap(({ p }, i) => (p === null ? [] : [{ p, i }]))
  const rates = falseDiscoveryRates(known.map(({ p }) => p))
  const adjusted = new Map(known.map(({ i }, k) => [i, rates[k]]))
  return pairs.map((pair, i) => {
    const rate = adjusted.get(i) ?? null
    const { difference } = pair
    const isTold = rate !== null && rate <= 1 - level && difference.kind === 'estimate'
    const verdict =
      !isTold || difference.value === 0 ? 'undecided' : difference.value > 0 ? 'better' : 'worse'
    return { ...pair, adjusted: rate, verdict }
  })
}

/** One-sided p of a drop of no more than `maxDrop`. */
function beyondDrop({ difference, error, degrees }: ComparedPair, maxDrop: number): number {
  if (difference.kind === 'notEstimable') return 1
  const excess = -maxDrop - difference.value
  if (error === 0) return excess > 0 ? 0 : 1
  const tail = studentBeyond(excess / error, degrees) / 2
  return excess > 0 ? tail : 1 - tail
}

/**
 * Whether each model lost more than `maxDrop` against the first, by the confidence bound: regressed where the whole interval of
 * b − a lies below −maxDrop, at the level that is left when all of these pairs are looked at together; held where all of it
 * lies above.
 */
function withDrops(
  pairs: readonly ComparedPair[],
  first: string,
  maxDrop: number,
  level: number,
): ComparedPair[] {
  const own = pairs.filter(({ a }) => a === first)
  const rates = falseDiscoveryRates(own.map((pair) => beyondDrop(pair, maxDrop)))
  const dropOf = ({ difference }: ComparedPair, rate: number): Drop => {
    if (difference.kind === 'notEstimable') return 'undecided'
    if (rate <= (1 - level) / 2) return 'regressed'
    return difference.interval.low >= -maxDrop ? 'held' : 'undecided'
  }
  const drops = new Map(own.map((pair, i) => [pair, dropOf(pair, rates[i])]))
  return pairs.map((pair) => {
    const drop = drops.get(pair)
    return drop === undefined ? pair : { ...pair, drop }
  })
}

/** Mean score over benchmarks, each weighted alike. */
function meanScore(scores: readonly Estimate[], level: number): Estimate {
  const known = scores.filter((e) => e.kind === 'estimate')
  if (known.length === 0) return scores[0] ?? notEstimable('no benchmark is common to all models')
  if (known.length < scores.length) return notEstimable('a benchmark that all have tells no interval')
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
  const couples = models.flatMap((_, i) => models.slice(i + 1).map((_, k) => [i, i + 1 + k] as const))
  const found = couples.map(([i, j]) => ({
    names: { a: models[i], b: models[j] },
    parts: benchmarks.flatMap((benchmark) => {
      const part = byItems(benchmark, i, j, level) ?? byScores(benchmark, i, j, level)
      return part === undefined ? [] : [part]
    }),
  }))
  const shared = benchmarks.filter((benchmark) =>
    models.every((_, m) => scoreOf(benchmark, m, level) !== undefined),
  )
  const told = (pairs: Parameters<typeof judged>[0]): ComparedPair[] => {
    const own = judged(pairs, level)
    return maxDrop === undefined ? own : withDrops(own, models[0], maxDrop, level)
  }
  // Means are over the benchmarks that all models have, so that every pair is told by the same ones.
  const common = new Set(shared.map(({ benchmark }) => benchmark))
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
    ranking: rank(models, overall, shared, level),
    shared: [...common],
  }
}

function rank(
  models: readonly string[],
  overall: readonly ComparedPair[],
  shared: readonly ComparedBenchmark[],
  level: number,
): RankedModel[] {
  const scored = models
    .map((model, m) => ({
      model,
      score: meanScore(
        shared.flatMap((benchmark) => scoreOf(benchmark, m, level) ?? []),
        level,
      ),
    }))
    .filter(({ score }) => score.kind === 'estimate')
    .sort((x, y) =>
      y.score.kind === 'estimate' && x.score.kind === 'estimate' ? y.score.value - x.score.value : 0,
    )
  const told = groupBy(
    overall.filter(({ verdict }) => verdict !== 'undecided'),
    ({ a }) => a,
  )
  const between = (x: string, y: string): ComparedVerdict | undefined => {
    const found = told.get(x)?.find(({ b }) => b === y)
    return found?.verdict
  }
  /** Whether x is told to be better than y. */
  const isBetter = (x: string, y: string): boolean => between(x, y) === 'worse' || between(y, x) === 'better'
  const letters = groupLetters(scored.length, (i, j) => {
    const [x, y] = [scored[i].model, scored[j].model]
    return isBetter(x, y) || isBetter(y, x)
  })
  return scored.map(({ model, score }, i) => ({
    model,
    score,
    best: 1 + scored.filter((other) => isBetter(other.model, model)).length,
    worst: scored.length - scored.filter((other) => isBetter(model, other.model)).length,
    group: letters[i],
  }))
}
