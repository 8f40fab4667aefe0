/**
 * The language of a stretch of text as eld's `detect` and `isReliable` tell it, from its tables, without an object per n-gram: five
 * times as fast. test/corpus/language.test.ts holds the two together.
 *
 * Source: N. Tito Martínez, Efficient Language Detector (Apache 2.0), languageDetector.js
 */
import { readFileSync } from 'node:fs'

// The package lets in none of its tables by name.
const entry = import.meta.resolve('eld/medium')
const load = (path: string): Promise<unknown> => import(new URL(path, entry).href)
const { dictionary } = (await load('../dictionary.js')) as { dictionary: readonly string[] }
const { avgScore } = (await load('../avgScore.js')) as { avgScore: Readonly<Record<string, number>> }
// Read, not imported: as objects it takes ten times as long, and every garbage collection looks at all of them.
const [head = '', source = ''] = readFileSync(new URL('../ngrams/medium.js', entry), 'utf8').split('ngrams:{')

const LANGUAGES = Array.from(head.matchAll(/\d+:'(\w+)'/g), ([, language]) => language!)
const AVERAGE = LANGUAGES.map((language) => avgScore[language] ?? 0)
/** What the tables have taken off each score, what a mean is set against, and the share of the usual score that is reliable. */
const BASE_SCORE = 53
const SCALE = 25
const RELIABLE = 0.75
const LEAST_NGRAMS = 3
/** Bytes after which a text is cut: at white space, and anywhere. */
const CUT_AFTER = 350
const ENFORCE_CUT_AFTER = 380
const LONGEST_WORD = 70
/** Longer n-grams are in no table. */
const LONGEST_NGRAM = 6
const SPACE = 0x20
const [QUOTE, COMMA, ZERO, COLON, BACKSLASH, CLOSE] = [0x27, 0x2c, 0x30, 0x3a, 0x5c, 0x7d]
const [SLOT_BITS, MOST_KEPT] = [18, 1 << 16]

/** Runs of letters with what eld leaves on them: quotation marks within and before, and at the end of the text. */
const TOKEN = /['`\u2019]*\p{L}+(?:['`\u2019]+\p{L}+)*(?:['`\u2019]+$)?|['`\u2019]+$/gu
const ASTRAL = /[\u{10000}-\u{10ffff}]/gu

/** The tables' n-grams and those that occurred, an open-addressed table by their bytes in two halves: their rows, and the text that had them last. */
const highs = new Int32Array(1 << SLOT_BITS)
const lows = new Int32Array(1 << SLOT_BITS)
const rowFrom = new Int32Array(1 << SLOT_BITS)
const rowTo = new Int32Array(1 << SLOT_BITS)
/** 0 = an empty slot, 1 = no text had it yet. */
const seenIn = new Int32Array(1 << SLOT_BITS)
/** Rows behind each other: language and score in turn; none where the n-gram is in no table. */
const tableRows = readTables()
const unseen = seenIn.slice()
let kept = 0
const scores = new Int32Array(LANGUAGES.length)
let texts = 1
/** Different n-grams of the text in hand. */
let count = 0
const bytes = new Uint8Array(2048)

/** The slot of an n-gram, or the empty one where it belongs. */
function slotOf(high: number, low: number): number {
  const mask = (1 << SLOT_BITS) - 1
  let slot = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> (32 - SLOT_BITS)
  while (seenIn[slot] !== 0 && (lows[slot] !== low || highs[slot] !== high)) slot = (slot + 1) & mask
  return slot
}

function take(slot: number, high: number, low: number, text: number): void {
  highs[slot] = high
  lows[slot] = low
  seenIn[slot] = text
}

/**
 * `{'x':{0:176,12:3},y:{…}}`: a character is a byte of UTF-8, those that are no ASCII by the dictionary. Returns the rows behind each
 * other. Character by character, since a regular expression takes a tenth of a second longer.
 */
function readTables(): Uint8Array {
  const byteOf = Uint8Array.from({ length: 0x10000 }, (_, code) => code)
  for (const [byte, name] of dictionary.entries()) if (byte >= 0x80) byteOf[name.charCodeAt(0)] = byte
  byteOf[SPACE] = SPACE
  const rows = new Uint8Array(source.length)
  let length = 0
  // A key, `:{`, its row, `}`, and a comma or the end.
  for (let at = 0; at < source.length && source.charCodeAt(at) !== CLOSE; ) {
    const isQuoted = source.charCodeAt(at) === QUOTE
    const ends = isQuoted ? QUOTE : COLON
    if (isQuoted) at++
    let [high, low] = [0, 0]
    for (let code = source.charCodeAt(at); code !== ends; code = source.charCodeAt(++at)) {
      if (code === BACKSLASH) code = source.charCodeAt(++at)
      high = (high << 8) | (low >>> 24)
      low = (low << 8) | byteOf[code]!
    }
    const slot = slotOf(high, low)
    take(slot, high, low, 1)
    rowFrom[slot] = length
    at += isQuoted ? 3 : 2
    for (let [number, code] = [0, 0]; code !== CLOSE; at++) {
      code = source.charCodeAt(at)
      if (code >= ZERO && code < COLON) number = 10 * number + code - ZERO
      else {
        rows[length++] = number
        number = 0
      }
    }
    rowTo[slot] = length
    if (source.charCodeAt(at) === COMMA) at++
  }
  return rows.slice(0, length)
}

/** Score the n-gram of these bytes, the first the highest, once a text. */
function score(high: number, low: number): void {
  const slot = slotOf(high, low)
  if (seenIn[slot] === texts) return
  if (seenIn[slot] === 0) {
    kept++
    rowTo[slot] = rowFrom[slot]!
  }
  take(slot, high, low, texts)
  count++
  for (let i = rowFrom[slot]!; i < rowTo[slot]!; i += 2)
    scores[tableRows[i]!]! += tableRows[i + 1]! + BASE_SCORE
}

/** Score `bytes[from…to)`, behind a space where they begin a word, before one where they end it. */
function scoreBytes(from: number, to: number, isFirst: boolean, isLast: boolean): void {
  let high = 0
  let low = isFirst ? SPACE : 0
  for (let at = from; at < to; at++) {
    high = (high << 8) | (low >>> 24)
    low = (low << 8) | bytes[at]!
  }
  if (isLast) {
    high = (high << 8) | (low >>> 24)
    low = (low << 8) | SPACE
  }
  score(high, low)
}

/** Score a word's n-grams: four bytes, three apart, and the last four. */
function scoreWord(to: number): void {
  const length = Math.min(LONGEST_WORD, to)
  let at = 0
  for (; at + 4 < length; at += 3) scoreBytes(at, at + 4, at === 0, false)
  const last = Math.max(0, length - 4)
  // What a long word ends with is in no table, but counts as an n-gram.
  if (to - last + 2 > LONGEST_NGRAM) score(-1, to - last)
  else scoreBytes(last, to, at === 0, true)
}

/** UTF-8 of characters of the basic plane into `bytes`; returns their number. */
function encode(token: string): number {
  let length = 0
  for (let i = 0; i < token.length; i++) {
    const code = token.charCodeAt(i)
    if (code < 0x80) bytes[length++] = code
    else {
      if (code < 0x800) bytes[length++] = 0xc0 | (code >> 6)
      else {
        bytes[length++] = 0xe0 | (code >> 12)
        bytes[length++] = 0x80 | ((code >> 6) & 0x3f)
      }
      bytes[length++] = 0x80 | (code & 0x3f)
    }
  }
  return length
}

/** A text begins: nothing is scored, and what is kept of others does not fill the table. */
function begin(): void {
  scores.fill(0)
  count = 0
  texts++
  if (kept < MOST_KEPT && texts < 2 ** 31 - 1) return
  seenIn.set(unseen)
  kept = 0
  texts = 2
}

/** ISO 639-1 code of the language; undefined where it cannot be told reliably. */
export function languageOfText(text: string): string | undefined {
  begin()
  // Letters beyond the basic plane are in no table.
  const plain = /[\ud800-\udfff]/.test(text) ? text.replace(ASTRAL, ' ') : text
  let read = 0
  for (const token of plain.match(TOKEN) ?? []) {
    if (read > CUT_AFTER) break
    if (read > 0) read++
    let length = encode(token.toLowerCase())
    if (read + length > ENFORCE_CUT_AFTER) {
      // The character that goes over the limit is the last.
      let end = ENFORCE_CUT_AFTER - read + 1
      while (end < length && (bytes[end]! & 0xc0) === 0x80) end++
      length = Math.min(length, end)
    }
    read += length
    scoreWord(length)
    if (read > ENFORCE_CUT_AFTER) break
  }
  let best = 0
  for (let id = 1; id < scores.length; id++) if (scores[id]! > scores[best]!) best = id
  const mean = count === 0 ? 0 : scores[best]! / count
  return count >= LEAST_NGRAMS && mean / (mean + SCALE) >= AVERAGE[best]! * RELIABLE
    ? LANGUAGES[best]
    : undefined
}
