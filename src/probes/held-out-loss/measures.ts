import {
  blocksOf,
  bootstrapRatio,
  type Estimate,
  estimate,
  mapEstimate,
  notEstimable,
  type Random,
  type RatioUnit,
  type ScoredDocument,
} from '../../core/index.js'

/** Fewer documents than this are cut into blocks, so that a bootstrap has something to draw from. */
export const MIN_DOCUMENTS = 8
/** Share of a document's least likely tokens that min-k% averages (Shi et al., arXiv 2310.16789, k = 20). */
export const MIN_K_SHARE = 0.2

const BITS = 1 / Math.LN2

/** Σ −log₂ p over a document's tokens. */
export function bitsOf(document: ScoredDocument): number {
  let total = 0
  for (const value of document.logLikelihoods) total += value
  return -total * BITS
}

/**
 * Surprisal in bits and bytes, one unit a document or, when documents are few, a block of one. A document's blocks
 * add up to its bits and bytes exactly: tokens' own bytes can differ from the text's where a tokenizer rewrites it.
 */
function surprisalUnits(documents: readonly ScoredDocument[]): RatioUnit[] {
  if (documents.length >= MIN_DOCUMENTS)
    return documents.map((d) => ({ numerator: bitsOf(d), denominator: d.bytes }))
  const perDocument = Math.ceil(MIN_DOCUMENTS / documents.length)
  return documents.flatMap((d) => {
    const tokenBytes = d.byteLengths.reduce((sum, n) => sum + n, 0)
    const tokens = Array.from(d.logLikelihoods, (ll, i) => ({
      numerator: -ll * BITS,
      denominator: (d.byteLengths[i] * d.bytes) / tokenBytes,
    }))
    return mergeEmpty(blocksOf(tokens, perDocument))
  })
}

/** A block without bytes (a lone space that the tokenizer put in front) goes into its neighbour, bits and all. */
function mergeEmpty(blocks: readonly RatioUnit[]): RatioUnit[] {
  const merged: RatioUnit[] = []
  let carried = 0
  for (const { numerator, denominator } of blocks) {
    if (denominator > 0) {
      merged.push({ numerator: numerator + carried, denominator })
      carried = 0
    } else carried += numerator
  }
  const last = merged.pop()
  return last === undefined ? [] : [...merged, { ...last, numerator: last.numerator + carried }]
}

/** What one domain's held-out text says of the model (docs/methods/surprisal.md#bits-per-byte). */
export interface DomainLoss {
  readonly domain: string
  readonly documents: number
  readonly bytes: number
  readonly tokens: number
  readonly bitsPerByte: Estimate
  readonly bytePerplexity: Estimate
  readonly wordPerplexity: Estimate
  readonly minK: Estimate
}

function intervalOf(
  units: readonly RatioUnit[],
  unit: string,
  n: number,
  random: Random,
  level: number,
): Estimate {
  if (units.length < 2) return notEstimable('a single unit of text gives no interval: add documents')
  const { value, interval } = bootstrapRatio(units, random, level)
  return estimate(value, interval, unit, n)
}

/**
 * Σ −ll / (Σ bytes · ln 2) and its relatives, with a bootstrap over documents (blocks of documents below
 * {@link MIN_DOCUMENTS}). n is the number of documents.
 */
export function measureDomain(
  domain: string,
  documents: readonly ScoredDocument[],
  random: Random,
  level: number,
): DomainLoss {
  if (documents.length === 0) return unscored(domain)
  const bytes = documents.reduce((n, d) => n + d.bytes, 0)
  const words = documents.reduce((n, d) => n + d.words, 0)
  const tokens = documents.reduce((n, d) => n + d.tokens.length, 0)
  const bitsPerByte = intervalOf(surprisalUnits(documents), 'bits/byte', documents.length, random, level)
  return {
    domain,
    documents: documents.length,
    bytes,
    tokens,
    bitsPerByte,
    bytePerplexity: mapEstimate(bitsPerByte, 'perplexity/byte', (b) => 2 ** b),
    // Words per byte of this text is a constant of the text, so the interval carries over.
    wordPerplexity: mapEstimate(bitsPerByte, 'perplexity/word', (b) => 2 ** ((b * bytes) / words)),
    minK: intervalOf(
      documents.map((d) => ({ numerator: leastLikelyMean(d.logLikelihoods), denominator: 1 })),
      'nats/token',
      documents.length,
      random,
      level,
    ),
  }
}

function unscored(domain: string): DomainLoss {
  const none = notEstimable('no document of this domain could be scored')
  return {
    domain,
    documents: 0,
    bytes: 0,
    tokens: 0,
    bitsPerByte: none,
    bytePerplexity: none,
    wordPerplexity: none,
    minK: none,
  }
}

/** Mean of the lowest {@link MIN_K_SHARE} of a document's token log-probabilities, nats. */
function leastLikelyMean(logLikelihoods: Float64Array): number {
  const sorted = logLikelihoods.slice().sort()
  const count = Math.max(1, Math.floor(sorted.length * MIN_K_SHARE))
  let total = 0
  for (let i = 0; i < count; i++) total += sorted[i]
  return total / count
}

/**
 * Unweighted mean over domains (Paloma, arXiv 2312.10523). Domains are independent samples, so the half-widths
 * add in quadrature, each side by itself.
 */
export function macroMean(domains: readonly DomainLoss[], level: number): Estimate {
  const unusable = domains.find((d) => d.bitsPerByte.kind === 'notEstimable')
  if (domains.length === 0) return notEstimable('no domain was scored')
  if (unusable !== undefined) return notEstimable(`domain ${unusable.domain} has no estimate`)
  let value = 0
  let below = 0
  let above = 0
  for (const { bitsPerByte: b } of domains) {
    if (b.kind === 'notEstimable') continue
    value += b.value / domains.length
    below += ((b.value - b.interval.low) / domains.length) ** 2
    above += ((b.interval.high - b.value) / domains.length) ** 2
  }
  const n = domains.reduce((sum, d) => sum + d.documents, 0)
  return estimate(
    value,
    { low: value - Math.sqrt(below), high: value + Math.sqrt(above), level },
    'bits/byte',
    n,
  )
}

/** One tenth of the scored tokens, from the rarest types to the most frequent. */
export interface FrequencyDecile {
  readonly decile: number
  readonly tokens: number
  readonly types: number
  readonly surprisal: Estimate
}

/**
 * Mean surprisal by token-frequency decile: types are sorted by how often they occur in the scored text, then cut
 * so that each tenth holds a tenth of the token occurrences (a type is never split). Documents are resampled.
 */
export function frequencyDeciles(
  documents: readonly ScoredDocument[],
  random: Random,
  level: number,
): FrequencyDecile[] {
  const counts = new Map<number, number>()
  let total = 0
  for (const { tokens } of documents)
    for (const token of tokens) {
      counts.set(token, (counts.get(token) ?? 0) + 1)
      total++
    }
  const decileOf = new Map<number, number>()
  const typesIn = new Int32Array(10)
  let seen = 0
  for (const [token, count] of [...counts].sort((a, b) => a[1] - b[1] || a[0] - b[0])) {
    const decile = Math.min(9, Math.floor((10 * seen) / total))
    decileOf.set(token, decile)
    typesIn[decile]++
    seen += count
  }
  const units = Array.from({ length: 10 }, () => [] as RatioUnit[])
  for (const { tokens, logLikelihoods } of documents) {
    const nats = new Float64Array(10)
    const n = new Float64Array(10)
    tokens.forEach((token, i) => {
      const decile = decileOf.get(token) ?? 0
      nats[decile] -= logLikelihoods[i]
      n[decile]++
    })
    for (let d = 0; d < 10; d++) if (n[d] > 0) units[d].push({ numerator: nats[d], denominator: n[d] })
  }
  return units.map((own, d) => {
    const tokens = own.reduce((sum, unit) => sum + unit.denominator, 0)
    return {
      decile: d + 1,
      tokens,
      types: typesIn[d],
      surprisal: intervalOf(own, 'nats/token', own.length, random, level),
    }
  })
}
