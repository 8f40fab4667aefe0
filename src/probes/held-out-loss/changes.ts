import {
  bitsOf,
  bootstrapPairedRatio,
  type Estimate,
  estimate,
  groupBy,
  type JudgeContext,
  macroMean,
  type Part,
  type ScoredDocument,
  type SurprisalEvidence,
} from '../../core/index.js'

/** Bits/byte after − before on one domain's documents, both scored on the same ones; null below two documents. */
function domainChange(
  before: readonly ScoredDocument[],
  after: readonly ScoredDocument[],
  { random, level }: JudgeContext,
): Estimate | null {
  const earlier = new Map(before.map((d) => [d.document, d]))
  const pairs = after.flatMap((now) => {
    const then = earlier.get(now.document)
    return then === undefined || then.bytes !== now.bytes ? [] : [{ now, then }]
  })
  if (pairs.length < 2 || pairs.length < Math.max(before.length, after.length)) return null
  const units = (side: 'now' | 'then') =>
    pairs.map((pair) => ({ numerator: bitsOf(pair[side]), denominator: pair[side].bytes }))
  const { value, interval } = bootstrapPairedRatio(units('now'), units('then'), random, level)
  return estimate(value, interval, 'bits/byte', pairs.length)
}

/**
 * Changes of held-out loss between two audits of the same texts, document by document: what makes a document hard is
 * hard for both models, so the difference is known far better than either loss. The macro change is the mean over
 * domains, half-widths in quadrature; it is left out when any domain cannot be paired.
 */
export function heldOutLossChanges(
  before: SurprisalEvidence,
  after: SurprisalEvidence,
  { random, level }: JudgeContext,
): Map<string, Estimate> {
  const changes = new Map<string, Estimate>()
  const earlier = groupBy(before.documents, (d) => d.domain)
  const domains = [...groupBy(after.documents, (d) => d.domain)]
  const parts: Part[] = []
  for (const [domain, own] of domains) {
    const change = domainChange(earlier.get(domain) ?? [], own, {
      random: random.derive(`change of ${domain}`),
      level,
    })
    if (change === null || change.kind === 'notEstimable') continue
    changes.set(`held-out-loss.domain.${domain}`, change)
    parts.push({ name: domain, estimate: change, n: change.n })
  }
  if (parts.length > 0 && parts.length === domains.length && earlier.size === domains.length)
    changes.set('held-out-loss.macro', macroMean(parts, 'bits/byte', level))
  return changes
}
