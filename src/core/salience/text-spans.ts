import type { ScoredDocument } from '../evidence/index.js'

/** How a text is cut into spans that are the same bytes for every tokenizer. */
export type SpanUnit = 'line' | 'word' | 'chunk'

export const SPAN_UNITS: readonly SpanUnit[] = ['line', 'word', 'chunk']

/** Bytes of a chunk: long enough for a stable sum, short enough to point at a sentence. */
export const CHUNK_BYTES = 256

/** A line with its end; a word with the white space behind it (and, for the first, before it). */
const CUT: Readonly<Record<'line' | 'word', RegExp>> = {
  line: /[^\n]*\n|[^\n]+$/g,
  word: /\s*\S+\s*?(?=\S|$)|\s+$/g,
}

const utf8Bytes = (text: string): number => {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}

/**
 * Ends of the spans of a text, in UTF-8 bytes; the last is the text's length. Chunks are cut at every 256th byte, also
 * within a character: they are counted, not shown.
 */
export function spanEnds(text: string, unit: SpanUnit): number[] {
  if (unit === 'chunk') {
    const total = utf8Bytes(text)
    return Array.from({ length: Math.ceil(total / CHUNK_BYTES) }, (_, i) =>
      Math.min(total, (i + 1) * CHUNK_BYTES),
    )
  }
  const ends: number[] = []
  let at = 0
  for (const [part] of text.matchAll(CUT[unit])) {
    at += utf8Bytes(part)
    ends.push(at)
  }
  return ends
}

/**
 * What stands in each span, for people: a character that a border cuts stands in the span in which it begins.
 *
 * @param ends ends of the spans in bytes of the text, ascending, shape (spans)
 */
export function textsOfSpans(text: string, ends: ArrayLike<number>): string[] {
  const texts = new Array<string>(ends.length).fill('')
  let at = 0
  let span = 0
  for (const character of text) {
    while (span < ends.length - 1 && at >= ends[span]) span++
    texts[span] += character
    at += utf8Bytes(character)
  }
  return texts
}

/**
 * Surprisal in bits of consecutive spans of one document. A token that crosses a border gives each side its share of
 * bytes; what a token without bytes (a control token) costs goes to the byte that follows.
 *
 * @param ends ends of the spans in bytes of the text, ascending, shape (spans)
 * @param from bytes before the first scored token: a model without a prefix token scores nothing there
 * @returns bits a span, shape (spans); their sum is the document's loss
 */
export function bitsOfSpans(
  { byteLengths, logLikelihoods }: Pick<ScoredDocument, 'byteLengths' | 'logLikelihoods'>,
  ends: ArrayLike<number>,
  from = 0,
): Float64Array {
  const bits = new Float64Array(ends.length)
  let at = from
  let span = 0
  while (span < ends.length - 1 && at >= ends[span]) span++
  for (let i = 0; i < logLikelihoods.length; i++) {
    const length = byteLengths[i]
    const cost = -logLikelihoods[i] / Math.LN2
    if (length <= 0) {
      bits[span] += cost
      continue
    }
    const stop = at + length
    while (at < stop) {
      const end = span < ends.length - 1 ? Math.min(stop, ends[span]) : stop
      bits[span] += (cost * (end - at)) / length
      at = end
      if (span < ends.length - 1 && at >= ends[span]) span++
    }
  }
  return bits
}
