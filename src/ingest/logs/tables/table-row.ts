import { cellsOf } from '../../text/delimited.js'
import { parseNumber } from '../../text/tolerant-json.js'
import type { LogLine } from '../lines/line.js'

const decoder = new TextDecoder('utf-8')
const QUOTE = 34
const SPACE = 32
const TAB = 9
const MINUS = 45
const POINT = 46
const COMMA = 44
const DIGIT_0 = 48
const DIGIT_9 = 57
/** Thousands, in a quoted cell. */
const GROUPED = /^\s*[-+]?\d{1,3}(?:,\d{3})+(?!\d)/
/** A decimal comma, thousands before it by points or not: tables that are cut at semicolons or tabs. */
const DECIMAL_COMMA = /^(\s*[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+)),(\d+(?:e[-+]?\d+)?\s*)$/i
const NOTHING = /^\s*(?:null|none|n\/a|na|-|—)?\s*$/i

export const EMPTY = 0
export const NUMBER = 1
/** A cell that is neither empty nor a number. */
export const BAD = 2
/** A word for nothing: `n/a`, `None`, `-`. */
const NONE = 3

function startsNumber(c: number): boolean {
  return (c >= DIGIT_0 && c <= DIGIT_9) || c === MINUS || c === POINT
}

/**
 * Cells of a table's line, cut by the rules of `delimitedRows` and read in one pass over its bytes. Of the wanted columns
 * `state` tells what was found and `values` the number; the object is reused from line to line.
 */
export class TableRow {
  readonly values: Float64Array
  readonly state: Uint8Array
  /** How many cells the line had. */
  cells = 0
  /** Column of the first cell that should be a number and is none, or −1. */
  bad = -1
  /** Where the cells lie, quotes left out; of a cell that cannot be taken as it stands, all of it. */
  private readonly starts: Int32Array
  private readonly ends: Int32Array
  /** Whether a cell's text is not what lies there: it has quotes in it, or text behind them. */
  private readonly isMixed: Uint8Array
  private readonly width: number
  private readonly delimiter: number

  constructor(
    private readonly wanted: readonly boolean[],
    delimiter: string,
    private readonly stepAt = -1,
  ) {
    this.width = wanted.length
    this.delimiter = delimiter.charCodeAt(0)
    this.values = new Float64Array(this.width)
    this.state = new Uint8Array(this.width)
    this.starts = new Int32Array(this.width)
    this.ends = new Int32Array(this.width)
    this.isMixed = new Uint8Array(this.width)
  }

  read(line: LogLine): void {
    const { to } = line
    const { width, wanted, state } = this
    this.bad = -1
    let at = line.from
    let cell = 0
    for (; ; cell++) {
      const isWanted = cell < width && wanted[cell]
      let end = isWanted ? this.readNumber(line, cell, at) : -1
      if (end < 0) end = this.cutCell(line, cell, at, isWanted)
      if (end >= to) break
      at = end + 1
    }
    this.cells = ++cell
    for (; cell < width; cell++) state[cell] = EMPTY
  }

  /** A cell that is nothing but a number, quoted or not; −1 when it has to be looked at more closely. */
  private readNumber(line: LogLine, cell: number, at: number): number {
    const { bytes, to } = line
    const { delimiter } = this
    if (at >= to || bytes[at] === delimiter) {
      this.state[cell] = EMPTY
      this.isMixed[cell] = 0
      this.starts[cell] = at
      this.ends[cell] = at
      return at
    }
    const quoted = bytes[at] === QUOTE
    const start = quoted ? at + 1 : at
    if (start >= to || !startsNumber(bytes[start]) || !line.read(start, false)) return -1
    let end = line.next
    if (quoted) {
      if (end >= to || bytes[end] !== QUOTE) return -1
      end++
    }
    if (end < to && bytes[end] !== delimiter) return -1
    this.values[cell] = line.value
    this.state[cell] = NUMBER
    this.isMixed[cell] = 0
    this.starts[cell] = start
    this.ends[cell] = line.next
    return end
  }

  /** Cut a cell of any kind and, if it is wanted, see what it holds. @returns where its delimiter stands */
  private cutCell(line: LogLine, cell: number, at: number, isWanted: boolean): number {
    const { bytes, to } = line
    const { delimiter } = this
    let i = at
    while (i < to && bytes[i] !== delimiter && (bytes[i] === SPACE || bytes[i] === TAB)) i++
    let start = at
    let close = -1
    let mixed = false
    if (i < to && bytes[i] === QUOTE) {
      start = ++i
      for (; i < to && (bytes[i] !== QUOTE || (i + 1 < to && bytes[i + 1] === QUOTE)); i++)
        if (bytes[i] === QUOTE) {
          mixed = true
          i++
        }
      // A cell without its closing quote is the last of a log that was cut.
      if (i >= to) mixed = false
      close = Math.min(i++, to)
    }
    for (; i < to && bytes[i] !== delimiter; i++)
      mixed ||= close >= 0 && bytes[i] !== SPACE && bytes[i] !== TAB
    const end = Math.min(i, to)
    if (cell < this.width) {
      this.starts[cell] = mixed ? at : start
      this.ends[cell] = close < 0 || mixed ? end : close
      this.isMixed[cell] = mixed ? 1 : 0
      if (isWanted) this.judgeCell(line, cell)
    }
    return end
  }

  /** A number with a point for its decimals: a step is counted in thousands, anything else may have a decimal comma. */
  private withPoint(text: string, cell: number): string {
    const decimal = this.delimiter === COMMA || cell === this.stepAt ? null : DECIMAL_COMMA.exec(text)
    if (decimal !== null) return `${decimal[1].replaceAll('.', '')}.${decimal[2]}`
    return text.replace(GROUPED, (n) => n.replaceAll(',', ''))
  }

  private judgeCell(line: LogLine, cell: number): void {
    const text = this.text(line, cell)
    const empty = NOTHING.test(text)
    const value = empty ? undefined : parseNumber(this.withPoint(text, cell))
    this.values[cell] = value ?? Number.NaN
    if (value !== undefined) this.state[cell] = NUMBER
    else {
      this.state[cell] = !empty ? BAD : text.trim() === '' ? EMPTY : NONE
      if (!empty && this.bad < 0) this.bad = cell
    }
  }

  /**
   * Whether a cell says that there is nothing: by a word, or in a line that has its step alone; a cell that is empty beside others is none
   * that was due.
   */
  lacks(cell: number): boolean {
    if (this.state[cell] !== EMPTY) return this.state[cell] === NONE
    for (let c = Math.min(this.cells, this.width) - 1; c >= 0; c--)
      if (c !== this.stepAt && this.starts[c] < this.ends[c]) return false
    return true
  }

  /** What a cell of this line says; the line must have it. */
  text(line: LogLine, cell: number): string {
    const text = decoder.decode(line.bytes.subarray(this.starts[cell], this.ends[cell]))
    if (this.isMixed[cell] === 0) return text
    return cellsOf(text, String.fromCharCode(this.delimiter))[0]
  }
}
