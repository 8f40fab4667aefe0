import type { Place } from '../../core/index.js'
import { raise } from './errors.js'

/** A row as text cells, with the line that it begins on, from 1. */
export interface TextRow {
  readonly line: number
  readonly cells: readonly string[]
}

/**
 * Split delimited text (RFC 4180: quoted cells may hold the delimiter, line ends and doubled quotes).
 * `\n` and `\r\n` end a row; blank lines and lines that begin with `#` before the first row are left out.
 */
export function splitDelimited(text: string, delimiter: string, path: string): TextRow[] {
  const rows: TextRow[] = []
  let line = 1
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    const start = line
    const cells: string[] = []
    for (;;) {
      let cell: string
      if (text[at] === '"') {
        const quoted = readQuoted(text, at, { path, line })
        cell = quoted.cell
        line += quoted.newlines
        at = quoted.end
        // A quote that closes before the cell ends was part of the text: `"A" side`.
        const rest = endOfCell(text, at, delimiter)
        cell += text.slice(at, rest)
        at = rest
      } else {
        const end = endOfCell(text, at, delimiter)
        cell = text.slice(at, end)
        at = end
      }
      cells.push(cell.endsWith('\r') ? cell.slice(0, -1) : cell)
      if (text[at] !== delimiter) break
      at++
    }
    at++
    line++
    const blank = cells.length === 1 && cells[0].trim() === ''
    const comment = rows.length === 0 && cells[0].startsWith('#')
    if (!blank && !comment) rows.push({ line: start, cells })
  }
  return rows
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let end = from
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++
  return end
}

function readQuoted(
  text: string,
  from: number,
  place: Place,
): { cell: string; end: number; newlines: number } {
  let cell = ''
  let newlines = 0
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\n') newlines++
    if (text[at] !== '"') cell += text[at]
    else if (text[at + 1] === '"') {
      cell += '"'
      at++
    } else return { cell, end: at + 1, newlines }
  }
  throw raise('malformed', 'a quoted cell begins here and never ends', place)
}
