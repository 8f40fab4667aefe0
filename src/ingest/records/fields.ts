import { furtherFaults, type Place } from '../../core/index.js'
import { quantity } from '../evaluations/row.js'
import { raise } from './errors.js'
import type { RecordRow, Records } from './read-records.js'

/** More bad rows than this are counted, not listed. */
const MAX_LISTED = 20

/** The file's column of a field; a name given for another table of the same command leaves this one as it is. */
export function columnOf(
  { columns }: Pick<Records, 'columns'>,
  names: Readonly<Record<string, string>>,
  field: string,
): string {
  const named = names[field]
  if (named === undefined) return field
  return columns.includes(named) || !columns.includes(field) ? named : field
}

/** Reads named fields of every row, collecting faults so that all bad rows are told at once. */
export class FieldReader {
  readonly #records: Records
  readonly #columns: Readonly<Record<string, string>>
  readonly #faults: { place: Place; message: string }[] = []

  /** @param columns our field → the file's column, where they differ (`--columns params=num_parameters`) */
  constructor(records: Records, columns: Readonly<Record<string, string>>) {
    this.#records = records
    this.#columns = columns
    if (records.rows.length === 0) throw raise('empty', 'there is no row', { path: records.path })
  }

  columnOf(field: string): string {
    return columnOf(this.#records, this.#columns, field)
  }

  has(field: string): boolean {
    return this.#records.columns.includes(this.columnOf(field))
  }

  require(...fields: readonly string[]): void {
    const missing = fields.filter((field) => !this.has(field))
    if (missing.length === 0) return
    throw raise(
      'missing-column',
      `missing ${missing.map((f) => `"${this.columnOf(f)}"`).join(', ')}; the table has ${this.#records.columns.map((c) => `"${c}"`).join(', ')}`,
      { path: this.#records.path },
    )
  }

  #fault(row: RecordRow, field: string, message: string): void {
    const { path } = this.#records
    this.#faults.push({ place: { path, line: row.line, field: this.columnOf(field) }, message })
  }

  text(row: RecordRow, field: string): string {
    const value = row.get(this.columnOf(field))
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
    this.#fault(row, field, `found ${JSON.stringify(value) ?? 'nothing'}, expected text`)
    return ''
  }

  /** Text, or a stand-in where the column or the cell is missing. */
  textOr(row: RecordRow, field: string, otherwise: string): string {
    const value = row.get(this.columnOf(field))
    return value === undefined || value === null ? otherwise : String(value)
  }

  /** A finite number (`7e9`, `7B`) that `accepts`, described by `expected`. */
  number(row: RecordRow, field: string, accepts: (value: number) => boolean, expected: string): number {
    const cell = row.get(this.columnOf(field))
    const value = typeof cell === 'string' ? quantity(cell) : cell
    if (typeof value === 'number' && Number.isFinite(value) && accepts(value)) return value
    this.#fault(row, field, `found ${JSON.stringify(cell) ?? 'nothing'}, expected ${expected}`)
    return Number.NaN
  }

  /** Yes or no: 1 and 0, true and false; an empty cell is no. */
  flag(row: RecordRow, field: string): boolean {
    const cell = row.get(this.columnOf(field))
    const text = String(cell ?? '')
      .trim()
      .toLowerCase()
    if (['1', 'true', 'yes'].includes(text)) return true
    if (!['0', 'false', 'no', ''].includes(text))
      this.#fault(row, field, `found ${JSON.stringify(cell)}, expected 1 or 0`)
    return false
  }

  /** A number, or null where the column or the cell is missing or empty. */
  numberOrNull(row: RecordRow, field: string): number | null {
    const cell = row.get(this.columnOf(field))
    if (cell === undefined || cell === null || cell === '') return null
    return this.number(row, field, () => true, 'a number or nothing')
  }

  fault(row: RecordRow, field: string, message: string): void {
    this.#fault(row, field, message)
  }

  /** @throws {AssayError} table/bad-value naming every bad row up to a cap */
  finish(): void {
    const [first, ...rest] = this.#faults
    if (first === undefined) return
    throw raise('bad-value', `${first.message}${furtherFaults(rest, MAX_LISTED)}`, first.place)
  }
}
