import { overlapWords } from './text.js'

/** Words in a row that two texts must share to count as overlapping (GPT-3's contamination check, arXiv:2005.14165, App. C). */
export const OVERLAP_WORDS = 13

const BASE = 0x01000193

/**
 * A 52-bit hash of every run of `length` words, in order; texts shorter than that have none.
 * Two independent 26-bit polynomial hashes, rolled word by word, so that a million runs cost about a second.
 */
export function runHashes(text: string, length: number = OVERLAP_WORDS): number[] {
  const words = overlapWords(text)
  const lows = words.map((word) => wordHash(word, 2166136261))
  const highs = words.map((word) => wordHash(word, 0x9747b28c))
  const hashes: number[] = []
  for (let start = 0; start + length <= words.length; start++) {
    let low = 0
    let high = 0
    for (let i = start; i < start + length; i++) {
      low = (Math.imul(low, BASE) + (lows[i] ?? 0)) | 0
      high = (Math.imul(high, 0x5bd1e995) + (highs[i] ?? 0)) | 0
    }
    hashes.push((low >>> 6) * 2 ** 26 + (high >>> 6))
  }
  return hashes
}

function wordHash(word: string, seed: number): number {
  let h = seed
  for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 16777619)
  return h ^ (h >>> 15)
}

/** Keeps the first of texts that are equal once case, punctuation and spacing are ignored. */
export function withoutDuplicates<T extends { text: string }>(rows: Iterable<T>): T[] {
  const seen = new Set<string>()
  const kept: T[] = []
  for (const row of rows) {
    const key = overlapWords(row.text).join(' ')
    if (key === '' || seen.has(key)) continue
    seen.add(key)
    kept.push(row)
  }
  return kept
}

export interface Separation<H, T> {
  heldOut: H[]
  training: T[]
  droppedHeldOut: number
  droppedTraining: number
}

/**
 * Makes held-out and training text share no run of 13 words. A held-out document is dropped when more than
 * `share` of its runs, or a run that stands in more than `common` training pieces, occurs in training:
 * it is boilerplate, or a near copy. The training pieces that still touch a remaining one are dropped.
 */
export function separate<H extends { text: string }, T extends { text: string }>(
  heldOut: readonly H[],
  training: readonly T[],
  { share = 0.1, common = 30 }: { share?: number; common?: number } = {},
): Separation<H, T> {
  const counts = new Map<number, number>()
  for (const document of heldOut) for (const run of runHashes(document.text)) counts.set(run, 0)
  for (const piece of training) {
    for (const run of new Set(runHashes(piece.text))) {
      const count = counts.get(run)
      if (count !== undefined) counts.set(run, count + 1)
    }
  }
  const kept = heldOut.filter((document) => {
    const runs = runHashes(document.text)
    const shared = runs.filter((run) => (counts.get(run) ?? 0) > 0)
    return shared.length <= share * runs.length && shared.every((run) => (counts.get(run) ?? 0) <= common)
  })
  const forbidden = new Set<number>()
  for (const document of kept) for (const run of runHashes(document.text)) forbidden.add(run)
  const clean = training.filter((piece) => !runHashes(piece.text).some((run) => forbidden.has(run)))
  return {
    heldOut: kept,
    training: clean,
    droppedHeldOut: heldOut.length - kept.length,
    droppedTraining: training.length - clean.length,
  }
}
