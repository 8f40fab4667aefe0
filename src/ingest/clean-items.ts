import {
  type AskedItem,
  type AssayError,
  type CleanItems,
  cleanItems,
  counted,
  type ItemInCorpus,
} from '../core/index.js'
import { raiseItems } from './items/errors.js'
import { FieldReader } from './records/fields.js'
import { readRecords } from './records/read-records.js'

/**
 * The table of `assay corpus contamination`: item_id, clean and, where it names them, task. An empty `clean` is an item too
 * short to decide.
 *
 * @throws {AssayError} table/…; a row that tells otherwise of an item than one before it is a fault of its line
 */
export async function readItemsInCorpus(path: string): Promise<ItemInCorpus[]> {
  const records = await readRecords(path)
  const fields = new FieldReader(records, {})
  fields.require('item_id', 'clean')
  const told = new Map<string, ItemInCorpus & { readonly line: number }>()
  for (const row of records.rows) {
    const [task, item_id] = [fields.textOr(row, 'task', ''), fields.text(row, 'item_id')]
    const clean = fields.textOr(row, 'clean', '') === '' ? null : Number(fields.flag(row, 'clean'))
    const key = `${task}\u0000${item_id}`
    const before = told.get(key)
    if (before !== undefined && before.clean !== clean)
      fields.fault(row, 'clean', `the item is told otherwise at line ${before.line}`)
    told.set(key, { task, item_id, clean, line: row.line })
  }
  fields.finish()
  return [...told.values()].map(({ line: _, ...item }) => item)
}

/** What a table tells of the items that were asked for. */
export type KnownItems = CleanItems & { readonly rows: readonly ItemInCorpus[] }

/**
 * The same, for figures of items that are known later: a table that cannot be read is told before anything is measured.
 *
 * @returns what it tells of the items asked for; throws items/not-looked-up where that is nothing
 * @throws {AssayError} as {@link readItemsInCorpus}
 */
export async function readCleanItems(path: string): Promise<(asked: readonly AskedItem[]) => KnownItems> {
  const rows = await readItemsInCorpus(path)
  const known = cleanItems(rows)
  return (asked) => {
    if (!known.hasAny(asked))
      throw notLookedUp(
        path,
        rows.map(({ task, item_id }) => [task, item_id]),
        asked,
      )
    return { ...known, rows }
  }
}

const MOST_NAMED = 5

/** `arc, law (as q1)`: of what tasks, test sets or domains some items are, and one of them. */
function named(items: readonly AskedItem[]): string {
  const tasks = [...new Set(items.map(([task]) => task ?? ''))].filter((task) => task !== '')
  const more = tasks.length > MOST_NAMED ? ', …' : ''
  return `${tasks.slice(0, MOST_NAMED).join(', ')}${more} (as ${items[0]?.[1]})`.trim()
}

/** A table that tells of nothing that was measured. */
export function notLookedUp(
  path: string,
  told: readonly AskedItem[],
  measured: readonly AskedItem[],
): AssayError {
  const table = named(told)
  return raiseItems(
    'not-looked-up',
    `the table tells of ${counted(told.length, 'item')}${table.startsWith('(') ? '' : ' of'} ${table}; what is measured is called ${named(measured)}`,
    { path, field: table.startsWith('(') ? 'item_id' : 'task' },
  )
}
