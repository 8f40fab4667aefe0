import { groupBy } from '../collections.js'
import type { Estimate } from '../estimate.js'
import { studentBeyond } from '../stats/student.js'
import { falseDiscoveryRates } from './false-discovery.js'
import { groupLetters } from './ranking.js'

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
  /** Which side of 0 is the better one; of scores above. */
  readonly better: 'higher' | 'lower'
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

/** Two models on one benchmark before it is looked at among others. */
export type MeasuredPair = Omit<ComparedPair, 'adjusted' | 'verdict' | 'drop'>

/** What is told of pairs that are looked at together. */
export function judged(pairs: readonly MeasuredPair[], level: number): ComparedPair[] {
  const known = pairs.flatMap(({ p }, i) => (p === null ? [] : [{ p, i }]))
  const rates = falseDiscoveryRates(known.map(({ p }) => p))
  const adjusted = new Map(known.map(({ i }, k) => [i, rates[k]]))
  return pairs.map((pair, i) => {
    const rate = adjusted.get(i) ?? null
    const { difference, better } = pair
    const isTold = rate !== null && rate <= 1 - level && difference.kind === 'estimate'
    const verdict =
      !isTold || difference.value === 0
        ? 'undecided'
        : difference.value > 0 === (better === 'higher')
          ? 'better'
          : 'worse'
    return { ...pair, adjusted: rate, verdict }
  })
}

/** One-sided p of a drop of no more than `maxDrop`. */
function beyondDrop({ difference, better, error, degrees }: ComparedPair, maxDrop: number): number {
  if (difference.kind === 'notEstimable') return 1
  const excess = (better === 'higher' ? -difference.value : difference.value) - maxDrop
  if (error === 0) return excess > 0 ? 2 ** -degrees : 1
  const tail = studentBeyond(excess / error, degrees) / 2
  return excess > 0 ? tail : 1 - tail
}

/**
 * Whether each model lost more than `maxDrop` against the first, by the confidence bound: regressed where the whole interval of
 * b − a lies beyond it, at the level that is left when all of these pairs are looked at together; held where all of it
 * lies within.
 */
export function withDrops(
  pairs: readonly ComparedPair[],
  first: string,
  maxDrop: number,
  level: number,
): ComparedPair[] {
  const own = pairs.filter(({ a }) => a === first)
  const rates = falseDiscoveryRates(own.map((pair) => beyondDrop(pair, maxDrop)))
  const dropOf = ({ difference, better }: ComparedPair, rate: number): Drop => {
    if (difference.kind === 'notEstimable') return 'undecided'
    if (rate <= (1 - level) / 2) return 'regressed'
    const { low, high } = difference.interval
    return (better === 'higher' ? -low : high) <= maxDrop ? 'held' : 'undecided'
  }
  const drops = new Map(own.map((pair, i) => [pair, dropOf(pair, rates[i])]))
  return pairs.map((pair) => {
    const drop = drops.get(pair)
    return drop === undefined ? pair : { ...pair, drop }
  })
}

/**
 * Models by their scores, best first, with the ranks that the pairs leave open. A model without an estimate is left out.
 *
 * @param scores shape (models)
 */
export function rankModels(
  models: readonly string[],
  scores: readonly Estimate[],
  overall: readonly ComparedPair[],
): RankedModel[] {
  const sign = overall[0]?.better === 'lower' ? -1 : 1
  const scored = models
    .flatMap((model, m) => {
      const score = scores[m]
      return score?.kind === 'estimate' ? [{ model, score }] : []
    })
    .sort((x, y) => sign * (y.score.value - x.score.value))
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
