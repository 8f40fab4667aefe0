import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { raise } from '../errors.js'
import type { ResolveOptions } from './options.js'
import { parseReference } from './reference.js'
import { downloadListed, homeOf, listFiles, writePin } from './repository.js'

/** Rows of a dataset on the Hub; without a name, those of its only configuration or of the one called `default`. */
export interface DatasetSplit {
  readonly repository: string
  readonly name: string | null
  readonly split: string
}

/** The branch on which the Hub keeps every dataset as Parquet, whatever its own format: `configuration/split/0000.parquet`. */
const PARQUET = 'refs/convert/parquet'

/**
 * The Parquet files of a split, or one file by its reference, in the cache: downloaded once, each checked by the hash that the
 * listing tells.
 *
 * @param wanted `hf:org/name/folder/file.parquet@revision`, `hf://datasets/org/name@revision/file.jsonl`, or a split
 * @throws {AssayError} `engines/offline`, `engines/no-such-split`, `engines/bad-reference`, and those of a download
 */
export function datasetFiles(
  wanted: DatasetSplit | string,
  options: ResolveOptions,
): Promise<readonly string[]> {
  return typeof wanted === 'string' ? fileOf(wanted, options) : splitFiles(wanted, options)
}

/** As the library `datasets` names a file: its revision stands behind the repository. */
const BY_PROTOCOL = /^hf:\/\/datasets\/([^/@]+\/[^/@]+)(@[^/]+)?\/(.+)$/i

/** One file at the commit that its revision meant when it was first asked for. */
async function fileOf(reference: string, options: ResolveOptions): Promise<readonly string[]> {
  const [, named, at = '', path] = BY_PROTOCOL.exec(reference) ?? []
  const parsed = parseReference(
    named === undefined ? reference.replace(/^hf:datasets\//i, 'hf:') : `hf:${named}/${path}${at}`,
  )
  if (parsed.kind !== 'huggingFace' || parsed.file === undefined)
    throw raise('no-such-split', `"${reference}" names no file of a dataset: hf:org/name/file.parquet does`)
  const { repository, file, revision } = parsed
  const dataset = `datasets/${repository}`
  const home = homeOf(dataset, options)
  const pin = join(home, '.commits', ...revision.split('/'))
  const pinned = existsSync(pin) ? readFileSync(pin, 'utf8').trim() : undefined
  const known = pinned === undefined ? undefined : join(home, pinned, file)
  if (known !== undefined && existsSync(known)) return [known]
  if (options.offline) throw raise('offline', `${repository}/${file} at ${revision}`, { path: known ?? pin })
  const { sha, siblings } = await listFiles({ repository: dataset, revision: pinned ?? revision }, options)
  const listed = siblings.find(({ rfilename }) => rfilename === file)
  if (listed === undefined) {
    const others = siblings.flatMap(({ rfilename }) => (ROWS.test(rfilename) ? [rfilename] : []))
    throw raise(
      'no-such-split',
      `${repository} has no ${file}; it has ${someOf(others) || 'no files of rows'}`,
    )
  }
  const folder = await downloadListed(dataset, sha, [listed], options)
  if (pinned === undefined) await writePin(pin, sha)
  return [join(folder, file)]
}

/** Files that can hold rows. */
const ROWS = /\.(jsonl?|csv|tsv|parquet)(\.(gz|zst))?$/i
const MOST_NAMED = 20
const someOf = (names: readonly string[]): string =>
  `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ' …' : ''}`

async function splitFiles(
  { repository, name, split }: DatasetSplit,
  options: ResolveOptions,
): Promise<readonly string[]> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || /(^|\/)\.+(\/|$)/.test(`${repository}/${name}/${split}`))
    throw raise('no-such-split', `"${repository}" is no dataset of the Hub`)
  const dataset = `datasets/${repository}`
  const home = homeOf(dataset, options)
  const pin = join(home, '.splits', name ?? '', `${split}.txt`)
  if (existsSync(pin)) {
    const [sha, ...files] = readFileSync(pin, 'utf8').trim().split('\n')
    return files.map((file) => join(home, sha, file))
  }
  if (options.offline) throw raise('offline', `${repository}, ${name ?? 'default'}/${split}`, { path: pin })
  const { sha, siblings } = await listFiles({ repository: dataset, revision: PARQUET }, options)
  const parts = siblings.flatMap((file) => {
    const [, configuration, of] = /^([^/]+)\/([^/]+)\/[^/]+\.parquet$/.exec(file.rfilename) ?? []
    return configuration === undefined ? [] : [{ configuration, of, file }]
  })
  const configurations = new Set(parts.map(({ configuration }) => configuration))
  const chosen = name ?? (configurations.size === 1 ? [...configurations][0] : 'default')
  const wanted = parts.filter(({ configuration, of }) => configuration === chosen && of === split)
  if (wanted.length === 0) {
    const there = [...new Set(parts.map(({ configuration, of }) => `${configuration}/${of}`))]
    throw raise(
      'no-such-split',
      `${repository} has no ${chosen}/${split}; it has ${someOf(there) || 'no Parquet files'}`,
    )
  }
  const files = wanted.map(({ file }) => file).sort((a, b) => (a.rfilename < b.rfilename ? -1 : 1))
  const folder = await downloadListed(dataset, sha, files, options)
  await writePin(pin, [sha, ...files.map(({ rfilename }) => rfilename)].join('\n'))
  return files.map(({ rfilename }) => join(folder, rfilename))
}
