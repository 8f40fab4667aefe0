/*
 * AssemblyScript: the scanner of embedded/scanner.ts over 16 bytes at a time. `npx tsx scripts/build-wasm.ts` compiles it into
 * embedded/matcher-wasm.ts; test/corpus/wasm.test.ts holds the two together, and the contract suite holds this scanner
 * to the plain counter. All tables lie in one shared memory that the host lays out (embedded/wasm-scanner.ts); the
 * module itself stores nothing there, so that every thread may have its own instance on it.
 */

import { decodeAt } from '../../names/assembly/decode'
import { classOf, EXTEND, JOINING, LINKER, NONE, PREPEND, SINGLE, setClasses } from './classes'

export { fold } from './fold'

const ROOT: i32 = 1
const OPEN: i32 = 0x40000000
const SPACE: u8 = 0x20
/** Lengths that `heads` says nothing about: fewer than four bytes. */
const SHORT_LENGTHS: i32 = 15

let edges: usize = 0
let edgeMask: i32 = 0
let heads: usize = 0
let singles: usize = 0
let singleMask: i32 = 0
let pairs: usize = 0
let pairMask: i32 = 0
let inner: usize = 0
let candidateStarts: usize = 0
let candidates: usize = 0
let names: usize = 0
let offsets: usize = 0
let lead: usize = 0
let openAtRoot: usize = 0
let openLengths: usize = 0
let published: bool = false
let stamps: usize = 0
let hits: usize = 0
let active: usize = 0

let textBegin: usize = 0
let textEnd: usize = 0
let document: i32 = 0
let hitCount: i32 = 0
let activeCount: i32 = 0

export function setTrie(
  edges_: usize,
  edgeMask_: i32,
  heads_: usize,
  singles_: usize,
  singleMask_: i32,
  pairs_: usize,
  pairMask_: i32,
  inner_: usize,
  candidateStarts_: usize,
  candidates_: usize,
  names_: usize,
  offsets_: usize,
  lead_: usize,
): void {
  edges = edges_
  edgeMask = edgeMask_
  heads = heads_
  singles = singles_
  singleMask = singleMask_
  pairs = pairs_
  pairMask = pairMask_
  inner = inner_
  candidateStarts = candidateStarts_
  candidates = candidates_
  names = names_
  offsets = offsets_
  lead = lead_
}

export function setRule(classes_: usize, openAtRoot_: usize, openLengths_: usize, published_: bool): void {
  setClasses(classes_)
  openAtRoot = openAtRoot_
  openLengths = openLengths_
  published = published_
}

/** What belongs to this thread alone. */
export function setThread(stamps_: usize, hits_: usize, active_: usize): void {
  stamps = stamps_
  hits = hits_
  active = active_
}

function extendsBack(kind: i32): bool {
  return kind === EXTEND || kind === LINKER
}

/** As joinsBefore, joinsAfter and cutsMark of embedded/scanner.ts. */
function joinsBefore(at: usize): bool {
  let from = at
  while (from > textBegin) {
    let start = from - 1
    while (start > textBegin && from - start < 4 && (load<u8>(start) & 0xc0) === 0x80) start--
    const decoded = decodeAt(start, from)
    const kind = start + (decoded & 7) === from ? classOf(decoded >> 3) : NONE
    if (!extendsBack(kind)) return kind === JOINING || (kind === NONE && from < at)
    from = start
  }
  return from < at
}

function joinsAfter(at: usize): bool {
  if (at >= textEnd) return false
  const kind = classOf(decodeAt(at, textEnd) >> 3)
  return kind === JOINING || extendsBack(kind)
}

function cutsMark(at: usize): bool {
  if (load<u8>(at) < 0x80 || at <= textBegin || load<u8>(at - 1) < SPACE) return false
  return extendsBack(classOf(decodeAt(at, textEnd) >> 3))
}

/** One step of hashWord: the first `length` ≤ 16 bytes of `bytes`. */
function mixBlock(hash: i32, bytes: v128, length: i32): i32 {
  const iota = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  const kept = v128.and(bytes, i8x16.lt_u(iota, i8x16.splat(<i8>length)))
  const product = i32x4.mul(kept, i32x4(0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f))
  const mixed =
    (hash * 0x01000193) ^
    i32x4.extract_lane(product, 0) ^
    i32x4.extract_lane(product, 1) ^
    i32x4.extract_lane(product, 2) ^
    i32x4.extract_lane(product, 3)
  return mixed ^ (mixed >>> 15)
}

function hashWord(begin: usize, end: usize): i32 {
  let hash = 0
  for (let at = begin; at < end; at += 16) hash = mixBlock(hash, v128.load(at), <i32>min<usize>(16, end - at))
  return hash
}

/** As wordEnd of names/words.ts: end of the word or other character at `at`; `isWord` tells which of the two. */
let isWord: bool = false
function slowWord(at: usize): usize {
  let decoded = decodeAt(at, textEnd)
  let kind = classOf(decoded >> 3)
  let end = at + (decoded & 7)
  isWord = kind !== NONE
  if (!isWord) return end
  const isCluster = kind === SINGLE || kind === PREPEND
  let isOpen = kind === PREPEND
  while (end < textEnd) {
    decoded = decodeAt(end, textEnd)
    kind = classOf(decoded >> 3)
    if (isCluster) {
      if (kind === LINKER) isOpen = true
      else if (isOpen && (kind === SINGLE || kind === PREPEND)) isOpen = kind === PREPEND
      else if (kind !== EXTEND) break
    } else if (kind !== JOINING && !extendsBack(kind)) break
    end += decoded & 7
  }
  return end
}

function child(hash: i32, parent: i32): i32 {
  let h = hash ^ (parent * 0x9e3779b1)
  h = (h ^ (h >>> 15)) * 0x85ebca6b
  let slot = (h ^ (h >>> 13)) & edgeMask
  let edge = edges + ((<usize>slot) << 4)
  let node = load<i32>(edge, 8)
  while (node !== 0 && (load<i32>(edge) !== hash || load<i32>(edge, 4) !== parent)) {
    slot = (slot + 1) & edgeMask
    edge = edges + ((<usize>slot) << 4)
    node = load<i32>(edge, 8)
  }
  return node
}

function check(node: i32, firstWord: usize, wordEnd: usize): void {
  const last = load<i32>(candidateStarts + ((<usize>node) << 2), 4)
  for (let c = load<i32>(candidateStarts + ((<usize>node) << 2)); c < last; c++) {
    const pattern = (<usize>load<i32>(candidates + ((<usize>c) << 2))) << 2
    if (load<i32>(stamps + pattern) === document) continue
    const from = <usize>load<i32>(offsets + pattern)
    const length = <usize>load<i32>(offsets + pattern, 4) - from
    const start = firstWord - <usize>load<i32>(lead + pattern)
    const end = start + length
    if (<isize>start < <isize>textBegin || end > textEnd) continue
    let same: usize = 0
    while (same < length && load<u8>(start + same) === load<u8>(names + from + same)) same++
    if (same < length) continue
    if (published) {
      if (start <= textBegin || load<u8>(start - 1) !== SPACE) continue
    } else {
      if (start < firstWord && joinsBefore(start)) continue
      if (cutsMark(start)) continue
      if (end > wordEnd && joinsAfter(end)) continue
    }
    store<i32>(stamps + pattern, document)
    store<i32>(hits + ((<usize>hitCount) << 2), <i32>(pattern >> 2))
    hitCount++
  }
}

/** `published`: names that end within this word. */
function matchOpen(node: i32, lengths: i32, start: usize, wordEnd: usize, nameStart: usize): void {
  const longest = <i32>(wordEnd - start)
  for (let length = 1; length <= longest; length++) {
    if (length < 31 && lengths >>> length === 0) return
    if ((lengths & (1 << min(length, 31))) === 0) continue
    const next = child(hashWord(start, start + length), node + OPEN)
    if (next !== 0) check(next, nameStart, start + length)
  }
}

function isSet(bitmap: usize, hash: i32, mask: i32): bool {
  const spread = hash * 0x85ebca6b
  const bit = (spread ^ (spread >>> 15)) & mask
  return (load<i32>(bitmap + ((<usize>bit >>> 5) << 2)) & (1 << (bit & 31))) !== 0
}

function pairHash(first: i32, second: i32): i32 {
  return (first * 0x9e3779b1) ^ second
}

function push(node: i32, nameStart: usize): void {
  if (load<u8>(inner + node) === 0) return
  store<i32>(active + ((<usize>activeCount) << 3), node)
  store<u32>(active + ((<usize>activeCount) << 3), <u32>nameStart, 4)
  activeCount++
}

function advance(start: usize, wordEnd: usize, hash: i32): void {
  const count = activeCount
  activeCount = 0
  for (let i = 0; i < count; i++) {
    const node = load<i32>(active + ((<usize>i) << 3))
    const nameStart = <usize>load<u32>(active + ((<usize>i) << 3), 4)
    if (published) {
      const lengths = load<i32>(openLengths + ((<usize>node) << 2))
      if (lengths !== 0) matchOpen(node, lengths, start, wordEnd, nameStart)
    }
    const next = child(hash, node)
    if (next === 0) continue
    check(next, nameStart, wordEnd)
    push(next, nameStart)
  }
}

function begin(firstHash: i32, firstStart: usize, hash: i32, wordEnd: usize): void {
  const first = child(firstHash, ROOT)
  if (first === 0) return
  const node = child(hash, first)
  if (node === 0) return
  check(node, firstStart, wordEnd)
  push(node, firstStart)
}

function single(hash: i32, start: usize, wordEnd: usize): void {
  const node = child(hash, ROOT)
  if (node !== 0) check(node, start, wordEnd)
}

function openWord(
  start: usize,
  wordEnd: usize,
  previous: i32,
  previousStart: usize,
  mayBegin: bool,
  previousMayBegin: bool,
): void {
  const key = ((<i32>load<u8>(start)) << 8) | (wordEnd - start > 1 ? <i32>load<u8>(start, 1) : 0)
  const lengths = load<i32>(openAtRoot + ((<usize>key) << 2)) & (mayBegin ? -1 : SHORT_LENGTHS)
  if (lengths !== 0) matchOpen(ROOT, lengths, start, wordEnd, start)
  if (!previousMayBegin || !isSet(pairs, pairHash(previous, key | OPEN), pairMask)) return
  const node = child(previous, ROOT)
  if (node === 0) return
  const open = load<i32>(openLengths + ((<usize>node) << 2))
  if (open !== 0) matchOpen(node, open, start, wordEnd, previousStart)
}

/**
 * Patterns that stand in the text at begin…end, each once, written to the hits; 16 bytes of 0 must follow the text.
 *
 * @param number  of the document, different from all before it
 * @returns       how many there are
 */
export function scan(from: usize, end: usize, number: i32): i32 {
  textBegin = from
  textEnd = end
  document = number
  hitCount = 0
  activeCount = 0
  let previous: i32 = 0
  let previousStart: usize = 0
  let previousMayBegin = false
  let at = textBegin
  while (at < end) {
    const bytes = v128.load(at)
    const lower = v128.or(bytes, i8x16.splat(0x20))
    const joins = v128.or(
      v128.or(
        i8x16.lt_u(i8x16.sub(lower, i8x16.splat(0x61)), i8x16.splat(26)),
        i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(10)),
      ),
      i8x16.eq(bytes, i8x16.splat(0x5f)),
    )
    const joining = i8x16.bitmask(joins)
    const foreign = i8x16.bitmask(bytes)
    const any = joining | foreign
    if ((any & 1) === 0) {
      at += any === 0 ? 16 : ctz(any)
      continue
    }
    const length = ctz(~joining)
    let wordEnd: usize
    if (length < 16 && ((foreign >>> length) & 1) === 0) {
      wordEnd = at + length
    } else {
      wordEnd = slowWord(at)
      if (!isWord) {
        at = wordEnd
        continue
      }
    }
    const size = wordEnd - at
    const first = i32x4.extract_lane(bytes, 0) & (size < 4 ? (1 << ((<i32>size) << 3)) - 1 : -1)
    const headBit = (first * 0x9e3779b1) >>> 14
    const mayBegin = (load<i32>(heads + ((<usize>headBit >>> 5) << 2)) & (1 << (headBit & 31))) !== 0
    let hash: i32 = 0
    if (mayBegin || previousMayBegin || activeCount > 0) {
      hash = size <= 16 ? mixBlock(0, bytes, <i32>size) : hashWord(at, wordEnd)
      if (activeCount > 0) advance(at, wordEnd, hash)
      if (mayBegin && isSet(singles, hash, singleMask)) single(hash, at, wordEnd)
      if (previousMayBegin && isSet(pairs, pairHash(previous, hash), pairMask))
        begin(previous, previousStart, hash, wordEnd)
    }
    if (published) openWord(at, wordEnd, previous, previousStart, mayBegin, previousMayBegin)
    previous = hash
    previousStart = at
    previousMayBegin = mayBegin
    // The character after a word is no word of ASCII: look at it only where it may be another.
    const step = wordEnd - at
    const rest = step < 16 ? any >>> <i32>step : 0
    at = rest !== 0 ? wordEnd + ctz(rest) : wordEnd
  }
  return hitCount
}
