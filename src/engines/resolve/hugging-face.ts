import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { raise } from '../errors.js'
import { defaultCacheDir } from './cache.js'
import { download } from './download.js'
import type { ResolveOptions } from './options.js'

const DEFAULT_ENDPOINT = 'https://huggingface.co'

/** One file of a repository, as the hub addresses it. */
export interface HubFile {
  readonly repository: string
  readonly file: string
  readonly revision: string
}

/**
 * Path of a hub's file in the cache, downloaded once. `$HF_ENDPOINT` and `$HF_TOKEN` are honoured.
 *
 * @throws {AssayError} `engines/offline`, `bad-environment`, and those of a download
 */
export async function cachedFile(
  { repository, file, revision }: HubFile,
  options: ResolveOptions,
): Promise<string> {
  const cache = options.cacheDir ?? defaultCacheDir()
  const target = join(cache, 'models', ...repository.split('/'), ...revision.split('/'), ...file.split('/'))
  if (existsSync(target)) return target
  if (options.offline) throw raise('offline', `${repository}/${file} at ${revision}`, { path: target })
  const bar = options.progress?.(`Downloading ${file}`)
  try {
    await download(urlOf({ repository, file, revision }), target, {
      fetch: options.fetch ?? fetch,
      token: tokenFromEnvironment(),
      signal: options.signal,
      onProgress: (done, total) => bar?.update(done, total),
    })
  } finally {
    bar?.end()
  }
  return target
}

function urlOf({ repository, file, revision }: HubFile): string {
  return hubUrl(
    `${repository}/resolve/${encodeURIComponent(revision)}/${file.split('/').map(encodeURIComponent).join('/')}`,
  )
}

/**
 * A path on the Hub or on `$HF_ENDPOINT`.
 *
 * @throws {AssayError} `engines/bad-environment`
 */
export function hubUrl(path: string): string {
  const url = `${(process.env.HF_ENDPOINT || DEFAULT_ENDPOINT).replace(/\/+$/, '')}/${path}`
  // Neither variable is ever shown: an endpoint can hold a password, a token is one.
  if (!URL.canParse(url) || new URL(url).username !== '' || new URL(url).password !== '')
    throw raise('bad-environment', 'HF_ENDPOINT is no URL, or one with a user name or password in it')
  return url
}

/** `$HF_TOKEN`, or undefined; one that no header can carry is refused without being shown. */
export function tokenFromEnvironment(): string | undefined {
  const token = process.env.HF_TOKEN?.trim()
  if (token === undefined || token === '') return undefined
  if (!/^[\x21-\x7e]+$/.test(token))
    throw raise('bad-environment', 'HF_TOKEN holds characters that no token has')
  return token
}
