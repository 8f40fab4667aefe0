import { UnclosedQuote } from './delimited.js'
import { Cutter, Held, type LineCallback, withoutMark } from './lines.js'

const QUOTE = 34
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const TAB = 9
const ESCAPE = 27
const HASH = 35
/** A quoted cell longer than this is one that was never closed. */
const LONGEST = 1 << 20

/** Cuts bytes into records: a line end between the quotes of a cell ends none. */
class RecordCutter extends Cutter {
  /** The line on which a cell opened whose quote is still to come; 0 for none. */
  open = 0
  private isAbove = true

  constructor(
    each: LineCallback,
    private readonly delimiter: number,
    /** Whether lines that begin with `#` are comments below the first row, too. */
    private readonly hasComments: boolean,
  ) {
    super(each)
  }

  override cut(bytes: Uint8Array, start: number): number {
    this.open = 0
    if (bytes.indexOf(QUOTE, start) >= 0) return this.withQuotes(bytes, start)
    const end = super.cut(bytes, start)
    // Comments fill no chunk of their own.
    if (end > start) this.isAbove = false
    return end
  }

  private withQuotes(bytes: Uint8Array, start: number): number {
    const { each, delimiter } = this
    const { length } = bytes
    const escapes = bytes.indexOf(ESCAPE, start) >= 0
    let from = start
    let lines = 0
    let i = start
    for (;;) {
      let c = bytes[i]
      const isComment = i === from && c === HASH && (this.hasComments || this.isAbove)
      while ((c === SPACE || c === TAB) && c !== delimiter) c = bytes[++i]
      if (c === QUOTE) {
        const opened = lines
        for (i++; i < length && (bytes[i] !== QUOTE || bytes[i + 1] === QUOTE); i++)
          if (bytes[i] === NEWLINE) lines++
          else if (bytes[i] === QUOTE) i++
        if (i >= length) {
          this.open = this.number + opened
          return from
        }
        i++
      }
      while (
        i < length &&
        (bytes[i] !== delimiter || isComment) &&
        bytes[i] !== NEWLINE &&
        bytes[i] !== RETURN
      )
        i++
      if (i >= length) return from
      if (bytes[i] !== delimiter) {
        if (i > from) each(bytes, from, i, this.number, escapes, false)
        if (i > from && !isComment) this.isAbove = false
        this.number += bytes[i] === NEWLINE ? lines + 1 : lines
        lines = 0
        from = i + 1
      }
      i++
    }
  }
}

/**
 * Cuts delimited text that comes in chunks into records, as `eachLine` cuts lines; a record's number is that of its first
 * line. By the rules of `delimitedRows`.
 */
export class RecordReader {
  private readonly cutter: RecordCutter
  private readonly held = new Held()
  private isFirst = true

  /**
   * @param delimiter   as a byte
   * @param hasComments whether lines that begin with `#` are comments below the first row, too
   */
  constructor(
    delimiter: number,
    private readonly each: LineCallback,
    hasComments = false,
  ) {
    this.cutter = new RecordCutter(each, delimiter, hasComments)
  }

  /** @throws {UnclosedQuote} when a quoted cell is longer than any should be */
  add(chunk: Uint8Array): void {
    const { held, cutter } = this
    held.append(chunk)
    if (this.isFirst && held.length < 3) return
    this.cut()
    if (cutter.open > 0 && held.length > LONGEST) throw new UnclosedQuote(cutter.open)
  }

  /**
   * @returns what `eachLine` returns; a last record that ends between quotes, on its first line, counts as cut
   * @throws {UnclosedQuote} when a quoted cell goes on over the end of its line and never ends
   */
  end(): { lines: number; unterminated: boolean } {
    if (this.isFirst) this.cut()
    const { cutter } = this
    const rest = this.held.all
    const unterminated = rest.length > 0
    if (!unterminated) return { lines: cutter.number - 1, unterminated }
    if (cutter.open > 0 && rest.includes(NEWLINE)) throw new UnclosedQuote(cutter.open)
    this.each(rest, 0, rest.length, cutter.number, true, true)
    return { lines: cutter.number + newlines(rest), unterminated }
  }

  private cut(): void {
    const { held } = this
    held.keep(this.cutter.cut(held.all, this.isFirst ? withoutMark(held.all) : 0))
    this.isFirst = false
  }
}

/** The records of a log, see {@link RecordReader}; comments may stand anywhere. */
export async function eachRecord(
  stream: AsyncIterable<Uint8Array>,
  delimiter: number,
  each: LineCallback,
  onChunk?: (bytes: number) => void,
): Promise<{ lines: number; unterminated: boolean }> {
  const reader = new RecordReader(delimiter, each, true)
  let bytesBefore = 0
  for await (const piece of stream) {
    // One kind of array for all that reads them: a Buffer is another to the engine, and twice as slow beside it.
    const chunk = new Uint8Array(piece.buffer, piece.byteOffset, piece.length)
    onChunk?.(bytesBefore)
    bytesBefore += chunk.length
    reader.add(chunk)
  }
  return reader.end()
}

function newlines(bytes: Uint8Array): number {
  let count = 0
  for (const c of bytes) if (c === NEWLINE) count++
  return count
}
