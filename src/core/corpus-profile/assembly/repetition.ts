/*
 * AssemblyScript: what repeats within a document, part of scan.ts. The host puts the hashes of its terms at NGRAM_TERMS and their
 * characters at NGRAM_LENGTHS; test/corpus/plain-scan.ts has the plain version.
 */

/** As in scan-memory.ts. */
const BOUNDS: usize = 0x500
const NGRAM_TERMS: usize = 0x140000
const NGRAM_LENGTHS: usize = 0x240000
const BUCKETS: usize = 0x340000
const KEYS: usize = 0x380000
const LEAST_BITS: i32 = 8
const MOST_BITS: i32 = 16

const BASE: i32 = 0x2c1b3c6d
const SPREAD: i32 = 0x9e3779b1
/** Longest n-gram whose most frequent one is looked at; shortest and number of those whose repeats are. */
const LONGEST_TOP: i32 = 4
const SHORTEST_REPEATED: i32 = 5
const REPEATED: i32 = 6

let mask: i32 = 0

/** BASE to the power n, modulo 2³². */
function power(n: i32): i32 {
  let value: i32 = 1
  for (let i = 0; i < n; i++) value *= BASE
  return value
}

function hashOf(i: i32): i32 {
  return load<i32>(NGRAM_TERMS + ((<usize>i) << 2))
}

function lengthOf(i: i32): i32 {
  return load<i32>(NGRAM_LENGTHS + ((<usize>i) << 2))
}

function charactersOf(from: i32, to: i32): i32 {
  let characters = 0
  for (let i = from; i < to; i++) characters += lengthOf(i)
  return characters
}

/** Empty the table of keys, for at most `most` of them in slots of `1 << shift` bytes: no more of it than that needs, so that it stays in a near cache. */
function begin(most: i32, shift: usize): void {
  let size = 64
  while (size < 2 * most) size *= 2
  mask = size - 1
  memory.fill(KEYS, 0, (<usize>size) << shift)
}

/** Where a key stands, or would; `own` is not 0, which is an empty slot. */
function find(own: i32, shift: usize): usize {
  let at = ((own * SPREAD) >>> 6) & mask
  let found = load<i32>(KEYS + ((<usize>at) << shift))
  while (found !== 0 && found !== own) {
    at = (at + 1) & mask
    found = load<i32>(KEYS + ((<usize>at) << shift))
  }
  return KEYS + ((<usize>at) << shift)
}

/** Note a key; whether it was there. */
function wasThere(key: i32): bool {
  const own = key === 0 ? 1 : key
  const slot = find(own, 2)
  if (load<i32>(slot) !== 0) return true
  store<i32>(slot, own)
  return false
}

/** Count a key; how often it stands there now. */
function count(key: i32): i32 {
  const own = key === 0 ? 1 : key
  const slot = find(own, 3)
  const times = load<i32>(slot, 4) + 1
  store<i32>(slot, own)
  store<i32>(slot, times, 4)
  return times
}

/**
 * What n-grams cover at most, into BOUNDS: characters of all terms; characters of the most frequent n-gram; of repeats of 5, 6, … 10
 * terms. All occurrences of an n-gram of two to four terms end with the same two, and none is longer than the four terms that end
 * there: the fullest bucket of those, by the two, is the most that an n-gram can cover. A repeat of n terms is n − 4 repeats of five
 * one behind the other, so that runs of so many hold all repeats of n.
 */
export function boundNgrams(terms: i32): void {
  const bits = min(MOST_BITS, max(LEAST_BITS, 32 - clz(terms)))
  memory.fill(BUCKETS, 0, (<usize>4) << (<usize>bits))
  begin(terms, 2)
  for (let i: usize = 0; i < 8; i++) store<i32>(BOUNDS + (i << 2), 0)
  const shift = 32 - bits
  const top = power(SHORTEST_REPEATED)
  let key: i32 = 0
  let before: i32 = 0
  let characters: i32 = 0
  let four: i32 = 0
  let mostOfTop: i32 = 0
  /** Repeats of five under way, and the characters that they cover. */
  let run: i32 = 0
  let covered: i32 = 0
  for (let end = 0; end <= terms; end++) {
    let isRepeat = false
    let length: i32 = 0
    if (end < terms) {
      const hash = hashOf(end)
      length = lengthOf(end)
      characters += length
      four += length
      if (end >= LONGEST_TOP) four -= lengthOf(end - LONGEST_TOP)
      const bucket = BUCKETS + ((<usize>(((before * BASE + hash) * SPREAD) >>> shift)) << 2)
      before = hash
      const filled = load<i32>(bucket) + four
      store<i32>(bucket, filled)
      mostOfTop = max(mostOfTop, filled)
      key = key * BASE + hash
      if (end >= SHORTEST_REPEATED) key -= hashOf(end - SHORTEST_REPEATED) * top
      isRepeat = end >= SHORTEST_REPEATED - 1 && wasThere(key)
    }
    if (isRepeat) {
      covered += run++ === 0 ? charactersOf(end - SHORTEST_REPEATED + 1, end + 1) : length
    } else if (run > 0) {
      for (let i = 0; i < min(run, REPEATED); i++) {
        const at = BOUNDS + 8 + ((<usize>i) << 2)
        store<i32>(at, load<i32>(at) + covered)
      }
      run = 0
      covered = 0
    }
  }
  store<i32>(BOUNDS, characters)
  store<i32>(BOUNDS, mostOfTop, 4)
}

/** Characters that the most frequent n-gram covers; 0 where none repeats. Of equally frequent ones the longest. */
export function topCharacters(terms: i32, n: i32): i32 {
  begin(terms, 3)
  const top = power(n)
  let key: i32 = 0
  let times: i32 = 1
  let covered: i32 = 0
  for (let end = 0; end < terms; end++) {
    key = key * BASE + hashOf(end)
    if (end >= n) key -= hashOf(end - n) * top
    if (end < n - 1) continue
    const here = count(key)
    if (here < times || here === 1) continue
    const characters = here * charactersOf(end - n + 1, end + 1)
    covered = here > times ? characters : max(covered, characters)
    times = here
  }
  return covered
}

/**
 * Characters that stand in n-grams that stood in the document before, none counted twice: after a repeat the search goes on behind
 * it. Source: Rae et al., arXiv:2112.11446, Appendix A.1.1; counted as datatrove's find_all_duplicate does.
 */
export function repeatedCharacters(terms: i32, n: i32): i32 {
  begin(terms, 2)
  const top = power(n)
  let key: i32 = 0
  let covered: i32 = 0
  /** End of the n-grams that begin after the last repeat. */
  let next = n - 1
  for (let end = 0; end < terms; end++) {
    key = key * BASE + hashOf(end)
    if (end >= n) key -= hashOf(end - n) * top
    if (end < next || !wasThere(key)) continue
    covered += charactersOf(end - n + 1, end + 1)
    next = end + n
  }
  return covered
}
