/* AssemblyScript, part of scan.ts: lines without the white space around them, the paragraphs that they make, and hashes of both. */

import { closes, ELLIPSIS, endsLine, isBullet, lastCharacter } from './character'
import {
  add,
  BULLET_LINES,
  ELLIPSIS_LINES,
  ENDS_CLOSED,
  HASH_HIGH,
  HASH_LOW,
  LINE_BYTES,
  LINE_COUNT,
  LINES,
  PARAGRAPH_COUNT,
  put,
  TERMINAL_LINES,
} from './counters'

/** As in scan-memory.ts. */
const LINE_HASHES: usize = 0xd0000
const LINE_SIZES: usize = 0xe0000
const PARAGRAPHS: usize = 0xf0000
export const TEXT: usize = 0x780000
const LINE_ROOM: i32 = 0x4000

const C1: i32 = 0x239b961b
const C2: i32 = 0xab0e9789

let lineCount: i32 = 0
let paragraphCount: i32 = 0
/** The line under way; from = 0: nothing yet. */
let lineFrom: usize = 0
let lineTo: usize = 0
let lastTo: usize = 0
let lineHigh: i32 = 0
let lineLow: i32 = 0
let paragraphLines: i32 = 0
let paragraphBytes: i32 = 0
let hashHigh: i32 = 0
let hashLow: i32 = 0

export function beginLines(): void {
  lineHigh = 0
  lineLow = 0
  paragraphLines = 0
  paragraphBytes = 0
  lineFrom = 0
  lineTo = 0
  lastTo = 0
}

/** The host has taken what stands in the buffers. */
export function emptyLines(): void {
  lineCount = 0
  paragraphCount = 0
}

/** @param step lines that may be added before this is asked again */
export function areLinesFull(step: i32): bool {
  return lineCount > LINE_ROOM - step || paragraphCount > LINE_ROOM - step
}

/** What is no white space stands at `from` first and ends at `to`. */
export function ink(from: usize, to: usize): void {
  if (lineFrom === 0) lineFrom = from
  lineTo = to
}

function rotate(x: i32, by: i32): i32 {
  return (x << by) | (x >>> (32 - by))
}

function finalMix(value: i32): i32 {
  let h = value ^ (value >>> 16)
  h = h * 0x85ebca6b
  h ^= h >>> 13
  h = h * 0xc2b2ae35
  return h ^ (h >>> 16)
}

/** 64-bit hash of bytes: two lanes of MurmurHash3_x86_128 (A. Appleby, public domain), mixed into each other. */
function hashBytes(from: usize, to: usize): void {
  let h1: i32 = 0x9e3779b9
  let h2: i32 = <i32>(to - from)
  let at = from
  for (; at + 8 <= to; at += 8) {
    h1 ^= rotate(load<i32>(at) * C1, 15) * C2
    h1 = (rotate(h1, 19) + h2) * 5 + 0x561ccd1b
    h2 ^= rotate(load<i32>(at, 4) * C2, 16) * C1
    h2 = (rotate(h2, 17) + h1) * 5 + 0x0bcaa747
  }
  for (; at < to; at++) {
    h1 = (h1 ^ <i32>load<u8>(at)) * C1
    h2 = h2 * 31 + rotate(h1, 13)
  }
  h1 += h2
  h2 += h1
  h1 = finalMix(h1)
  h2 = finalMix(h2)
  hashHigh = h1 + h2
  hashLow = h2 + hashHigh
}

function endParagraph(): void {
  if (paragraphLines === 0) return
  const at = PARAGRAPHS + ((<usize>paragraphCount) << 4)
  store<i32>(at, finalMix(lineHigh))
  store<i32>(at, finalMix(lineLow), 4)
  store<i32>(at, paragraphBytes, 8)
  paragraphCount++
  lineHigh = 0
  lineLow = 0
  paragraphLines = 0
  paragraphBytes = 0
}

/** The line under way is over. */
export function endLine(): void {
  if (lineFrom === 0) {
    endParagraph()
    return
  }
  const from = lineFrom
  const to = lineTo
  const length = <i32>(to - from)
  lastTo = to
  lineFrom = 0
  hashBytes(from, to)
  add(LINES, 1)
  add(LINE_BYTES, length)
  store<i32>(LINE_HASHES + ((<usize>lineCount) << 2), hashHigh)
  store<i32>(LINE_SIZES + ((<usize>lineCount) << 2), length)
  lineCount++
  const last = lastCharacter(from, to)
  if (last === ELLIPSIS || (last === 0x2e && length >= 3 && load<u16>(to - 3) === 0x2e2e))
    add(ELLIPSIS_LINES, 1)
  if (endsLine(last)) add(TERMINAL_LINES, 1)
  if (isBullet(from, to)) add(BULLET_LINES, 1)
  lineHigh = (lineHigh ^ hashHigh) * 0x85ebca6b + paragraphLines
  lineLow = (lineLow ^ hashLow) * 0xc2b2ae35 + hashHigh
  if (paragraphLines++ === 0) store<i32>(PARAGRAPHS + ((<usize>paragraphCount) << 4), <i32>(from - TEXT), 12)
  paragraphBytes += length
}

/** The document is over at `end`. */
export function endText(end: usize): void {
  endLine()
  endParagraph()
  hashBytes(TEXT, end)
}

export function tellLines(): void {
  put(HASH_HIGH, hashHigh)
  put(HASH_LOW, hashLow)
  put(ENDS_CLOSED, <i32>(lastTo === 0 || closes(lastCharacter(TEXT, lastTo))))
  put(LINE_COUNT, lineCount)
  put(PARAGRAPH_COUNT, paragraphCount)
}
