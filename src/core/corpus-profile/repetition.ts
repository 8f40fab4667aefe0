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
  /** No n-gram of {@link TOP_NGRAM_LIMITS} covers more characters than these. */
  readonly mostOfTop: number
  /** Repeats of no length of {@link REPEATED_NGRAM_LIMITS} cover more characters than these. */
  readonly mostRepeated: readonly number[]
}

const LONGEST_TOP = 4
const SHORTEST_REPEATED = 5
const [LEAST_BITS, MOST_BITS] = [8, 16]
const buckets = new Int32Array(1 << MOST_BITS)

/**
 * The n-grams of a document, with what they cover at most. All occurrences of an n-gram of two to four terms end with the same two, and
 * none is longer than the four terms that end there: the fullest bucket of those, by the two, is the most that an n-gram can cover. A
 * repeat of n terms is n − 4 repeats of five one behind the other, so that runs of so many hold all repeats of n.
 */
export function ngramTexts(terms: Growing, termLengths: Growing, counts: KeyCounts): NgramTexts {
  const hashes = terms.values
  const lengths = termLengths.values
  const held = Math.min(terms.length, MOST_TERMS)
  const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, 32 - Math.clz32(held)))
  buckets.fill(0, 0, 1 << bits)
  counts.begin(held)
  const shift = 32 - bits
  const top = power(SHORTEST_REPEATED)
  let [key, before, characters, four, mostOfTop] = [0, 0, 0, 0, 0]
  const mostRepeated = REPEATED_NGRAM_LIMITS.map(() => 0)
  /** Repeats of five under way, and the characters that they cover. */
  let [run, covered] = [0, 0]
  const endRun = (): void => {
    for (let i = 0; i < Math.min(run, mostRepeated.length); i++) mostRepeated[i]! += covered
    run = 0
    covered = 0
  }
  for (let end = 0; end < held; end++) {
    const hash = hashes[end]!
    const length = lengths[end]!
    characters += length
    four += length
    if (end >= LONGEST_TOP) four -= lengths[end - LONGEST_TOP]!
    const bucket = Math.imul(Math.imul(before, BASE) + hash, 0x9e3779b1) >>> shift
    before = hash
    const filled = buckets[bucket]! + four
    buckets[bucket] = filled
    if (filled > mostOfTop) mostOfTop = filled
    key = (Math.imul(key, BASE) + hash) | 0
    if (end >= SHORTEST_REPEATED) key = (key - Math.imul(hashes[end - SHORTEST_REPEATED]!, top)) | 0
    if (end >= SHORTEST_REPEATED - 1 && counts.count(key) > 0)
      covered += run++ === 0 ? charactersOf(lengths, end - SHORTEST_REPEATED + 1, end + 1) : length
    else if (run > 0) endRun()
  }
  endRun()
  return { hashes, lengths, terms: held, characters, mostOfTop, mostRepeated }
}

/** Share of the terms' characters that the most frequent n-gram covers; 0 where none repeats. */
export function topNgramShare(
  { hashes, lengths, terms, characters }: NgramTexts,
  n: number,
  counts: KeyCounts,
): number {
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
  return covered === 0 ? 0 : covered / characters
}

/** Whether the most frequent run of 2, 3 or 4 terms covers more than its limit. */
export function hasTopNgram(texts: NgramTexts, counts: KeyCounts): boolean {
  return TOP_NGRAM_LIMITS.some(
    ({ n, most }) => texts.mostOfTop / texts.characters > most && topNgramShare(texts, n, counts) > most,
  )
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
  return REPEATED_NGRAM_LIMITS.some(
    ({ n, most }, i) =>
      texts.mostRepeated[i]! / texts.characters > most && repeatedNgramShare(texts, n, counts) > most,
  )
}
