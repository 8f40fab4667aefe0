import { groupRows, sharedInt32 } from '../names/entities.js'

const FILTER_BITS_PER_KEY = 8
/** Slots of a table: a power of two, and so many for each of its keys. */
const LEAST_SLOTS = 1 << 10
const SLOTS_PER_KEY = 1.4

/** A hash table of n-grams, in typed arrays on shared memory. */
export interface NgramTable {
  /** Two bits of one word per hash (`filterBits`): settles most n-grams of a text. */
  readonly filter: Int32Array
  /** Open-addressed: hash and number of a key, two numbers a slot; the number −1 where free. */
  readonly slots: Int32Array
  /** Postings of key k: numbers `starts[k]` to `starts[k + 1]` − 1. */
  readonly starts: Int32Array
  /** Rows of what is told of each; shape (postings × columns), so that a row lies together. */
  readonly postings: Int32Array
}

/** Where the bits of a hash stand in a filter of `mask` + 1 words, and which they are. */
function filterWord(hash: number, mask: number): number {
  return (hash >>> 10) & mask
}

function filterBits(hash: number): number {
  return (1 << (hash & 31)) | (1 << ((hash >>> 5) & 31))
}

/** Where the slot of a hash stands, or the free one that it would take. */
function slotFor(slots: Int32Array, hash: number): number {
  const mask = slots.length - 1
  const h = Math.imul(hash, 0x85ebca6b)
  let at = ((h ^ (h >>> 15)) << 1) & mask
  while (slots[at + 1] !== -1 && slots[at] !== hash) at = (at + 2) & mask
  return at
}

/** Number of the key of a hash; −1 where a table does not have it. */
export function keyOf({ slots }: NgramTable, hash: number): number {
  return slots[slotFor(slots, hash) + 1]!
}

const powerOfTwo = (atLeast: number): number => 2 ** Math.ceil(Math.log2(Math.max(32, atLeast)))

/** The whole numbers from one to another. */
export function range(from: number, to: number): Int32Array {
  const numbers = new Int32Array(to - from)
  for (let i = 0; i < numbers.length; i++) numbers[i] = from + i
  return numbers
}

/** Hashes and their numbers, in the order in which they first come. */
export interface Numbered {
  readonly slots: Int32Array
  /** Number of each hash that was given; shape (hashes). */
  readonly numbers: Int32Array
  readonly distinct: number
}

export function numberHashes(hashes: Int32Array): Numbered {
  const numbers = new Int32Array(hashes.length)
  let slots = freeSlots(LEAST_SLOTS)
  let distinct = 0
  for (let i = 0; i < hashes.length; i++) {
    const at = slotFor(slots, hashes[i]!)
    if (slots[at + 1] === -1) {
      slots[at] = hashes[i]!
      slots[at + 1] = distinct++
    }
    numbers[i] = slots[at + 1]!
    if (2 * SLOTS_PER_KEY * distinct > slots.length) slots = enlarge(slots)
  }
  return { slots, numbers, distinct }
}

function freeSlots(slots: number): Int32Array {
  return sharedInt32(2 * slots).fill(-1)
}

/** The same keys among twice as many slots: a table is no larger than its distinct keys need, near the processor while they are few. */
function enlarge(slots: Int32Array): Int32Array {
  const larger = freeSlots(slots.length)
  for (let from = 0; from < slots.length; from += 2) {
    if (slots[from + 1] === -1) continue
    const at = slotFor(larger, slots[from]!)
    larger[at] = slots[from]!
    larger[at + 1] = slots[from + 1]!
  }
  return larger
}

export function buildFilter({ slots, distinct }: Numbered): Int32Array {
  const filter = sharedInt32(powerOfTwo((FILTER_BITS_PER_KEY * distinct) / 32))
  for (let at = 0; at < slots.length; at += 2)
    if (slots[at + 1] !== -1) filter[filterWord(slots[at]!, filter.length - 1)]! |= filterBits(slots[at]!)
  return filter
}

/** @param columns what is told of each hash; shapes (hashes) */
export function buildTable(hashes: Int32Array, columns: readonly Int32Array[]): NgramTable {
  const numbered = numberHashes(hashes)
  const { starts, values: order } = groupRows(numbered.numbers, range(0, hashes.length), numbered.distinct)
  const postings = sharedInt32(columns.length * hashes.length)
  let at = 0
  for (const posting of order) for (const column of columns) postings[at++] = column[posting]!
  return { filter: buildFilter(numbered), slots: numbered.slots, starts, postings }
}
