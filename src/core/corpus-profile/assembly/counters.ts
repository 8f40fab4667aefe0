/* AssemblyScript: what scan.ts counts, where the host reads it. */

/** As in scan-memory.ts. */
const COUNTERS: usize = 0x400

/** Counters, in the order of COUNTER_NAMES of scan-memory.ts. */
export const CHARACTERS: i32 = 0
export const LETTERS: i32 = 1
export const SINGLES: i32 = 2
export const DIGITS: i32 = 3
export const SPACES: i32 = 4
export const ILL_FORMED: i32 = 5
export const REPLACEMENTS: i32 = 6
export const CONTROLS: i32 = 7
export const MOJIBAKE: i32 = 8
export const WORDS: i32 = 9
export const ALPHABETIC_WORDS: i32 = 10
export const HASH_SIGNS: i32 = 11
export const ELLIPSES: i32 = 12
export const CURLY_BRACKETS: i32 = 13
export const SENTENCES: i32 = 14
export const MARKUP: i32 = 15
export const STOP_WORDS: i32 = 16
export const STOP_WORD_TERMS: i32 = 17
export const LINES: i32 = 18
export const BULLET_LINES: i32 = 19
export const ELLIPSIS_LINES: i32 = 20
export const TERMINAL_LINES: i32 = 21
export const LINE_BYTES: i32 = 22
export const HASH_HIGH: i32 = 23
export const HASH_LOW: i32 = 24
export const ENDS_CLOSED: i32 = 25
export const TERM_COUNT: i32 = 26
export const LINE_COUNT: i32 = 27
export const PARAGRAPH_COUNT: i32 = 28
export const EVENT_COUNT: i32 = 29
const COUNTER_ROOM: usize = 4 * 30

export function get(counter: i32): i32 {
  return load<i32>(COUNTERS + ((<usize>counter) << 2))
}

export function put(counter: i32, value: i32): void {
  store<i32>(COUNTERS + ((<usize>counter) << 2), value)
}

export function add(counter: i32, by: i32): void {
  put(counter, get(counter) + by)
}

export function clearCounters(): void {
  memory.fill(COUNTERS, 0, COUNTER_ROOM)
}
