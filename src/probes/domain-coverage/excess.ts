import {
  bitsOf,
  type CorpusEvidence,
  type Estimate,
  estimate,
  groupBy,
  mapEstimate,
  mean,
  median,
  notEstimable,
  type Reference,
  type ScoredDocument,
  type SurprisalEvidence,
  studentQuantile,
  sum,
} from '../../core/index.js'

/** Less than this share of what the other domains have, by their median: the corpus has little of it. */
export const LITTLE = 0.25
/** More words that the corpus never has than so many times the other domains': the same, where its amount is not told. */
export const MANY_UNSEEN = 3
/** Fewer other domains tell nothing of what is usual. */
const LEAST_OTHERS = 3
/** What two trainings of one model differ by in ln loss, at least: references that agree better say no more than this. */
const LEAST_SPREAD = 0.01
/** A reference whose ln loss differs by less in every domain is the model itself in other weights (another file, 8 bits). */
const ITSELF = 0.002

/** ln(loss of the model ÷ loss of a reference) on the passages of one domain that both know, with its sampling variance. */
export interface LogRatio {
  readonly value: number
  readonly variance: number
}

/** A held-out domain with what the corpus has of it and how it is predicted beside each reference. */
export interface CoveredDomain {
  readonly domain: string
  /** Bytes of such text in the corpus; null where it is not told. */
  readonly bytes: number | null
  /** Where a sample tells it: what it may be. */
  readonly range?: { readonly low: number; readonly high: number }
  /** Share of its words that the corpus never has; null where they were not looked up. */
  readonly unseenWords: number | null
  /** By id of the reference. */
  readonly against: ReadonlyMap<string, LogRatio>
}

/** What is concluded of one domain. */
export interface DomainExcess extends Omit<CoveredDomain, 'against'> {
  /** Whether the corpus has little of it; null where it cannot be told. */
  readonly lacks: boolean | null
  /** Loss ÷ what the domains that the corpus has make expect of it beside the same reference. */
  readonly excess: Estimate
  /** ln of it with its standard error and the degrees of freedom of that; null where there is none. */
  readonly log: { readonly value: number; readonly error: number; readonly degrees: number } | null
  /** Reference that it was held against. */
  readonly against: string | null
  /** Whether the loss is higher than expected beyond doubt; null where it cannot be told. */
  readonly isHigh: boolean | null
}

/** A domain of which too few passages are shared has no ratio. */
function logRatio(
  documents: readonly ScoredDocument[],
  known: ReadonlyMap<string, number>,
): LogRatio | undefined {
  const pairs = documents.flatMap((d) => {
    const other = known.get(keyOf(d))
    return other === undefined ? [] : [{ own: bitsOf(d), other }]
  })
  const own = sum(pairs.map((p) => p.own))
  const other = sum(pairs.map((p) => p.other))
  const n = pairs.length
  if (n < 2 || !(own > 0) || !(other > 0)) return undefined
  // Delta method: of a ratio of sums over passages.
  const ratio = own / other
  const squares = sum(pairs.map((p) => (p.own - ratio * p.other) ** 2))
  return { value: Math.log(ratio), variance: ((n / (n - 1)) * squares) / own ** 2 }
}

const keyOf = (p: { domain: string; document: string; bytes: number }): string =>
  `${p.domain}\u0000${p.document}\u0000${p.bytes}`

/** Compressors know no text beforehand; they stand in where no model does. */
function chosen<R extends Reference>(references: readonly R[]): readonly R[] {
  const models = references.filter((r) => r.kind !== 'compressor')
  return models.length > 0 ? models : references
}

/** Held-out domains beside the corpus and the references, those left out that are the model itself. */
export function coveredDomains(
  { documents }: SurprisalEvidence,
  { domains, targets, parts }: CorpusEvidence,
  references: readonly Reference[],
): CoveredDomain[] {
  const byDomain = [...groupBy(documents, (d) => d.domain)]
  const measured = references.map((r) => ({ ...r, bits: new Map(r.passages.map((p) => [keyOf(p), p.bits])) }))
  const known = chosen(
    measured.filter(({ bits }) => {
      const ratios = byDomain.flatMap(([, scored]) => logRatio(scored, bits) ?? [])
      return ratios.some(({ value }) => Math.abs(value) > ITSELF)
    }),
  )
  return byDomain.map(([domain, scored]) => {
    const named = Object.hasOwn(parts, domain) ? parts[domain] : undefined
    const names = named ?? [domain]
    const own = domains.filter((part) => names.includes(part.domain))
    return {
      domain,
      bytes: own.length === 0 && named === undefined ? null : sum(own.map((part) => part.bytes)),
      ...(own.some(({ range }) => range !== undefined)
        ? {
            range: {
              low: sum(own.map((part) => part.range?.low ?? part.bytes)),
              high: sum(own.map((part) => part.range?.high ?? part.bytes)),
            },
          }
        : {}),
      unseenWords: targets.find((t) => t.target === domain)?.unseenWords ?? null,
      against: new Map(
        known.flatMap(({ id, bits }) => {
          const ratio = logRatio(scored, bits)
          return ratio === undefined ? [] : [[id, ratio] as const]
        }),
      ),
    }
  })
}

/** Whether the corpus has little of a domain beside the others: of a sample, by the ends of the intervals. */
function lacksIt(own: CoveredDomain, others: readonly CoveredDomain[]): boolean | null {
  const least = others.flatMap((d) => d.range?.low ?? d.bytes ?? [])
  if (own.bytes !== null && least.length >= LEAST_OTHERS) {
    const { low, high } = own.range ?? { low: own.bytes, high: own.bytes }
    // Where others have none either, it lacks what it has none of; of a corpus without any nothing is told.
    if (high === 0) return least.some((b) => b > 0) || null
    if (high < LITTLE * median(least)) return true
    return low >= LITTLE * median(others.flatMap((d) => d.range?.high ?? d.bytes ?? [])) ? false : null
  }
  const unseen = others.flatMap((d) => d.unseenWords ?? [])
  if (own.unseenWords !== null && unseen.length >= LEAST_OTHERS)
    return own.unseenWords > MANY_UNSEEN * median(unseen)
  return null
}

interface Held {
  readonly against: string
  readonly value: number
  readonly spread: number
  readonly error: number
  readonly degrees: number
}

/** A domain beside one reference: how far it lies from the others' mean, and how far a further one of them would. */
function heldAgainst(id: string, own: CoveredDomain, others: readonly CoveredDomain[]): Held | undefined {
  const ratio = own.against.get(id)
  const values = others.flatMap((d) => d.against.get(id)?.value ?? [])
  if (ratio === undefined || values.length < LEAST_OTHERS) return undefined
  const centre = mean(values)
  const degrees = values.length - 1
  const spread = Math.max(LEAST_SPREAD, Math.sqrt(sum(values.map((v) => (v - centre) ** 2)) / degrees))
  return {
    against: id,
    value: ratio.value - centre,
    spread,
    error: Math.sqrt(spread ** 2 * (1 + 1 / values.length) + ratio.variance),
    degrees,
  }
}

/**
 * What each domain's loss is beside what is expected of it (docs/methods/corpus.md#domain-coverage). A reference tells how
 * hard a domain is; the domains that the corpus has tell how far the model is from the reference, and how much that varies
 * from domain to domain. One whose loss lies above the prediction interval for a further domain is high.
 *
 * @param level of the intervals; a domain is called high at 1 − level by one reference of all (Bonferroni, two sides of one reference),
 *              and of domains that the corpus has over all of these, too
 */
export function domainExcess(domains: readonly CoveredDomain[], level: number): DomainExcess[] {
  const lacking = domains.map((own) =>
    lacksIt(
      own,
      domains.filter((d) => d !== own),
    ),
  )
  const covered = domains.filter((_, i) => lacking[i] === false)
  const references = [...new Set(domains.flatMap((d) => [...d.against.keys()]))]
  return domains.map((own, i): DomainExcess => {
    const lacks = lacking[i]
    const { against: _, ...about } = own
    const others = covered.filter((d) => d !== own)
    const held = references.flatMap((id) => heldAgainst(id, own, others) ?? [])
    // Two at least: what is called high has an interval that leaves 1 out.
    const tests = Math.max(2, references.length * (lacks === true ? 1 : domains.length))
    const high = held.filter(
      ({ value, error, degrees }) => value > error * studentQuantile(1 - (1 - level) / tests, degrees),
    )
    const [shown] = (high.length > 0 ? high : held).toSorted((a, b) => a.spread - b.spread)
    if (shown === undefined)
      return {
        ...about,
        lacks,
        excess: notEstimable(
          own.against.size === 0
            ? 'no reference knows its passages'
            : `fewer than ${LEAST_OTHERS} other domains are known to stand in the corpus`,
        ),
        log: null,
        against: null,
        isHigh: null,
      }
    const half = shown.error * studentQuantile((1 + level) / 2, shown.degrees)
    const { value, error, degrees } = shown
    return {
      ...about,
      lacks,
      excess: mapEstimate(
        estimate(value, { low: value - half, high: value + half, level }, 'ln', others.length),
        'ratio',
        Math.exp,
      ),
      log: { value, error, degrees },
      against: shown.against,
      isHigh: high.length > 0,
    }
  })
}
