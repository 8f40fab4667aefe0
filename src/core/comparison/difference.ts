import { type Estimate, estimate, notEstimable, withinBounds } from '../estimate.js'
import { halfItemVariance } from '../stats/half-item.js'
import { normalQuantile } from '../stats/normal-quantile.js'
import { studentBeyond, studentQuantile } from '../stats/student.js'
import { mcnemarMidP } from './mcnemar.js'

/** Below this many items that one model alone got right, McNemar's exact test gives the p-value. */
export const FEW_DISCORDANT = 25
/** Share of true differences of the detectable size that are told. */
export const POWER = 0.8
/** What is said where one item, or one cluster of them, is all there is. */
export const SINGLE = 'a single item, or cluster of items, gives no interval'

/** The items that both models answered. */
export interface PairedScores {
  /** Scores of the first model and of the second, shape (items). */
  readonly a: ArrayLike<number>
  readonly b: ArrayLike<number>
  /** Number of the cluster of each item, shape (items): items that stand and fall together. */
  readonly clusters: ArrayLike<number>
}

/** The second model less the first. */
export interface Difference {
  /** n counts clusters. */
  readonly estimate: Estimate
  /** Two-sided; null where nothing can be told. */
  readonly p: number | null
  /** Standard error and its degrees of freedom. */
  readonly error: number
  readonly degrees: number
  /** Smallest true difference that would be told {@link POWER} of the time; null where nothing can be. */
  readonly detectable: number | null
  /** Items that the second model alone, and the first alone, got right; absent where scores are shares. */
  readonly discordant?: { readonly gained: number; readonly lost: number }
  /** Every item has the same score under both. */
  readonly isSame: boolean
}

/** Smallest true difference that is told with a power, by standard error. Source: Miller, arXiv:2411.00640, §5, with t for z. */
export function detectableBy(error: number, degrees: number, level: number, power: number = POWER): number {
  return (studentQuantile((1 + level) / 2, degrees) + studentQuantile(power, degrees)) * error
}

/** Of scores within [0, 1]: what is left of a spread of nothing. */
const ROUNDING = 1e-12

/** A difference by its standard error: interval and p-value of one t, so that the interval leaves 0 out where p is below 1 − level. */
export function differenceOf(
  value: number,
  error: number,
  degrees: number,
  n: number,
  level: number,
): Pick<Difference, 'estimate' | 'p' | 'error' | 'degrees' | 'detectable'> {
  const varies = error > ROUNDING
  const half = studentQuantile((1 + level) / 2, degrees) * error
  const interval = { low: value - half, high: value + half, level }
  return {
    // Scores are shares: no difference is farther than from nothing to all.
    estimate: withinBounds(estimate(value, interval, 'accuracy', n), -1, 1),
    // All clusters moved alike: the chance that as many signs agree.
    p: varies ? studentBeyond(value / error, degrees) : value === 0 ? 1 : 2 ** -degrees,
    error: varies ? error : 0,
    degrees,
    detectable: varies ? detectableBy(error, degrees, level) : null,
  }
}

/** What an interval says of p, error and the smallest detectable value, as if normal: its side towards 0 decides. */
export function byInterval(e: Estimate): Pick<Difference, 'p' | 'error' | 'degrees' | 'detectable'> {
  const degrees = Number.POSITIVE_INFINITY
  const none = { p: null, error: 0, degrees, detectable: null }
  if (e.kind === 'notEstimable') return none
  const { low, high, level } = e.interval
  const width = e.value > 0 ? e.value - low : high - e.value
  // What was counted has no width, and where nothing moved there is nothing to tell.
  if (!(width > 0)) return e.value === 0 ? { ...none, p: 1 } : none
  const error = width / normalQuantile((1 + level) / 2)
  return {
    p: studentBeyond(e.value / error, degrees),
    error,
    degrees,
    detectable: detectableBy(error, degrees, level),
  }
}

/**
 * Mean of b − a over the items that two models share. The variance is that of a mean over clusters, with half an item on which
 * right-or-wrong scores differ added, so that models that agree on every item are not certain to agree on others.
 *
 * Which p decides: McNemar's (exact, mid-p) where items are right or wrong, each its own cluster, and fewer than
 * {@link FEW_DISCORDANT} tell the models apart; Student's t over clusters otherwise, which is then the same to .01.
 *
 * Source: paired and clustered errors as Miller, arXiv:2411.00640, Eq. 8 (number unchecked); what a paired bootstrap over clusters
 * tends to for a mean. The half item as in `gain` (docs/methods/gain.md#gain).
 */
export function pairedDifference({ a, b, clusters }: PairedScores, level: number): Difference {
  const n = a.length
  if (b.length !== n || clusters.length !== n)
    throw new RangeError(`paired scores of lengths ${n}, ${b.length} and ${clusters.length}`)
  let total = 0
  let gained = 0
  let lost = 0
  let isBinary = true
  for (let i = 0; i < n; i++) {
    total += b[i] - a[i]
    if (b[i] > a[i]) gained++
    else if (b[i] < a[i]) lost++
    isBinary &&= (a[i] === 0 || a[i] === 1) && (b[i] === 0 || b[i] === 1)
  }
  const known = { ...(isBinary ? { discordant: { gained, lost } } : {}), isSame: gained + lost === 0 }
  const value = total / n
  const sums = new Map<number, number>()
  for (let i = 0; i < n; i++) sums.set(clusters[i], (sums.get(clusters[i]) ?? 0) + (b[i] - a[i] - value))
  const groups = sums.size
  if (groups < 2)
    return { estimate: notEstimable(SINGLE), p: null, error: 0, degrees: 0, detectable: null, ...known }
  let squares = 0
  for (const sum of sums.values()) squares += sum * sum
  const unseen = isBinary ? halfItemVariance(1 / n) : 0
  const variance = ((groups / (groups - 1)) * squares) / (n * n) + unseen
  const found = differenceOf(value, Math.sqrt(variance), groups - 1, groups, level)
  const isMcNemar = isBinary && groups === n && gained + lost < FEW_DISCORDANT
  return { ...found, ...(isMcNemar ? { p: mcnemarMidP(gained, lost) } : {}), ...known }
}
