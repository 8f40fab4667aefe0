import type { Growing, KeyCounts } from './growing.js'

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

const BASE = 0x2c1b3c6d

/** BASE to the power n, modulo 2³². */
function power(n: number): number {
  let value = 1
  for (let i = 0; i < n; i++) value = Math.imul(value, BASE)
  return value
}

function charactersOf(lengths: Int32Array, from: number, to: number): number {
  let characters = 0
  for (let i = from; i < to; i++) characters += lengths[i]!
  return characters
}

/** Terms whose n-grams are looked at, and their characters. */
export interface NgramTexts {
  readonly hashes: Int32Array
  readonly lengths: Int32Array
  readonly terms: number
  readonly characters: number
  readonly longest: number
}

export function ngramTexts(terms: Growing, lengths: Growing): NgramTexts {
  const held = Math.min(terms.length, MOST_TERMS)
  let characters = 0
  let longest = 0
  for (let i = 0; i < held; i++) {
    const length = lengths.values[i]!
    characters += length
    if (length > longest) longest = length
  }
  return { hashes: terms.values, lengths: lengths.values, terms: held, characters, longest }
}

/** The most frequent n-gram: how often it stands there, and the share of the characters that it covers. */
export function topNgram(
  { hashes, lengths, terms, characters }: NgramTexts,
  n: number,
  counts: KeyCounts,
): { times: number; share: number } {
  counts.begin(terms)
  const top = power(n)
  let key = 0
  let times = 1
  let covered = 0
  for (let end = 0; end < terms; end++) {
    key = (Math.imul(key, BASE) + hashes[end]!) | 0
    if (end >= n) key = (key - Math.imul(hashes[end - n]!, top)) | 0
    if (end < n - 1) continue
    const here = counts.count(key) + 1
    if (here < times || here === 1) continue
    const characters = here * charactersOf(lengths, end - n + 1, end + 1)
    // Of equally frequent ones the longest.
    covered = here > times ? characters : Math.max(covered, characters)
    times = here
  }
  return { times, share: covered === 0 ? 0 : covered / characters }
}

/** Whether the most frequent run of 2, 3 or 4 terms covers more than its limit. */
export function hasTopNgram(texts: NgramTexts, counts: KeyCounts): boolean {
  let most = Number.POSITIVE_INFINITY
  for (const { n, most: limit } of TOP_NGRAM_LIMITS) {
    // No n-gram is more frequent than the one that it begins with, and none is longer than n of the longest term.
    if (most * n * texts.longest <= limit * texts.characters) continue
    const { times, share } = topNgram(texts, n, counts)
    if (share > limit) return true
    most = Math.min(most, times)
  }
  return false
}

/**
 * Share of the terms' characters that stand in n-grams that stood in the document before, none counted twice: after a
 * repeat the search goes on behind it.
 *
 * Source: Rae et al., arXiv:2112.11446, Appendix A.1.1; counted as datatrove's find_all_duplicate does.
 */
export function repeatedNgramShare(
  { hashes, lengths, terms, characters }: NgramTexts,
  n: number,
  counts: KeyCounts,
): number {
  counts.begin(terms)
  const top = power(n)
  let key = 0
  let covered = 0
  /** End of the n-grams that begin after the last repeat. */
  let next = n - 1
  for (let end = 0; end < terms; end++) {
    key = (Math.imul(key, BASE) + hashes[end]!) | 0
    if (end >= n) key = (key - Math.imul(hashes[end - n]!, top)) | 0
    if (end < next || counts.count(key) === 0) continue
    covered += charactersOf(lengths, end - n + 1, end + 1)
    next = end + n
  }
  return covered === 0 ? 0 : covered / characters
}

/** Whether runs of 5 to 10 terms that stood before cover more than their limit. */
export function hasRepeatedNgrams(texts: NgramTexts, counts: KeyCounts): boolean {
  for (const { n, most } of REPEATED_NGRAM_LIMITS) {
    const share = repeatedNgramShare(texts, n, counts)
    if (share > most) return true
    // Where no run of n terms repeats, no longer one does.
    if (share === 0) return false
  }
  return false
}
