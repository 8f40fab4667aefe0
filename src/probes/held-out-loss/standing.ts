import {
  bitsOf,
  bootstrapPairedRatio,
  bootstrapRatio,
  type Estimate,
  estimate,
  groupBy,
  type JudgeContext,
  macroMean,
  type Part,
  type Reference,
  type ScoredDocument,
  type SurprisalEvidence,
} from '../../core/index.js'

/** Bits/byte of a reference on the audit's own passages of one domain, and how much more or less the model needs. */
export interface DomainStanding {
  readonly domain: string
  readonly reference: Estimate
  /** Model less reference, passage by passage. */
  readonly difference: Estimate
}

/** Where a model stands against one reference, over the domains of which both know every passage. */
export interface Standing {
  readonly reference: Reference
  readonly domains: readonly DomainStanding[]
  /** Macro means over these domains. */
  readonly macro: Estimate
  readonly difference: Estimate
}

/** A passage as both have it: bits of the model, bits of the reference. */
interface Pair {
  readonly bytes: number
  readonly own: number
  readonly other: number
}

/** The passages of a domain under both; null where the reference lacks one, or has another under its name. */
function pairsOf(documents: readonly ScoredDocument[], reference: Reference): Pair[] | null {
  const known = new Map(reference.passages.map((p) => [`${p.domain}\u0000${p.document}`, p]))
  const pairs: Pair[] = []
  for (const document of documents) {
    const other = known.get(`${document.domain}\u0000${document.document}`)
    if (other === undefined || other.bytes !== document.bytes) return null
    pairs.push({ bytes: document.bytes, own: bitsOf(document), other: other.bits })
  }
  return pairs.length < 2 ? null : pairs
}

function domainStanding(
  domain: string,
  pairs: readonly Pair[],
  { random, level }: JudgeContext,
): DomainStanding {
  const units = (side: 'own' | 'other') =>
    pairs.map((pair) => ({ numerator: pair[side], denominator: pair.bytes }))
  const other = bootstrapRatio(units('other'), random.derive('reference'), level)
  const paired = bootstrapPairedRatio(units('own'), units('other'), random.derive('difference'), level)
  return {
    domain,
    reference: estimate(other.value, other.interval, 'bits/byte', pairs.length),
    difference: estimate(paired.value, paired.interval, 'bits/byte', pairs.length),
  }
}

/**
 * The model beside every reference that knows its passages, the best reference first. Both are read on the same
 * passages, so that what makes one hard cancels out of the difference (docs/methods/surprisal.md#where-it-stands).
 */
export function standingsOf(
  { documents }: SurprisalEvidence,
  references: readonly Reference[],
  { random, level }: JudgeContext,
): Standing[] {
  const byDomain = [...groupBy(documents, (d) => d.domain)]
  const standings = references.flatMap((reference): Standing[] => {
    const own = random.derive(`against ${reference.id}`)
    const domains = byDomain.flatMap(([domain, scored]) => {
      const pairs = pairsOf(scored, reference)
      return pairs === null ? [] : [domainStanding(domain, pairs, { random: own.derive(domain), level })]
    })
    if (domains.length === 0) return []
    const mean = (side: 'reference' | 'difference'): Estimate =>
      macroMean(
        domains.map((d): Part => {
          const part = d[side]
          return { name: d.domain, estimate: part, n: part.kind === 'estimate' ? part.n : 0 }
        }),
        'bits/byte',
        level,
      )
    return [{ reference, domains, macro: mean('reference'), difference: mean('difference') }]
  })
  return standings.sort((a, b) => pointOf(a.macro) - pointOf(b.macro))
}

/** For sorting alone: what has no estimate goes last. */
export function pointOf(e: Estimate): number {
  return e.kind === 'estimate' ? e.value : Number.POSITIVE_INFINITY
}

/** Whether the model is better or worse than a reference beyond doubt. */
export function verdictAgainst({ difference }: Standing): 'better' | 'worse' | 'undecided' {
  if (difference.kind === 'notEstimable') return 'undecided'
  const { low, high } = difference.interval
  return high < 0 ? 'better' : low > 0 ? 'worse' : 'undecided'
}

/** The reference that says most: the nearest of those that are better, else the nearest of all. Compressors last. */
export function nearestOf(standings: readonly Standing[]): Standing | undefined {
  const distance = (s: Standing): number => Math.abs(pointOf(s.difference))
  const models = standings.filter((s) => s.reference.kind !== 'compressor')
  const ahead = models.filter((s) => verdictAgainst(s) === 'worse')
  const [first] = [ahead, models, standings].filter((list) => list.length > 0)
  return first?.reduce((best, s) => (distance(s) < distance(best) ? s : best))
}
