import type { Growing } from './growing.js'
import { spread } from './hash.js'

/** Two documents are near duplicates where their sets of shingles overlap at least so much. */
export const NEAR_JACCARD = 0.8
/** Terms of a shingle; a document of fewer has one shingle of all its terms. */
export const SHINGLE_TERMS = 5
/**
 * Documents of Jaccard similarity s share a band with probability 1 − (1 − s^rows)^bands: .991 at .8, .32 at .5, .03 at
 * .3; what shares one is compared exactly.
 */
export const BANDS = 12
export const BAND_ROWS = 5
const HASHES = BANDS * BAND_ROWS
/** Words of a sketch: four bits of each MinHash. */
export const SKETCH_WORDS = Math.ceil(HASHES / 8)
/**
 * Sketches of documents of similarity s agree in each of the 60 places with probability s + (1 − s)/16: at .8 in fewer than so many
 * one time in 9,000; of candidates of .4, which share a band as well, 2 in 100 agree in so many.
 */
export const SKETCH_AGREES = 37

const BASE = 0x2c1b3c6d
export const MULTIPLIERS = Int32Array.from({ length: HASHES }, (_, k) => spread(2 * k + 1) | 1)
export const MASKS = Int32Array.from({ length: HASHES }, (_, k) => spread(0x51ed270b + k))

/** Hash of every shingle in order, repeats included, into `into`. */
export function shingles(terms: Growing, into: Growing): void {
  into.clear()
  const { values, length } = terms
  if (length === 0) return
  const n = Math.min(SHINGLE_TERMS, length)
  let top = 1
  for (let i = 0; i < n; i++) top = Math.imul(top, BASE)
  let key = 0
  for (let end = 0; end < length; end++) {
    key = (Math.imul(key, BASE) + values[end]!) | 0
    if (end >= n) key = (key - Math.imul(values[end - n]!, top)) | 0
    if (end >= n - 1) into.push(spread(key))
  }
}

/** The set of shingles, ascending and each once. */
export function shingleSet(hashes: Growing): Int32Array {
  const sorted = hashes.values.slice(0, hashes.length).sort()
  let kept = 0
  for (let i = 0; i < sorted.length; i++)
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i]!
  return sorted.subarray(0, kept)
}

/** |A ∩ B| / |A ∪ B| of two ascending sets; 0 where both are empty. */
export function jaccard(a: Int32Array, b: Int32Array): number {
  let both = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i]!, b[j]!]
    if (x === y) both++
    if (x <= y) i++
    if (y <= x) j++
  }
  const either = a.length + b.length - both
  return either === 0 ? 0 : both / either
}

/**
 * Both halves of the key of each band of a document, shape (bands); equal keys make two documents candidates.
 *
 * @param least the least value of each MinHash over the document's shingles x, (x ^ mask) · multiplier; shape (bands × rows)
 *
 * Source: Broder, SEQUENCES 1997 (MinHash); Leskovec et al., Mining of Massive Datasets, Section 3.4 (bands).
 */
export function bandKeys(least: Int32Array, high: Int32Array, low: Int32Array): void {
  for (let band = 0; band < BANDS; band++) {
    let h = band
    let l = ~band
    for (let k = band * BAND_ROWS; k < (band + 1) * BAND_ROWS; k++) {
      h = Math.imul(h ^ least[k]!, 0x85ebca6b) ^ (h >>> 13)
      l = (Math.imul(l, 0x01000193) + spread(least[k]!)) | 0
    }
    high[band] = spread(h)
    low[band] = spread(l)
  }
}

/**
 * The last four bits of each MinHash of a document, pushed onto `into`, shape (SKETCH_WORDS).
 *
 * @param least as of {@link bandKeys}
 *
 * Source: Li & König, WWW 2010 (b-bit minwise hashing, arXiv 0910.3349), b = 4.
 */
export function pushSketch(least: Int32Array, into: Growing): void {
  for (let word = 0; word < SKETCH_WORDS; word++) {
    let bits = 0
    for (let k = 8 * word; k < Math.min(HASHES, 8 * word + 8); k++)
      bits |= (spread(least[k]!) & 15) << (4 * (k % 8))
    into.push(bits)
  }
}

/** In how many MinHashes the sketches of two documents agree; `sketches` has shape (documents × SKETCH_WORDS). */
export function agreeingHashes(sketches: Int32Array, a: number, b: number): number {
  let differing = 0
  for (let word = 0; word < SKETCH_WORDS; word++) {
    let bits = sketches[SKETCH_WORDS * a + word]! ^ sketches[SKETCH_WORDS * b + word]!
    bits |= bits >>> 1
    bits |= bits >>> 2
    // One bit for each place that differs; the product adds them up in its highest byte's upper half.
    differing += Math.imul(bits & 0x11111111, 0x11111111) >>> 28
  }
  return HASHES - differing
}
