import { type Estimate, mapEstimate } from '../estimate.js'

/** Perplexity of a byte, 2^BPB. */
export function perplexityPerByte(bitsPerByte: Estimate): Estimate {
  return mapEstimate(bitsPerByte, 'perplexity/byte', (b) => 2 ** b)
}

/**
 * Perplexity of a word, 2^(BPB · bytes/words).
 *
 * @param text bytes and words (Python's `\s+`) of the text that was scored: constants of the text, so that the interval
 *             carries over
 */
export function perplexityPerWord(
  bitsPerByte: Estimate,
  text: { readonly bytes: number; readonly words: number },
): Estimate {
  return mapEstimate(bitsPerByte, 'perplexity/word', (b) => 2 ** ((b * text.bytes) / text.words))
}
