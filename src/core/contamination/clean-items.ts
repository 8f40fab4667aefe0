import type { ItemInCorpus } from '../evidence/index.js'

/** Names an item; facts have no task, since theirs are relations and the table's are files: null. */
export type AskedItem = readonly [task: string | null, item: string]

/** What a corpus holds of some items: of those asked for, which are clean. */
export interface CleanItems {
  isClean(task: string | null, item: string): boolean
  /** Whether the table has a row of any of these. */
  hasAny(asked: Iterable<AskedItem>): boolean
  /** Whether some of these stand in the corpus and none is known not to, all having been looked up: a figure of them tells nothing of what was not read. */
  isAllRead(asked: Iterable<AskedItem>): boolean
  /** Of some items, how many stand in the corpus, and of how many nothing is known. */
  count(asked: Iterable<AskedItem>): { readonly contaminated: number; readonly unknown: number }
}

const keyOf = (task: string, item: string): string => `${task}\u0000${item}`

/** What two rows tell of one item: it stands in the corpus by either, or is clean by both. */
function bothOf(a: number | null, b: number | null): number | null {
  if (a === 0 || b === 0) return 0
  return a === null || b === null ? null : 1
}

/** Look items up in what a table tells of them; what it does not tell is not clean, and not contaminated. */
export function cleanItems(rows: readonly ItemInCorpus[]): CleanItems {
  const told = new Map<string, number | null>()
  const byItem = new Map<string, number | null>()
  for (const { task, item_id, clean } of rows) {
    for (const [into, key] of [
      [told, keyOf(task, item_id)],
      [byItem, item_id],
    ] as const) {
      const before = into.get(key)
      into.set(key, before === undefined ? clean : bothOf(before, clean))
    }
  }
  const find = (task: string | null, item: string): number | null | undefined => {
    // A passage of a longer document is `name#2`.
    const whole = item.replace(/#\d+$/, '')
    if (task === null) return byItem.get(byItem.has(item) ? item : whole)
    return [keyOf(task, item), keyOf(task, whole), keyOf('', item), keyOf('', whole)]
      .map((key) => told.get(key))
      .find((clean) => clean !== undefined)
  }
  return {
    isClean: (task, item) => find(task, item) === 1,
    hasAny: (asked) => [...asked].some(([task, item]) => find(task, item) !== undefined),
    isAllRead(asked) {
      const found = [...asked].map(([task, item]) => find(task, item))
      return found.includes(0) && !found.includes(1) && !found.includes(undefined)
    },
    count(asked) {
      let [contaminated, unknown] = [0, 0]
      for (const [task, item] of asked) {
        const clean = find(task, item)
        if (clean === 0) contaminated++
        else if (clean !== 1) unknown++
      }
      return { contaminated, unknown }
    },
  }
}

/**
 * Tables of several corpora as one: an item is clean where it is clean of all of them, and stands in the corpus where it stands in one.
 * One that a table does not name was not looked up in that corpus, which may hold it: it is neither. (Tables of other items of the same
 * corpus cannot be told from those, so such tables have to be joined before.)
 */
export function acrossCorpora(tables: readonly (readonly ItemInCorpus[])[]): {
  readonly items: readonly ItemInCorpus[]
  /** Items that are unknown because a table does not name them. */
  readonly missing: number
} {
  if (tables.length === 1) return { items: tables[0]!, missing: 0 }
  const told = tables.map(cleanItems)
  const items = new Map<string, ItemInCorpus>()
  let missing = 0
  for (const { task, item_id } of tables.flat()) {
    const key = keyOf(task, item_id)
    if (items.has(key)) continue
    const asked: AskedItem = [task === '' ? null : task, item_id]
    const isFound = told.some((table) => table.count([asked]).contaminated > 0)
    const isClean = told.every((table) => table.isClean(...asked))
    if (!isFound && !told.every((table) => table.hasAny([asked]))) missing++
    items.set(key, { task, item_id, clean: isFound ? 0 : isClean ? 1 : null })
  }
  return { items: [...items.values()], missing }
}
