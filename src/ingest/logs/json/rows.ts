import type { LogReaderOptions, LogSource } from '../../../core/index.js'
import { asObject, type Json } from '../../text/tolerant-json.js'
import { raise } from '../errors.js'
import { chooseColumns } from '../names/column-names.js'

/** A row of named values, nested ones as `outer/inner`. */
export type JsonRow = Record<string, Json>

/** Members with nested ones as `outer/inner`, two levels deep. */
export function flatten(row: { [name: string]: Json }, prefix = '', out: JsonRow = {}): JsonRow {
  for (const [name, value] of Object.entries(row)) {
    const inner = prefix === '' ? asObject(value) : undefined
    if (inner === undefined) out[prefix + name] = value
    else flatten(inner, `${name}/`, out)
  }
  return out
}

/** How many of the rows have each name. */
export function countsOf(rows: readonly JsonRow[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) for (const name in row) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** @throws logs/no-column for a chosen column that no row has */
export function checkColumns(
  counts: ReadonlyMap<string, number>,
  source: LogSource,
  options: LogReaderOptions,
): void {
  for (const column of Object.values(options.columns))
    if (!counts.has(column))
      throw raise(
        'no-column',
        `"${column}" is none of ${[...counts.keys()].map((n) => `"${n}"`).join(', ')}`,
        {
          path: source.path,
        },
      )
}

export function looksLikeLosses(rows: readonly JsonRow[], options: LogReaderOptions): boolean {
  const columns = chooseColumns([...countsOf(rows).keys()], options.columns)
  return columns.has('loss') || columns.has('validationLoss')
}
