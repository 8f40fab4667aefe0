/** n-grams whose most frequent one is looked at, and those whose repeats are, with the largest share that passes. */
export const TOP_NGRAM_LIMITS = [
  { n: 2, most: 0.2 },
  { n: 3, most: 0.18 },
  { n: 4, most: 0.16 },
] as const
export const REPEATED_NGRAM_LIMITS = [
  { n: 5, most: 0.15 },
  { n: 6, most: 0.14 },
  { n: 7, most: 0.13 },
  { n: 8, most: 0.12 },
  { n: 9, most: 0.11 },
  { n: 10, most: 0.1 },
] as const

/** A document's n-grams are looked at within its first terms: more than that the longest good document has not. */
export const MOST_TERMS = 1 << 18

/** The n-grams of one document, as assembly/repetition.ts looks at them. */
export interface Ngrams {
  /** Of all terms that are looked at. */
  readonly characters: number
  /** No n-gram of {@link TOP_NGRAM_LIMITS} covers more characters than these. */
  readonly mostOfTop: number
  /** Repeats of no length of {@link REPEATED_NGRAM_LIMITS} cover more characters than these. */
  readonly mostRepeated: Int32Array
  /** Share of the characters that the most frequent n-gram covers; 0 where none repeats. */
  topShare(n: number): number
  /** Share of the characters within n-grams that stood before. */
  repeatedShare(n: number): number
}

/** Whether the most frequent run of 2, 3 or 4 terms covers more than its limit. */
export function hasTopNgram(ngrams: Ngrams): boolean {
  const bound = ngrams.mostOfTop / ngrams.characters
  return TOP_NGRAM_LIMITS.some(({ n, most }) => bound > most && ngrams.topShare(n) > most)
}

/** Whether runs of 5 to 10 terms that stood before cover more than their limit. */
export function hasRepeatedNgrams(ngrams: Ngrams): boolean {
  const { characters, mostRepeated } = ngrams
  return REPEATED_NGRAM_LIMITS.some(
    ({ n, most }, i) => mostRepeated[i]! / characters > most && ngrams.repeatedShare(n) > most,
  )
}
