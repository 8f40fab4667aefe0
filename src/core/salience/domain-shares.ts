import { estimate, notEstimable } from '../estimate.js'
import type { DomainShare, Span } from '../evidence/index.js'
import { percentileInterval } from '../stats/index.js'

/** Domains of the text in the order of their first spans, with the share of the text that each is. */
export function domainsOf(spans: readonly Span[], spanWeights: ArrayLike<number>): Map<string, number> {
  const shares = new Map<string, number>()
  let total = 0
  for (let u = 0; u < spans.length; u++) total += spanWeights[u]
  spans.forEach(({ domain }, u) => {
    shares.set(domain, (shares.get(domain) ?? 0) + spanWeights[u] / total)
  })
  return shares
}

/**
 * Share of each domain in the pull of the losses on the index: P_d / Σ |P|, P_d = −∂index/∂loss over the domain
 * = −(slope · W_d/W + Σ_{u∈d} s_u). Of the plain loss that is the domain's share of the text; below 0, losing less there
 * goes with a worse score.
 *
 * @param slope   of the index on the mean loss
 * @param weights of the spans beside the mean, shape (spans)
 * @param better  −1 where a higher score is worse
 */
export function pullByDomain(
  domains: ReadonlyMap<string, number>,
  spans: readonly Span[],
  { slope, weights }: { readonly slope: number; readonly weights: ArrayLike<number> },
  better: 1 | -1,
): Map<string, number> {
  const pull = new Map([...domains].map(([domain, ofText]) => [domain, -better * slope * ofText]))
  spans.forEach(({ domain }, u) => {
    pull.set(domain, (pull.get(domain) ?? 0) - better * weights[u])
  })
  const total = [...pull.values()].reduce((sum, v) => sum + Math.abs(v), 0)
  return new Map([...pull].map(([domain, v]) => [domain, total > 0 ? v / total : 0]))
}

/** A draw in which no loss moves the index, or one that is not finite, has no shares. */
const hasShares = (pulls: ReadonlyMap<string, number>): boolean => {
  const total = [...pulls.values()].reduce((sum, v) => sum + Math.abs(v), 0)
  return Number.isFinite(total) && total > 0
}

/** Draws below which percentiles say nothing. */
const FEWEST_DRAWS = 20

/**
 * Shares with percentile intervals over fits on families drawn with replacement, the largest first. Draws without shares
 * are left out; more than half of them, and no interval is told. An end is moved to the share itself where all that
 * percentiles hold lies to one side of it: draws keep the strength of the full fit but know fewer families.
 *
 * @param full  `pullByDomain` of the fit on all families
 * @param draws the same of each draw
 */
export function domainShares(
  domains: ReadonlyMap<string, number>,
  full: ReadonlyMap<string, number>,
  draws: readonly ReadonlyMap<string, number>[],
  families: number,
  level: number,
): DomainShare[] {
  const kept = draws.filter(hasShares)
  return [...domains]
    .map(([domain, ofText]): DomainShare & { value: number } => {
      const value = full.get(domain) ?? 0
      if (kept.length < Math.max(FEWEST_DRAWS, draws.length / 2))
        return {
          domain,
          ofText,
          value,
          ofPull: notEstimable(`${kept.length} of ${draws.length} draws of families could be fitted`),
        }
      const {
        low,
        high,
        level: at,
      } = percentileInterval(Float64Array.from(kept, (d) => d.get(domain) ?? 0).sort(), level)
      const interval = { low: Math.min(low, value), high: Math.max(high, value), level: at }
      return { domain, ofText, value, ofPull: estimate(value, interval, 'share', families) }
    })
    .sort((a, b) => b.value - a.value)
    .map(({ domain, ofText, ofPull }) => ({ domain, ofText, ofPull }))
}
