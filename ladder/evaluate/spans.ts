import type { ScoredDocument } from '../../src/core/index.js'

/** Bytes of one span: long enough for a stable sum, short enough to point at a sentence. */
export const SPAN_BYTES = 256

/**
 * Surprisal in bits of consecutive {@link SPAN_BYTES}-byte spans of one document. A token that crosses a border
 * gives each side its share of bytes, so models with different tokenizers have the same units.
 *
 * @returns bits a span, shape (⌈bytes / SPAN_BYTES⌉)
 */
export function spanBits({ byteLengths, logLikelihoods }: ScoredDocument): number[] {
  const total = byteLengths.reduce((sum, n) => sum + n, 0)
  const spans = new Array<number>(Math.ceil(total / SPAN_BYTES)).fill(0)
  let at = 0
  logLikelihoods.forEach((ll, i) => {
    const length = byteLengths[i]
    if (length === 0) return
    const bitsPerByte = -ll / Math.LN2 / length
    for (let byte = at; byte < at + length; ) {
      const span = Math.floor(byte / SPAN_BYTES)
      const end = Math.min(at + length, (span + 1) * SPAN_BYTES)
      spans[span] += bitsPerByte * (end - byte)
      byte = end
    }
    at += length
  })
  return spans
}

/** Bytes of a span of a text of `total` bytes: the last one is short. */
export function bytesOfSpan(total: number, span: number): number {
  return Math.min(SPAN_BYTES, total - span * SPAN_BYTES)
}
