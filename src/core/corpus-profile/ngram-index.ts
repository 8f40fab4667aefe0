import type { Growing } from './growing.js'

/** Runs of terms by which a target's text is looked for: its words, phrases, and what is nearly a quotation. */
export const TARGET_NGRAMS = [1, 3, 5] as const

const [HIGH, LOW] = [0x2c1b3c6d, 0x297a2d39]

/** n-grams by number; plain arrays, so that threads can be given one. */
export interface NgramIndex {
  /** Number + 1 by slot, 0 = empty; shape (a power of two). */
  slots: Int32Array
  /** Both halves of an n-gram's key, shape (n-grams or more). */
  high: Int32Array
  low: Int32Array
  size: number
}

export function createNgramIndex(): NgramIndex {
  return { slots: new Int32Array(1024), high: new Int32Array(512), low: new Int32Array(512), size: 0 }
}

/** Slot of a key: where it stands, or where it would. */
function slotOf({ slots, high, low }: NgramIndex, h: number, l: number): number {
  const mask = slots.length - 1
  let at = ((h ^ (l >>> 15)) >>> 1) & mask
  for (let id = slots[at]!; id !== 0 && (high[id - 1] !== h || low[id - 1] !== l); id = slots[at]!)
    at = (at + 1) & mask
  return at
}

/** Number of an n-gram, −1 where the index lacks it. */
export function numberOf(index: NgramIndex, high: number, low: number): number {
  return index.slots[slotOf(index, high, low)]! - 1
}

/** Number of an n-gram, a new one where the index lacks it. */
export function addNgram(index: NgramIndex, high: number, low: number): number {
  const at = slotOf(index, high, low)
  const known = index.slots[at]!
  if (known !== 0) return known - 1
  if (index.size === index.high.length) {
    const { high: h, low: l } = index
    index.high = new Int32Array(2 * h.length)
    index.low = new Int32Array(2 * l.length)
    index.high.set(h)
    index.low.set(l)
    index.slots = new Int32Array(2 * index.slots.length)
    for (let id = 0; id < index.size; id++) index.slots[slotOf(index, h[id]!, l[id]!)] = id + 1
    return addNgram(index, high, low)
  }
  index.slots[at] = index.size + 1
  index.high[index.size] = high
  index.low[index.size] = low
  return index.size++
}

/** Both halves of the key of every n-gram, in order: polynomials over the terms' hashes and lengths. */
export function forNgrams(
  terms: Growing,
  lengths: Growing,
  n: number,
  visit: (high: number, low: number) => void,
): void {
  let topHigh = 1
  let topLow = 1
  for (let i = 0; i < n; i++) {
    topHigh = Math.imul(topHigh, HIGH)
    topLow = Math.imul(topLow, LOW)
  }
  let high = 0
  let low = 0
  const termLow = (at: number): number =>
    Math.imul(terms.values[at]! ^ (lengths.values[at]! << 24), 0x85ebca6b)
  for (let end = 0; end < terms.length; end++) {
    high = (Math.imul(high, HIGH) + terms.values[end]!) | 0
    low = (Math.imul(low, LOW) + termLow(end)) | 0
    if (end >= n) {
      high = (high - Math.imul(terms.values[end - n]!, topHigh)) | 0
      low = (low - Math.imul(termLow(end - n), topLow)) | 0
    }
    // n takes part in the key, so that a word and a phrase cannot meet.
    if (end >= n - 1) visit(high ^ Math.imul(n, 0x9e3779b1), low)
  }
}
