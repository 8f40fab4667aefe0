import { isDigit, type LogLine } from './line.js'

const decoder = new TextDecoder('latin1')
const SPACE = 32
const TAB = 9
const PLUS = 43
const MINUS = 45
const POINT = 46
const UNDERSCORE = 95

/** A number in a line: where it stands, its value. */
export interface NumberToken {
  readonly from: number
  readonly to: number
  readonly value: number
}

function isWord(c: number): boolean {
  const lower = c | 32
  return (lower >= 97 && lower <= 122) || isDigit(c) || c === UNDERSCORE
}

function isBlank(c: number): boolean {
  return c === SPACE || c === TAB
}

/** Whether a number may begin at `i`: not inside a word, a sign only where it is no dash between words. */
function mayBegin(line: LogLine, i: number): boolean {
  const { bytes, from, to } = line
  if (i > from && isWord(bytes[i - 1])) return false
  const c = bytes[i]
  if (isDigit(c)) return true
  const next = i + 1 < to ? bytes[i + 1] : SPACE
  if (c === MINUS || c === PLUS)
    return isDigit(next) || next === POINT || (next | 32) === 105 || (next | 32) === 110
  if (c === POINT) return isDigit(next) && (i === from || bytes[i - 1] !== POINT)
  const lower = c | 32
  return lower === 110 || lower === 105
}

/** All numbers of a line, `nan` and `inf` as whole words among them. */
export function numbersIn(line: LogLine): NumberToken[] {
  const { to } = line
  const found: NumberToken[] = []
  for (let i = line.from; i < to; i++) {
    if (!mayBegin(line, i) || !line.read(i)) continue
    const isName = !isDigit(line.bytes[line.next - 1]) && line.bytes[line.next - 1] !== POINT
    if (isName && line.next < to && isWord(line.bytes[line.next])) continue
    found.push({ from: i, to: line.next, value: line.value })
    i = line.next - 1
  }
  return found
}

/** Bytes with every run of blanks as one, none at the end: a number is read past the blanks before it. */
function withSingleBlanks(bytes: Uint8Array): Uint8Array {
  const out: number[] = []
  for (const c of bytes)
    if (!isBlank(c)) out.push(c)
    else if (out.at(-1) !== SPACE) out.push(SPACE)
  if (out.at(-1) === SPACE) out.pop()
  return Uint8Array.from(out)
}

/**
 * What stands between the numbers of a line. Logs print thousands of lines of one shape: a line that has the shape of
 * an earlier one is read by going along it, without looking for keys again. Runs of blanks may be longer or shorter.
 */
export class LineShape {
  readonly values: Float64Array
  private readonly literals: readonly Uint8Array[]

  constructor(line: LogLine, tokens: readonly NumberToken[]) {
    this.values = Float64Array.from(tokens, (t) => t.value)
    const starts = [line.from, ...tokens.map((t) => t.to)]
    const ends = [...tokens.map((t) => t.from), line.to]
    this.literals = starts.map((from, i) => withSingleBlanks(line.bytes.slice(from, ends[i])))
  }

  /** What stands before each number and behind the last, runs of blanks as one and none at the end. */
  get labels(): readonly string[] {
    return this.literals.map((literal) => decoder.decode(literal))
  }

  /** Read a line's numbers into `values`, if it has this shape. */
  matches(line: LogLine): boolean {
    const { literals, values } = this
    let at = line.from
    for (let k = 0; ; k++) {
      at = this.pass(line, at, literals[k])
      if (at < 0) return false
      if (k === values.length) return line.skipBlanks(at) === line.to
      if (!line.read(at)) return false
      values[k] = line.value
      at = line.next
    }
  }

  /** Index behind a literal that stands at `at`, or −1. */
  private pass(line: LogLine, at: number, literal: Uint8Array): number {
    const { bytes, to } = line
    let i = at
    for (let k = 0; k < literal.length; k++) {
      if (i >= to) return -1
      const c = literal[k]
      if (c === SPACE) {
        if (!isBlank(bytes[i])) return -1
        i = line.skipBlanks(i + 1)
      } else if (bytes[i++] !== c) return -1
    }
    return i
  }
}
