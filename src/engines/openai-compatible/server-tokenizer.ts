import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
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

/** `--tokenizer server`: where the server itself says that it took its tokenizer from. */
const BY_SERVER = 'server'

/**
 * The tokenizer that a server's model was trained with: of a folder, a `tokenizer.json`, or a repository on the Hub.
 *
 * @param where what the user says; left out, or `server`: `told`
 * @param told  what the server says: a folder, which may be of another machine, or a name on the Hub
 * @throws {AssayError} `engines/needs-tokenizer`, `no-such-file`; those of a download, of a folder's tokenizer
 */
export async function openTokenizerFor(
  where: string | undefined,
  told: string | undefined,
  options: ResolveOptions & { note?(text: string): void },
): Promise<NamedTokenizer> {
  const isTold = where === undefined || where === BY_SERVER
  const place = isTold ? placeTold(told) : where
  if (isTold) options.note?.(`The tokenizer is that of ${place}, as the server says.`)
  const folder = await folderOf(place, options)
  const opened = await openTokenizerFolder(folder)
  const hash = createHash('sha256')
  for (const file of opened.files) hash.update(basename(file)).update(readFileSync(file))
  return { ...opened, sha256: hash.digest('hex') }
}

function placeTold(told: string | undefined): string {
  if (told !== undefined && existsSync(told)) return told
  if (told !== undefined && /^[\w-][\w.-]*\/[\w.-]+$/.test(told)) return `hf:${told}`
  throw raise(
    'needs-tokenizer',
    told === undefined
      ? 'it does not say where it took it from'
      : `it took it from ${told}, which is not here`,
  )
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
