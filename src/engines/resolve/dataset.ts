import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { raise } from '../errors.js'
import type { ResolveOptions } from './options.js'
import { downloadListed, homeOf, listFiles, writePin } from './repository.js'

/** Rows of a dataset on the Hub; without a name, those of its only configuration or of the one called `default`. */
interface DatasetSplit {
  readonly repository: string
  readonly name: string | null
  readonly split: string
}

/** The branch on which the Hub keeps every dataset as Parquet, whatever its own format: `configuration/split/0000.parquet`. */
const PARQUET = 'refs/convert/parquet'

/**
 * The Parquet files of a split, in the cache: downloaded once, each checked by the hash that the listing tells.
 *
 * @throws {AssayError} `engines/offline`, `engines/no-such-split`, and those of a download
 */
export async function datasetFiles(
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
      `${repository} has no ${chosen}/${split}; it has ${there.slice(0, 20).join(', ') || 'no Parquet files'}`,
    )
  }
  const files = wanted.map(({ file }) => file).sort((a, b) => (a.rfilename < b.rfilename ? -1 : 1))
  const folder = await downloadListed(dataset, sha, files, options)
  await writePin(pin, [sha, ...files.map(({ rfilename }) => rfilename)].join('\n'))
  return files.map(({ rfilename }) => join(folder, rfilename))
}
