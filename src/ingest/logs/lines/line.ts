import { divideDigits, EXACT_INTEGERS, EXACT_POWERS, HEAD_DIGITS, TAIL_DIGITS } from './decimal.js'

const ESCAPE = 27
const BELL = 7
const SPACE = 32
const TAB = 9
const PLUS = 43
const COMMA = 44
const MINUS = 45
const POINT = 46
const DIGIT_0 = 48
const LETTER_E = 101
const LETTER_I = 105
const LETTER_N = 110

/** A search key as bytes. */
export function key(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}

const NAN = key('nan')
const INF = key('inf')
const INFINITY = key('infinity')
const decoder = new TextDecoder('latin1')
const utf8 = new TextDecoder()

export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57
}

/**
 * One line of a log as bytes, with the few operations that readers need: find a key, read a number after it.
 * Terminal colours (ANSI escapes) are taken out first. The object is reused from line to line.
 */
export class LogLine {
  bytes: Uint8Array = new Uint8Array(0)
  from = 0
  to = 0
  number = 0
  /** The number that `read` found, and the place behind it. */
  value = Number.NaN
  next = 0
  private scratch = new Uint8Array(512)

  set(bytes: Uint8Array, from: number, to: number, number: number, escapes: boolean): void {
    this.bytes = bytes
    this.from = from
    this.to = to
    this.number = number
    if (!escapes) return
    for (let i = from; i < to; i++)
      if (bytes[i] === ESCAPE) {
        this.stripColours()
        return
      }
  }

  /** Drop `ESC [ … letter`, and links and titles: `ESC ] …` up to a bell or `ESC \`. */
  private stripColours(): void {
    const { bytes, to } = this
    if (this.scratch.length < to - this.from) this.scratch = new Uint8Array(2 * (to - this.from))
    const out = this.scratch
    let length = 0
    for (let i = this.from; i < to; i++) {
      if (bytes[i] !== ESCAPE) {
        out[length++] = bytes[i]
        continue
      }
      if (bytes[i + 1] === 93) {
        for (i += 2; i < to && bytes[i] !== BELL && bytes[i] !== ESCAPE; ) i++
        if (bytes[i] === ESCAPE) i++
      } else if (bytes[i + 1] === 91) for (i += 2; i < to && (bytes[i] < 64 || bytes[i] > 126); ) i++
    }
    this.bytes = out
    this.from = 0
    this.to = length
  }

  /** Index just behind the first occurrence of the key at or after `at`, or −1. */
  find(pattern: Uint8Array, at: number = this.from): number {
    const { bytes } = this
    const first = pattern[0]
    const length = pattern.length
    const last = this.to - length
    outer: for (let i = at; i <= last; i++) {
      if (bytes[i] !== first) continue
      for (let k = 1; k < length; k++) if (bytes[i + k] !== pattern[k]) continue outer
      return i + length
    }
    return -1
  }

  /** Whether the key stands at `at`. */
  standsAt(pattern: Uint8Array, at: number): boolean {
    if (at + pattern.length > this.to) return false
    for (let k = 0; k < pattern.length; k++) if (this.bytes[at + k] !== pattern[k]) return false
    return true
  }

  /** Index behind the key if it stands at `at` (leading blanks skipped), or −1. */
  expect(pattern: Uint8Array, at: number = this.from): number {
    const start = this.skipBlanks(at)
    return this.standsAt(pattern, start) ? start + pattern.length : -1
  }

  skipBlanks(at: number): number {
    let i = at
    while (i < this.to && (this.bytes[i] === SPACE || this.bytes[i] === TAB)) i++
    return i
  }

  /**
   * Read a number at `at` (blanks skipped): sets `value` and `next`. `nan`, `inf` and `infinity` in any case count;
   * thousands commas do when three digits follow, unless `grouped` is false. Bit for bit what `Number` gives.
   */
  read(at: number, grouped = true): boolean {
    const { bytes, to } = this
    let i = this.skipBlanks(at)
    if (i >= to) return false
    const start = i
    const sign = bytes[i]
    if (sign === MINUS || sign === PLUS) i++
    if (i >= to) return false
    const c = bytes[i] | 32
    if (c === LETTER_N || c === LETTER_I) return this.readWord(i, sign === MINUS)
    let mantissa = 0
    let digits = 0
    let places = 0
    for (; i < to; i++) {
      const d = bytes[i] - DIGIT_0
      if (d >= 0 && d <= 9) {
        mantissa = mantissa * 10 + d
        digits++
      } else if (!(grouped && d === COMMA - DIGIT_0 && digits > 0 && this.threeDigits(i + 1))) break
    }
    if (i < to && bytes[i] === POINT) {
      const point = i
      for (i++; i < to; i++) {
        const d = bytes[i] - DIGIT_0
        if (d < 0 || d > 9) break
        mantissa = mantissa * 10 + d
      }
      places = i - point - 1
      digits += places
    }
    if (digits === 0) return false
    const end = i
    if (i < to && (bytes[i] | 32) === LETTER_E) {
      i = this.exponentEnd(i)
      if (i > end) places -= this.exponentAt(end + 1, i)
    }
    this.next = i
    let value: number
    if (mantissa < EXACT_INTEGERS && places >= -22 && places <= 22)
      value = places > 0 ? mantissa / EXACT_POWERS[places] : mantissa * EXACT_POWERS[-places]
    else value = this.readLong(start, end, i, places)
    this.value = sign === MINUS ? -value : value
    return true
  }

  /** A number of too many digits for one exact integer; its digits stand in `[start, end)`, its exponent up to `stop`. */
  private readLong(start: number, end: number, stop: number, places: number): number {
    const { bytes } = this
    let head = 0
    let tail = 0
    let digits = 0
    for (let i = start; i < end; i++) {
      const d = bytes[i] - DIGIT_0
      if (d < 0 || d > 9 || (d === 0 && digits === 0)) continue
      digits++
      if (digits <= HEAD_DIGITS) head = head * 10 + d
      else tail = tail * 10 + d
    }
    const tailDigits = digits - HEAD_DIGITS
    if (tailDigits > 0 && tailDigits <= TAIL_DIGITS && places >= 0 && places <= 22)
      return divideDigits(head, tail, tailDigits, places)
    return Math.abs(Number(this.text(start, stop).replaceAll(',', '')))
  }

  private threeDigits(i: number): boolean {
    const { bytes, to } = this
    return (
      i + 2 < to &&
      isDigit(bytes[i]) &&
      isDigit(bytes[i + 1]) &&
      isDigit(bytes[i + 2]) &&
      !(i + 3 < to && isDigit(bytes[i + 3]))
    )
  }

  /** Index behind an exponent whose `e` stands at `at`, or `at` when no digits follow it. */
  private exponentEnd(at: number): number {
    const { bytes, to } = this
    let i = at + 1
    if (bytes[i] === MINUS || bytes[i] === PLUS) i++
    if (i >= to || !isDigit(bytes[i])) return at
    while (i < to && isDigit(bytes[i])) i++
    return i
  }

  private exponentAt(from: number, to: number): number {
    const { bytes } = this
    const signed = bytes[from] === MINUS || bytes[from] === PLUS
    let e = 0
    for (let i = signed ? from + 1 : from; i < to; i++) e = e * 10 + (bytes[i] - DIGIT_0)
    return bytes[from] === MINUS ? -e : e
  }

  private readWord(i: number, negative: boolean): boolean {
    if (this.hasWord(NAN, i)) {
      this.value = Number.NaN
      this.next = i + NAN.length
      return true
    }
    if (!this.hasWord(INF, i)) return false
    this.value = negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    this.next = i + (this.hasWord(INFINITY, i) ? INFINITY.length : INF.length)
    return true
  }

  /** Whether a word in small letters stands at `at`, in whatever case. */
  private hasWord(word: Uint8Array, at: number): boolean {
    if (at + word.length > this.to) return false
    for (let k = 0; k < word.length; k++) if ((this.bytes[at + k] | 32) !== word[k]) return false
    return true
  }

  /** Find the key and read the number behind it. */
  numberAfter(pattern: Uint8Array, at: number = this.from): boolean {
    const start = this.find(pattern, at)
    return start >= 0 && this.read(start)
  }

  /** The line as people read it; `text` has a character a byte instead, whose places are those of the bytes. */
  words(): string {
    return utf8.decode(this.bytes.subarray(this.from, this.to))
  }

  text(from: number = this.from, to: number = this.to): string {
    return decoder.decode(this.bytes.subarray(from, to))
  }
}
