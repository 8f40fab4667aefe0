import { counted } from '../../core/index.js'

/** A row as text cells, with the line that it begins on, from 1. */
export interface TextRow {
  readonly line: number
  readonly cells: readonly string[]
}

/** A quoted cell that begins on `line` and does not end: what follows cannot be told apart from it. */
export class UnclosedQuote extends Error {
  constructor(readonly line: number) {
    super('a quoted cell begins here and never ends')
  }
}

const DELIMITERS: readonly string[] = [',', '\t', ';']

function endOfCell(text: string, from: number, delimiter: string): number {
  let end = from
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++
  return end
}

function skipBlanks(text: string, from: number, delimiter: string): number {
  let at = from
  while (at < text.length && text[at] !== delimiter && (text[at] === ' ' || text[at] === '\t')) at++
  return at
}

/** Index of the quote that closes a cell whose text begins at `from`, or −1. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at
  return -1
}

function newlinesIn(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** The cells of the row that begins at `from`, where it ends, and how many line ends stand within. */
function rowAt(
  text: string,
  from: number,
  delimiter: string,
  line: number,
): { cells: string[]; end: number; newlines: number } {
  const cells: string[] = []
  let newlines = 0
  for (let at = from; ; at++) {
    const first = skipBlanks(text, at, delimiter)
    let cell = ''
    if (text[first] === '"') {
      const close = closingQuote(text, first + 1)
      if (close < 0) throw new UnclosedQuote(line + newlines)
      newlines += newlinesIn(text, first, close)
      cell = text.slice(first + 1, close).replaceAll('""', '"')
      at = close + 1
    }
    const end = endOfCell(text, at, delimiter)
    const rest = text.slice(at, end)
    cells.push(text[first] === '"' && rest.trim() === '' ? cell : cell + rest)
    at = end
    if (text[at] !== delimiter) return { cells, end: at, newlines }
  }
}

/**
 * The cells of one row.
 * @throws {UnclosedQuote} when a quoted cell does not end
 */
export function cellsOf(row: string, delimiter: string): string[] {
  return rowAt(row, 0, delimiter, 1).cells
}

/**
 * The rows of delimited text by RFC 4180, blank ones left out, and what the standard leaves open:
 *
 * - `\n`, `\r\n` and a lone `\r` end a row; `\n` alone counts as a line.
 * - A cell is quoted when a quote is the first thing in it that is no blank. Between its quotes everything stands for
 *   itself, line ends too, and `""` is a quote. Blanks around the quotes are no part of the cell; other text behind them
 *   is (`"A" side` is `A side`).
 * - Any other cell is what stands there, blanks and quotes included.
 * - Lines above the first row that begin with `#` are comments.
 *
 * {@link eachRecord} and the table rows of logs read bytes by the same rules.
 *
 * @throws {UnclosedQuote} when a quoted cell does not end
 */
export function* delimitedRows(text: string, delimiter: string): Generator<TextRow> {
  let line = 1
  let isAbove = true
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at++) {
    if (isAbove && text[at] === '#') {
      at = text.indexOf('\n', at)
      if (at < 0) return
      line++
      continue
    }
    const { cells, end, newlines } = rowAt(text, at, delimiter, line)
    const start = line
    line += newlines
    at = text[end] === '\r' && text[end + 1] === '\n' ? end + 1 : end
    if (text[at] === '\n') line++
    if (cells.length === 1 && cells[0].trim() === '') continue
    isAbove = false
    yield { line: start, cells }
  }
}

/** A table's first row, cut at the delimiter that gives most cells: its column names. */
interface HeaderRow extends TextRow {
  readonly delimiter: string
}

function firstRow(text: string, delimiter: string): TextRow | undefined {
  try {
    return delimitedRows(text, delimiter).next().value ?? undefined
  } catch (error) {
    if (error instanceof UnclosedQuote) return undefined
    throw error
  }
}

/** Column names of a comma-, tab- or semicolon-separated text; undefined where no such row can be read. */
export function headerRow(text: string): HeaderRow | undefined {
  let best: HeaderRow | undefined
  for (const delimiter of DELIMITERS) {
    const row = firstRow(text, delimiter)
    if (row !== undefined && row.cells.length > (best?.cells.length ?? 0))
      best = { line: row.line, cells: row.cells.map((c) => c.trim()), delimiter }
  }
  return best
}

/** A table with one header row: every row has a cell for every column. */
export interface DelimitedTable {
  readonly columns: readonly string[]
  readonly delimiter: string
  readonly rows: readonly { readonly line: number; get(column: string): string | undefined }[]
}

/**
 * Delimited text as a table; without a header, one without columns.
 * @param fault makes the error for a row that has too many or too few cells, or a quote that does not close
 */
export function delimitedTable(
  text: string,
  fault: (message: string, line: number) => Error,
): DelimitedTable {
  const header = headerRow(text)
  const columns = header?.cells ?? []
  const position = new Map(columns.map((c, i) => [c, i]))
  const rows: DelimitedTable['rows'][number][] = []
  try {
    for (const { line, cells } of delimitedRows(text, header?.delimiter ?? ',')) {
      if (line <= (header?.line ?? 0)) continue
      if (cells.length !== columns.length)
        throw fault(`found ${counted(cells.length, 'cell')}, expected ${columns.length}`, line)
      rows.push({ line, get: (column) => cells[position.get(column) ?? -1] })
    }
  } catch (error) {
    throw error instanceof UnclosedQuote ? fault(error.message, error.line) : error
  }
  return { columns, rows, delimiter: header?.delimiter ?? ',' }
}
