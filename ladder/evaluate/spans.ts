import { bitsOfSpans, type ScoredDocument } from '../../src/core/index.js'

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

/** Bytes of a span of a text of `total` bytes: the last one is short. */
export function bytesOfSpan(total: number, span: number): number {
  return Math.min(SPAN_BYTES, total - span * SPAN_BYTES)
}
