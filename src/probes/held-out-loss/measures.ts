import {
  bitsPerByte,
  type Estimate,
  minKProbability,
  notEstimable,
  perplexityPerByte,
  perplexityPerWord,
  type Random,
  type ScoredDocument,
} from '../../core/index.js'

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

/** Bits per byte of a domain and its relatives. */
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
  const bits = bitsPerByte(documents, random, level)
  return {
    domain,
    documents: documents.length,
    bytes,
    tokens,
    bitsPerByte: bits,
    bytePerplexity: perplexityPerByte(bits),
    wordPerplexity: perplexityPerWord(bits, { bytes, words }),
    minK: minKProbability(documents, random, level),
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
