import { existsSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { raise } from '../errors.js'
import { download } from './download.js'
import { type ModelReference, parseReference, SHIPPED_MODEL } from './reference.js'
import type { Fetch } from './remote.js'

/** A bar that can be drawn while a download runs. */
export interface DownloadProgress {
  update(done: number, total: number): void
  end(): void
}

/** How a reference to a model is followed; every field may be left out. */
export interface ResolveOptions {
  /** Never touch the network. */
  readonly offline?: boolean
  readonly signal?: AbortSignal
  /** Default: `$ASSAY_CACHE`, else the system's cache folder for this tool. */
  readonly cacheDir?: string
  readonly fetch?: Fetch
  progress?(label: string): DownloadProgress
}

const DEFAULT_ENDPOINT = 'https://huggingface.co'
/** From dist/engines/resolve and src/engines/resolve alike. */
const MODELS_FOLDER = fileURLToPath(new URL('../../../models/', import.meta.url))

/** Where downloads are kept: `$ASSAY_CACHE`, `$XDG_CACHE_HOME/assay`, `%LOCALAPPDATA%\assay`, or `~/.cache/assay`. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.ASSAY_CACHE) return env.ASSAY_CACHE
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'assay')
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'assay')
  return join(homedir(), '.cache', 'assay')
}

/**
 * Path of the GGUF file that a reference means: a path as it is, `hf:org/repo/file.gguf[@revision]` downloaded
 * once into the cache (`$HF_ENDPOINT` and `$HF_TOKEN` are honoured), `assay-ladder` or nothing = the model that ships.
 *
 * @throws {AssayError} `engines/bad-reference`, `no-such-file`, `no-reference-model`, `offline`, and those of a download
 */
export async function resolveModel(
  reference: string = SHIPPED_MODEL,
  options: ResolveOptions = {},
): Promise<string> {
  const parsed = parseReference(reference)
  if (parsed.kind === 'shipped') return shippedModel()
  if (parsed.kind === 'huggingFace') return cachedModel(parsed, options)
  const path = resolve(parsed.path)
  if (!existsSync(path)) throw raise('no-such-file', 'no such file', { path: parsed.path })
  return path
}

/** The largest models/assay-ladder-*.gguf of the package. */
function shippedModel(): string {
  const names = existsSync(MODELS_FOLDER) ? readdirSync(MODELS_FOLDER) : []
  const [largest] = names
    .filter((name) => /^assay-ladder-.*\.gguf$/.test(name))
    .map((name) => join(MODELS_FOLDER, name))
    .sort((a, b) => statSync(b).size - statSync(a).size)
  if (largest === undefined)
    throw raise('no-reference-model', 'no assay-ladder-*.gguf', { path: MODELS_FOLDER })
  return largest
}

async function cachedModel(
  { repository, file, revision }: Extract<ModelReference, { kind: 'huggingFace' }>,
  options: ResolveOptions,
): Promise<string> {
  const cache = options.cacheDir ?? defaultCacheDir()
  const target = join(cache, 'models', ...repository.split('/'), ...revision.split('/'), ...file.split('/'))
  if (existsSync(target)) return target
  if (options.offline) throw raise('offline', `${repository}/${file} at ${revision}`, { path: target })
  const endpoint = (process.env.HF_ENDPOINT || DEFAULT_ENDPOINT).replace(/\/+$/, '')
  const encode = (path: string) => path.split('/').map(encodeURIComponent).join('/')
  const url = `${endpoint}/${encode(repository)}/resolve/${encodeURIComponent(revision)}/${encode(file)}`
  // Neither variable is ever shown: an endpoint can hold a password, a token is one.
  if (!URL.canParse(url) || new URL(url).username !== '' || new URL(url).password !== '')
    throw raise('bad-environment', 'HF_ENDPOINT is no URL, or one with a user name or password in it')
  const bar = options.progress?.(`Downloading ${file}`)
  try {
    await download(url, target, {
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

/** `$HF_TOKEN`, or undefined; one that no header can carry is refused without being shown. */
function tokenFromEnvironment(): string | undefined {
  const token = process.env.HF_TOKEN?.trim()
  if (token === undefined || token === '') return undefined
  if (!/^[\x21-\x7e]+$/.test(token))
    throw raise('bad-environment', 'HF_TOKEN holds characters that no token has')
  return token
}
