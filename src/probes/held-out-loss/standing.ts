import {
  bitsOf,
  bootstrapPairedRatio,
  bootstrapRatio,
  type Estimate,
  estimate,
  groupBy,
  type JudgeContext,
  macroMean,
  mapEstimate,
  type Part,
  type Reference,
  type ReferencePassage,
  type ScoredDocument,
  type SurprisalEvidence,
} from '../../core/index.js'

/** Bits/byte of a reference on the audit's own passages of one domain, and how much more or less the model needs. */
export interface DomainStanding {
  readonly domain: string
  /**
   * Of a reference that knows some passages alone: what the model needs on all of them less the difference on those, with
   * the interval of the difference, as far as it is above 0: nothing costs less.
   */
  readonly reference: Estimate
  /** Model less reference, passage by passage. */
  readonly difference: Estimate
}

/** Where a model stands against one reference, over the domains of which it knows passages enough. */
export interface Standing {
  readonly reference: Reference
  readonly domains: readonly DomainStanding[]
  /** Passages that both know, and those of the audit in these domains. */
  readonly passages: { readonly shared: number; readonly all: number }
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

/** Fewer shared passages than this tell nothing of a domain, unless they are all of it. */
const LEAST_SHARED = 3
const LEAST_ALL = 2

/** The passages of a domain that both know; another text under the same name is none of them. */
function pairsOf(documents: readonly ScoredDocument[], known: ReadonlyMap<string, ReferencePassage>): Pair[] {
  return documents.flatMap((document) => {
    const other = known.get(keyOf(document))
    return other === undefined || other.bytes !== document.bytes
      ? []
      : [{ bytes: document.bytes, own: bitsOf(document), other: other.bits }]
  })
}

const keyOf = ({ domain, document }: { domain: string; document: string }): string =>
  `${domain}\u0000${document}`

const ratioOf = (units: readonly { bits: number; bytes: number }[]): number =>
  units.reduce((sum, u) => sum + u.bits, 0) / units.reduce((sum, u) => sum + u.bytes, 0)

function domainStanding(
  domain: string,
  documents: readonly ScoredDocument[],
  pairs: readonly Pair[],
  { random, level }: JudgeContext,
): DomainStanding {
  const units = (side: 'own' | 'other') =>
    pairs.map((pair) => ({ numerator: pair[side], denominator: pair.bytes }))
  const paired = bootstrapPairedRatio(units('own'), units('other'), random.derive('difference'), level)
  const difference = estimate(paired.value, paired.interval, 'bits/byte', pairs.length)
  if (pairs.length === documents.length) {
    const other = bootstrapRatio(units('other'), random.derive('reference'), level)
    return {
      domain,
      reference: estimate(other.value, other.interval, 'bits/byte', pairs.length),
      difference,
    }
  }
  const own = ratioOf(documents.map((d) => ({ bits: bitsOf(d), bytes: d.bytes })))
  return {
    domain,
    reference: mapEstimate(difference, 'bits/byte', (more) => Math.max(0, own - more)),
    difference,
  }
}

/**
 * The model beside every reference that knows its passages, the best reference first. The difference is of the same
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
    const known = new Map(reference.passages.map((p) => [keyOf(p), p]))
    const shared = byDomain.flatMap(([domain, scored]) => {
      const pairs = pairsOf(scored, known)
      const least = Math.min(LEAST_SHARED, Math.max(LEAST_ALL, scored.length))
      return pairs.length < least ? [] : [{ domain, scored, pairs }]
    })
    if (shared.length === 0) return []
    const domains = shared.map(({ domain, scored, pairs }) =>
      domainStanding(domain, scored, pairs, { random: own.derive(domain), level }),
    )
    const passages = {
      shared: shared.reduce((n, { pairs }) => n + pairs.length, 0),
      all: shared.reduce((n, { scored }) => n + scored.length, 0),
    }
    const mean = (side: 'reference' | 'difference'): Estimate =>
      macroMean(
        domains.map((d): Part => {
          const part = d[side]
          return { name: d.domain, estimate: part, n: part.kind === 'estimate' ? part.n : 0 }
        }),
        'bits/byte',
        level,
      )
    return [{ reference, domains, passages, macro: mean('reference'), difference: mean('difference') }]
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
