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
 * Share of each domain in the pull of the losses on the index, −∂index/∂loss: W_d/W + Σ_{u∈d} s_u / slope. All add up
 * to 1, for the weights of the spans beside the mean add up to 0; one may be below 0.
 *
 * @param slope   of the index on the mean loss
 * @param weights of the spans beside the mean, shape (spans)
 */
export function pullByDomain(
  domains: ReadonlyMap<string, number>,
  spans: readonly Span[],
  slope: number,
  weights: ArrayLike<number>,
): Map<string, number> {
  const pull = new Map(domains)
  spans.forEach(({ domain }, u) => {
    pull.set(domain, (pull.get(domain) ?? 0) + weights[u] / slope)
  })
  return pull
}

/** Draws below which percentiles say nothing. */
const FEWEST_DRAWS = 20

/**
 * Shares with percentile intervals over fits on families drawn with replacement, the largest first.
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
  return [...domains]
    .map(([domain, ofText]): DomainShare & { value: number } => {
      const value = full.get(domain) ?? 0
      if (draws.length < FEWEST_DRAWS)
        return {
          domain,
          ofText,
          value,
          ofPull: notEstimable(`${draws.length} draws of families could be fitted`),
        }
      const {
        low,
        high,
        level: at,
      } = percentileInterval(Float64Array.from(draws, (d) => d.get(domain) ?? 0).sort(), level)
      // Strengths are those of the full fit, so that a draw may lie to one side of it.
      const interval = { low: Math.min(low, value), high: Math.max(high, value), level: at }
      return { domain, ofText, value, ofPull: estimate(value, interval, 'share', families) }
    })
    .sort((a, b) => b.value - a.value)
    .map(({ domain, ofText, ofPull }) => ({ domain, ofText, ofPull }))
}
