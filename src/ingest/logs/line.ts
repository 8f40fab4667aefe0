const ESCAPE = 27
const SPACE = 32
const TAB = 9

/** A search key as bytes. */
export function key(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}

const POWERS = Float64Array.from({ length: 23 }, (_, i) => 10 ** i)
const EXACT = 2 ** 53
const decoder = new TextDecoder('latin1')

function isDigit(c: number): boolean {
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

  /** Drop `ESC [ … letter`. */
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
      if (bytes[i + 1] === 91) for (i += 2; i < to && (bytes[i] < 64 || bytes[i] > 126); ) i++
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

  /** Index behind the key if it stands at `at` (leading blanks skipped), or −1. */
  expect(pattern: Uint8Array, at: number = this.from): number {
    const start = this.skipBlanks(at)
    if (start + pattern.length > this.to) return -1
    for (let k = 0; k < pattern.length; k++) if (this.bytes[start + k] !== pattern[k]) return -1
    return start + pattern.length
  }

  skipBlanks(at: number): number {
    let i = at
    while (i < this.to && (this.bytes[i] === SPACE || this.bytes[i] === TAB)) i++
    return i
  }

  /**
   * Read a number at `at` (blanks skipped): sets `value` and `next`. `nan`, `inf` and `infinity` in any case count;
   * thousands commas do when three digits follow. Exact as JavaScript's own parser for up to 15 digits.
   */
  read(at: number): boolean {
    const { bytes, to } = this
    let i = this.skipBlanks(at)
    const start = i
    let negative = false
    if (bytes[i] === 45 || bytes[i] === 43) {
      negative = bytes[i] === 45
      i++
    }
    if (i >= to) return false
    const c = bytes[i] | 32
    if (c === 110 || c === 105) return this.readWord(i, negative)
    let mantissa = 0
    let digits = 0
    let scale = 0
    for (; i < to; i++) {
      const d = bytes[i]
      if (isDigit(d)) {
        mantissa = mantissa * 10 + (d - 48)
        digits++
      } else if (!(d === 44 && digits > 0 && this.threeDigits(i + 1))) break
    }
    if (i < to && bytes[i] === 46)
      for (i++; i < to && isDigit(bytes[i]); i++) {
        mantissa = mantissa * 10 + (bytes[i] - 48)
        scale--
        digits++
      }
    if (digits === 0) return false
    if (i < to && (bytes[i] | 32) === 101) i = this.readExponent(i, (e) => (scale += e))
    this.next = i
    if (mantissa < EXACT && scale >= -22 && scale <= 22)
      this.value = scale < 0 ? mantissa / POWERS[-scale] : mantissa * POWERS[scale]
    else this.value = Math.abs(Number(this.text(start, i).replaceAll(',', '')))
    if (negative) this.value = -this.value
    return true
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

  private readExponent(at: number, add: (e: number) => void): number {
    const { bytes, to } = this
    let i = at + 1
    const minus = bytes[i] === 45
    if (minus || bytes[i] === 43) i++
    if (i >= to || !isDigit(bytes[i])) return at
    let e = 0
    for (; i < to && isDigit(bytes[i]); i++) e = e * 10 + (bytes[i] - 48)
    add(minus ? -e : e)
    return i
  }

  private readWord(i: number, negative: boolean): boolean {
    const word = this.text(i, Math.min(this.to, i + 8)).toLowerCase()
    const found = word.startsWith('infinity') ? 8 : word.startsWith('nan') || word.startsWith('inf') ? 3 : 0
    if (found === 0) return false
    const infinite = word.startsWith('inf')
    this.value = infinite ? (negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number.NaN
    this.next = i + found
    return true
  }

  /** Find the key and read the number behind it. */
  numberAfter(pattern: Uint8Array, at: number = this.from): boolean {
    const start = this.find(pattern, at)
    return start >= 0 && this.read(start)
  }

  text(from: number = this.from, to: number = this.to): string {
    return decoder.decode(this.bytes.subarray(from, to))
  }
}
