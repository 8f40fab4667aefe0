import { estimate, notEstimable } from '../estimate.js'
import type { DomainShare, Span } from '../evidence/index.js'
import { percentileInterval } from '../stats/index.js'

/** Which domain each span of a text is of. */
export interface Domains {
  readonly names: readonly string[]
  /** Position of its domain among the names. Shape (spans). */
  readonly of: Uint16Array
}

/** Domains in the order of their first spans. */
export function domainsOf(spans: readonly Span[]): Domains {
  const places = new Map<string, number>()
  const of = Uint16Array.from(spans, ({ domain }) => {
    const place = places.get(domain) ?? places.size
    places.set(domain, place)
    return place
  })
  return { names: [...places.keys()], of }
}

/** Values of the spans summed by domain. Shape (spans) → (domains). */
export function sumByDomain({ names, of }: Domains, values: ArrayLike<number>): number[] {
  const sums = names.map(() => 0)
  for (let u = 0; u < of.length; u++) sums[of[u]] += values[u]
  return sums
}

/**
 * Share of each domain in the pull of the losses on the index: P_d / Σ |P|, P_d = −∂index/∂loss over the domain
 * = −(slope · W_d/W + Σ_{u∈d} s_u). Of the plain loss that is the domain's share of the text; below 0, losing less there
 * goes with a worse score.
 *
 * @param ofText  share of the text that each domain is, shape (domains)
 * @param slope   of the index on the mean loss
 * @param weights of the spans beside the mean, summed by domain, shape (domains)
 * @param better  −1 where a higher score is worse
 */
export function sharesOfPull(
  ofText: readonly number[],
  { slope, weights }: { readonly slope: number; readonly weights: ArrayLike<number> },
  better: 1 | -1,
): number[] {
  const pull = ofText.map((share, d) => -better * (slope * share + weights[d]))
  const total = pull.reduce((sum, v) => sum + Math.abs(v), 0)
  return pull.map((v) => (total > 0 ? v / total : 0))
}

/** A draw in which no loss moves the index, or one that is not finite, has no shares. */
const hasShares = (pulls: readonly number[]): boolean => {
  const total = pulls.reduce((sum, v) => sum + Math.abs(v), 0)
  return Number.isFinite(total) && total > 0
}

/** Draws below which percentiles say nothing. */
const FEWEST_DRAWS = 20

/**
 * Shares with percentile intervals over fits on families drawn with replacement, the largest first. Draws without shares
 * are left out; more than half of them, and no interval is told. An end is moved to the share itself where all that
 * percentiles hold lies to one side of it: draws keep the strength of the full fit but know fewer families.
 *
 * @param names  of the domains, shape (domains)
 * @param ofText share of the text that each is, shape (domains)
 * @param full   `sharesOfPull` of the fit on all families
 * @param draws  the same of each draw
 */
export function domainShares(
  names: readonly string[],
  ofText: readonly number[],
  full: readonly number[],
  draws: readonly (readonly number[])[],
  families: number,
  level: number,
): DomainShare[] {
  const kept = draws.filter(hasShares)
  return names
    .map((domain, k): DomainShare & { value: number } => {
      const value = full[k]
      const share = ofText[k]
      if (kept.length < Math.max(FEWEST_DRAWS, draws.length / 2))
        return {
          domain,
          ofText: share,
          value,
          ofPull: notEstimable(`${kept.length} of ${draws.length} draws of families could be fitted`),
        }
      const { low, high, level: at } = percentileInterval(Float64Array.from(kept, (d) => d[k]).sort(), level)
      const interval = { low: Math.min(low, value), high: Math.max(high, value), level: at }
      return { domain, ofText: share, value, ofPull: estimate(value, interval, 'share', families) }
    })
    .sort((a, b) => b.value - a.value)
    .map(({ value: _, ...share }) => share)
}
