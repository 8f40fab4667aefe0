import type { Estimate } from '../estimate.js'
import type { ScoredDocument } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import { blocksOf, type RatioUnit } from '../stats/bootstrap.js'
import { ratioEstimate } from '../stats/ratio-estimate.js'

/** Fewer documents than this are cut into blocks, so that a bootstrap has something to draw from. */
export const MIN_DOCUMENTS = 8

const BITS = 1 / Math.LN2

/** Σ −log₂ p over a document's tokens. */
export function bitsOf(document: Pick<ScoredDocument, 'logLikelihoods'>): number {
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

/**
 * Bits per byte, Σ −ll / (Σ bytes · ln 2), with a bootstrap over documents (blocks of documents below
 * {@link MIN_DOCUMENTS}). It compares models of different tokenizers on the same text.
 *
 * @param documents scored documents of one domain; n of the estimate is their number
 * @returns in bits/byte; `notEstimable` where the text is one unit
 *
 * Source: lm-evaluation-harness, `bits_per_byte` (docs/methods/surprisal.md#bits-per-byte).
 */
export function bitsPerByte(documents: readonly ScoredDocument[], random: Random, level: number): Estimate {
  return ratioEstimate(
    surprisalUnits(documents),
    'bits/byte',
    'a single unit of text gives no interval: add documents',
    random,
    level,
    documents.length,
  )
}
