/* AssemblyScript, part of scan.ts: what becomes of a term. */

import { add, EVENT_COUNT, get, put, STOP_WORD_TERMS, STOP_WORDS, TERM_COUNT } from './counters'
import { hashTerm } from './hash-term'

/** As in scan-memory.ts. */
const WATCHED: usize = 0xc00
const SLOTS: usize = 0x2000
const TERMS: usize = 0x50000
const LENGTHS: usize = 0x90000
const EVENTS: usize = 0x130000
const TERM_ROOM: i32 = 0x10000
const EVENT_ROOM: i32 = 0x1000
const STOP_KINDS: i32 = 8

let termCount: i32 = 0
let eventCount: i32 = 0
/** Hashes of the two terms before the next. */
let before: i32 = 0
let beforeThat: i32 = 0

export function beginTerms(): void {
  before = 0
  beforeThat = 0
}

/** The host has taken what stands in the buffers. */
export function emptyTerms(): void {
  termCount = 0
  eventCount = 0
}

/** @param step terms that may be added before this is asked again */
export function areTermsFull(step: i32): bool {
  return termCount > TERM_ROOM - step || eventCount > EVENT_ROOM - step
}

export function endTerm(from: usize, to: usize, length: i32): void {
  const hash = hashTerm(from, to)
  const at = (<usize>termCount) << 2
  store<i32>(TERMS + at, hash)
  store<i32>(LENGTHS + at, length)
  termCount++
  const watched = <i32>load<u8>(SLOTS + (hash & 0xfff))
  if (watched !== 0 && load<i32>(WATCHED + ((<usize>watched) << 2)) === hash) {
    if (watched <= STOP_KINDS) {
      put(STOP_WORDS, get(STOP_WORDS) | (1 << (watched - 1)))
      add(STOP_WORD_TERMS, 1)
    } else {
      const event = EVENTS + <usize>eventCount * 12
      store<i32>(event, watched)
      store<i32>(event, before, 4)
      store<i32>(event, beforeThat, 8)
      eventCount++
    }
  }
  beforeThat = before
  before = hash
}

export function tellTerms(): void {
  put(TERM_COUNT, termCount)
  put(EVENT_COUNT, eventCount)
}
