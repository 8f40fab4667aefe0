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

function ngramKey(hashes: Int32Array, at: number, n: number): number {
  let key = n
  for (let i = at; i < at + n; i++) key = Math.imul(key ^ hashes[i]!, 0x85ebca6b) ^ (key >>> 15)
  return key
}

function charactersOf(lengths: Int32Array, from: number, to: number): number {
  let characters = 0
  for (let i = from; i < to; i++) characters += lengths[i]!
  return characters
}

/** Share of the terms' characters that the most frequent n-gram covers (of equally frequent ones the longest). */
export function topNgramShare(terms: Growing, lengths: Growing, n: number, counts: KeyCounts): number {
  const held = Math.min(terms.length, MOST_TERMS)
  counts.begin()
  let most = 1
  let covered = 0
  for (let at = 0; at + n <= held; at++) {
    const times = counts.count(ngramKey(terms.values, at, n)) + 1
    if (times < most || times === 1) continue
    const here = times * charactersOf(lengths.values, at, at + n)
    covered = times > most ? here : Math.max(covered, here)
    most = times
  }
  return covered === 0 ? 0 : covered / charactersOf(lengths.values, 0, held)
}

/**
 * Share of the terms' characters that stand in n-grams that stood in the document before, none counted twice: after a
 * repeat the search goes on behind it.
 *
 * Source: Rae et al., arXiv:2112.11446, Appendix A.1.1; counted as datatrove's find_all_duplicate does.
 */
export function repeatedNgramShare(terms: Growing, lengths: Growing, n: number, counts: KeyCounts): number {
  const held = Math.min(terms.length, MOST_TERMS)
  counts.begin()
  let covered = 0
  for (let at = 0; at + n <= held; ) {
    if (counts.count(ngramKey(terms.values, at, n)) === 0) at++
    else {
      covered += charactersOf(lengths.values, at, at + n)
      at += n
    }
  }
  return covered === 0 ? 0 : covered / charactersOf(lengths.values, 0, held)
}
