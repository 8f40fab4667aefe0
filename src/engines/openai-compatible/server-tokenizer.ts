import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { AssayError } from '../../core/index.js'
import { raise as raiseEngines } from '../errors.js'
import { cachedFile } from '../resolve/hugging-face.js'
import type { ResolveOptions } from '../resolve/options.js'
import { type FolderTokenizer, openTokenizerFolder } from '../tokenizer-json/folder.js'
import { raise } from './errors.js'

const HUB = /^hf:([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/
/** Files of a tokenizer on the Hub; all but the first may be missing. */
const FILES = ['tokenizer.json', 'tokenizer_config.json', 'config.json', 'generation_config.json']

/** A tokenizer for a server's model, with what tells it from others. */
export type NamedTokenizer = FolderTokenizer & { readonly sha256: string }

/**
 * The tokenizer that a server's model was trained with: of a folder, a `tokenizer.json`, or a repository on the Hub.
 *
 * @throws {AssayError} `engines/needs-tokenizer`, `no-such-file`; those of a download, of a folder's tokenizer
 */
export async function openTokenizerFor(
  where: string | undefined,
  options: ResolveOptions,
): Promise<NamedTokenizer> {
  if (where === undefined) throw raise('needs-tokenizer', 'no --tokenizer is given')
  const folder = await folderOf(where, options)
  const opened = await openTokenizerFolder(folder)
  const hash = createHash('sha256')
  for (const file of opened.files) hash.update(basename(file)).update(readFileSync(file))
  return { ...opened, sha256: hash.digest('hex') }
}

async function folderOf(where: string, options: ResolveOptions): Promise<string> {
  const hub = HUB.exec(where)
  if (hub !== null) {
    const [first] = await downloadAll(hub[1]!, hub[2] ?? 'main', options)
    return dirname(first!)
  }
  const stats = statSync(where, { throwIfNoEntry: false })
  if (stats === undefined) throw raiseEngines('no-such-file', 'no such tokenizer', { path: where })
  return stats.isDirectory() ? where : dirname(where)
}

async function downloadAll(repository: string, revision: string, options: ResolveOptions): Promise<string[]> {
  const paths: string[] = []
  for (const file of FILES)
    try {
      paths.push(await cachedFile({ repository, file, revision }, options))
    } catch (error) {
      const isMissing =
        error instanceof AssayError && ['engines/no-such-model', 'engines/offline'].includes(error.code)
      if (!isMissing || file === FILES[0]) throw error
    }
  return paths
}
