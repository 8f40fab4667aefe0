import type { LogSource } from '../../../core/index.js'
import { headerRow } from '../../text/delimited.js'
import { parseNumber } from '../../text/tolerant-json.js'
import { raise } from '../errors.js'
import { type Header, headerOf, namesLosses } from './table-header.js'

/** Lines that are looked at: one row of numbers could be chance. */
const LINES = 5

interface Width {
  readonly delimiter: string
  readonly columns: number
}

/** Delimiter and width of a table that begins with numbers where its column names should be; undefined for all else. */
export function headlessTable(source: LogSource): Width | undefined {
  const lines = new TextDecoder('utf-8')
    .decode(source.head)
    .split(/\r\n|\n|\r/)
    .filter((l) => l.trim() !== '' && !l.startsWith('#'))
    .slice(0, LINES)
  const rows = lines.map(headerRow).filter((row) => row !== undefined)
  const [first] = rows
  if (first === undefined || first.cells.length < 2) return undefined
  const isTable = rows.every(
    ({ delimiter, cells }, i) =>
      delimiter === first.delimiter &&
      (cells.length === first.cells.length || i === rows.length - 1) &&
      cells.every((c) => c === '' || parseNumber(c) !== undefined) &&
      cells.some((c) => c !== ''),
  )
  return isTable ? { delimiter: first.delimiter, columns: first.cells.length } : undefined
}

/**
 * Column names for a rotated piece of a table, taken from the pieces that were given with it.
 * @throws logs/no-header when none has as many columns, or several have and name them differently
 */
export function adoptHeader(path: string, width: Width, others: readonly LogSource[]): Header {
  const headers = others
    .map(headerOf)
    .filter((h): h is Header => h !== undefined && namesLosses(h.names))
    .filter((h) => h.delimiter === width.delimiter && h.names.length === width.columns)
  const names = new Set(headers.map((h) => h.names.join('\n')))
  const [first] = headers
  if (names.size === 1) return { ...first, line: 0 }
  throw raise(
    'no-header',
    names.size === 0
      ? `line 1 holds ${width.columns} numbers, and no other file given names ${width.columns} columns`
      : `line 1 holds ${width.columns} numbers, and ${names.size} other files name ${width.columns} columns differently`,
    { path, line: 1 },
  )
}
