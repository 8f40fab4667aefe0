import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { columnOf } from '../records/fields.js'
import { type Records, readRecords } from '../records/read-records.js'
import { reason } from '../text/unpack.js'
import { raiseItems } from './errors.js'
import { readHelmInstances } from './formats/helm-instances/read-instances.js'
import { ITEMS_FORMATS } from './formats/index.js'
import { readInspectLog } from './formats/inspect/read-log.js'
import { tidyItems } from './formats/tidy/index.js'
import type { ItemRow, ItemsOptions } from './item-row.js'

const EXTENSIONS = /\.(?:jsonl|csv|tsv|parquet|eval|json)(?:\.gz|\.zst)?$/i
/** Results item by item of the tools that name them so; where a folder holds any, its other files are summaries. */
const NAMED =
  /^(?:samples_.*\.jsonl|details_.*\.parquet|.*\.eval|per_instance_stats.*\.json)(?:\.gz|\.zst)?$/i

/** A file of results item by item, and its rows. */
export interface ItemsFile {
  readonly path: string
  readonly format: string
  readonly rows: readonly ItemRow[]
}

/** Entries of folders that are looked at: an arm's results are some hundred files. */
const MOST_ENTRIES = 20_000

/** Files of results below a folder; hidden folders and installed packages hold none. @throws items/too-many-files */
function filesBelow(root: string): string[] {
  const found: string[] = []
  const folders = [root]
  let seen = 0
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (++seen > MOST_ENTRIES)
        throw raiseItems(
          'too-many-files',
          `more than ${MOST_ENTRIES.toLocaleString('en')} files and folders lie below`,
          {
            path: root,
          },
        )
      const path = join(folder, entry.name)
      const isFolder =
        entry.isDirectory() ||
        (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
      if (isFolder) {
        if (!/^(?:\.|node_modules$)/.test(entry.name)) folders.push(path)
      } else if (EXTENSIONS.test(entry.name)) found.push(path)
    }
  return found
}

/**
 * Files as they are, folders as the files of results item by item below them, in a fixed order.
 *
 * @throws items/unreadable, items/too-many-files
 */
export function expandItemPaths(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    let isFolder: boolean
    try {
      isFolder = statSync(path).isDirectory()
    } catch (error) {
      throw raiseItems('unreadable', reason(error), { path }, error)
    }
    if (!isFolder) return [path]
    const all = filesBelow(path)
    const named = all.filter((name) => NAMED.test(basename(name)))
    return (named.length > 0 ? named : all).sort()
  })
  if (found.length === 0)
    throw raiseItems(
      'unreadable',
      'no file of results (.csv, .tsv, .jsonl, .parquet, .eval, .json) was found',
      {
        path: paths.join(', '),
      },
    )
  return found
}

const JSON_FILE = /\.json(?:\.gz|\.zst)?$/i
const HELM_FILE = /(?:^|[/\\])per_instance_stats[^/\\]*\.json(?:\.gz|\.zst)?$/i

/** A file as a table of items, or null for JSON that holds none. */
async function openItems(path: string): Promise<Records | null> {
  if (HELM_FILE.test(path)) return readHelmInstances(path)
  return path.endsWith('.eval') || JSON_FILE.test(path) ? readInspectLog(path) : readRecords(path)
}

/**
 * Read results item by item of any known format.
 *
 * @throws {AssayError} items/…, table/… naming the file, and the rows where there are any at fault
 */
export async function readItems(path: string, options: ItemsOptions = {}): Promise<ItemsFile> {
  const records = await openItems(path)
  if (records === null)
    throw raiseItems('unknown-format', 'JSON, but no log of Inspect with its samples', { path })
  const format = ITEMS_FORMATS.find((f) => f.recognises(records.columns))
  if (format === undefined)
    throw raiseItems('unknown-format', `the columns are ${records.columns.join(', ')}`, { path })
  return { path, format: format.format, rows: format.read(records, options) }
}

/** Columns that name the test set of a table that has no `split`. */
const TEST_SETS = ['benchmark', 'task']

/**
 * As {@link readItems}, but null for a file that holds no results item by item. A table without `split` may name the test set
 * `benchmark` or `task`.
 */
export async function readItemsIfAny(path: string, options: ItemsOptions = {}): Promise<ItemsFile | null> {
  const records = await openItems(path)
  if (records === null) return null
  const { columns = {} } = options
  const format = ITEMS_FORMATS.find((f) => f.recognises(records.columns))
  if (format === undefined) return null
  const has = (field: string): boolean => records.columns.includes(columnOf(records, columns, field))
  if (format !== tidyItems) return { path, format: format.format, rows: format.read(records, options) }
  // A table of items that lacks its score is refused as one; what names models may be a table of scores.
  if (!has('item') || (!has('correct') && has('model'))) return null
  const split = has('split') ? undefined : TEST_SETS.find(has)
  const named = split === undefined ? columns : { ...columns, split: columns[split] ?? split }
  return { path, format: format.format, rows: format.read(records, { ...options, columns: named }) }
}
