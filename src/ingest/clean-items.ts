import { raiseItems } from './items/errors.js'
import { FieldReader } from './records/fields.js'
import { readRecords } from './records/read-records.js'

/** What a corpus holds of some items: of those asked for, which are clean. */
export interface CleanItems {
  isClean(task: string, item: string): boolean
  /** Of some items, how many stand in the corpus, and of how many nothing is known. */
  count(asked: Iterable<readonly [task: string, item: string]>): { contaminated: number; unknown: number }
}

/**
 * The table of `assay corpus contamination`: item_id, clean and, where it names them, task. An empty `clean` is an item too
 * short to decide, which counts as not clean and not contaminated.
 *
 * @param asked the items that figures are given for
 * @throws {AssayError} table/…; items/other-items where it tells of none of them
 */
export async function readCleanItems(
  path: string,
  asked: Iterable<readonly [task: string, item: string]>,
): Promise<CleanItems> {
  const records = await readRecords(path)
  const fields = new FieldReader(records, {})
  fields.require('item_id', 'clean')
  const keyOf = (task: string, item: string): string => `${task}\u0000${item}`
  const told = new Map<string, { readonly clean: boolean | undefined; readonly line: number }>()
  for (const row of records.rows) {
    const key = keyOf(fields.textOr(row, 'task', ''), fields.text(row, 'item_id'))
    const clean = fields.textOr(row, 'clean', '') === '' ? undefined : fields.flag(row, 'clean')
    const before = told.get(key)
    if (before !== undefined && before.clean !== clean)
      fields.fault(row, 'clean', `the item is told otherwise at line ${before.line}`)
    told.set(key, { clean, line: row.line })
  }
  fields.finish()
  // A passage of a longer document is `name#2`.
  const find = (task: string, item: string) => {
    const whole = item.replace(/#\d+$/, '')
    return [keyOf(task, item), keyOf(task, whole), keyOf('', item), keyOf('', whole)]
      .map((key) => told.get(key))
      .find((entry) => entry !== undefined)
  }
  const all = [...asked]
  if (!all.some(([task, item]) => find(task, item) !== undefined))
    throw raiseItems(
      'other-items',
      `none of its ${records.rows.length} items is among those measured, whose tasks are ${[...new Set(all.map(([task]) => task))].join(', ')}`,
      { path, field: 'item_id' },
    )
  return {
    isClean: (task, item) => find(task, item)?.clean === true,
    count(some) {
      let [contaminated, unknown] = [0, 0]
      for (const [task, item] of some) {
        const clean = find(task, item)?.clean
        if (clean === false) contaminated++
        else if (clean === undefined) unknown++
      }
      return { contaminated, unknown }
    },
  }
}
