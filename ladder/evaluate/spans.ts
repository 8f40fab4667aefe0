import { type DomainSource, defaultTexts, samplePassages } from '../../src/audit/index.js'
import { bitsOfSpans, createRandom, type ScoredDocument } from '../../src/core/index.js'

/** Of the sample that is the common text. */
const SEED = 1
/** Passages a domain of the common text: 8 domains × 4 × 2 kB. */
const PASSAGES = 4

/** The text on which every checkpoint's span losses are taken. */
export async function commonText(): Promise<{
  domains: DomainSource[]
  sample: Awaited<ReturnType<typeof samplePassages>>
}> {
  const { domains } = defaultTexts()
  const sample = await samplePassages(domains, createRandom(SEED), { full: false, limit: PASSAGES })
  return { domains, sample }
}

/** Bytes of one span: long enough for a stable sum, short enough to point at a sentence. */
export const SPAN_BYTES = 256

/** Surprisal in bits of consecutive {@link SPAN_BYTES}-byte spans of one document, shape (⌈bytes / SPAN_BYTES⌉). */
export function spanBits(document: ScoredDocument): number[] {
  const total = document.byteLengths.reduce((sum, n) => sum + n, 0)
  const spans = Math.ceil(total / SPAN_BYTES)
  return Array.from(
    bitsOfSpans(
      document,
      Array.from({ length: spans }, (_, i) => Math.min(total, (i + 1) * SPAN_BYTES)),
    ),
  )
}
