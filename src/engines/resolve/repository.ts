import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { raise } from '../errors.js'
import { defaultCacheDir } from './cache.js'
import { guardDisk, makeFolder, requireRoom } from './cached-file.js'
import { cachedFile, hubUrl, tokenFromEnvironment } from './hugging-face.js'
import type { ResolveOptions } from './options.js'
import { requestBody } from './remote.js'

/** A repository of the Hub at a branch, tag or commit. */
export interface HubRepository {
  readonly repository: string
  readonly revision: string
}

/** A file as the Hub lists it. */
interface ListedFile {
  readonly rfilename: string
  readonly size?: number
  /** SHA-1 by git's rule. */
  readonly blobId?: string
  readonly lfs?: { readonly sha256: string }
}

interface Listing {
  /** The commit that the revision means now. */
  readonly sha: string
  readonly siblings: readonly ListedFile[]
}

/** What a checkpoint is made of; of the rest of a repository nothing is downloaded. */
const WANTED =
  /^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|quantize_config|adapter_config)\.json$|^(tokenizer\.model|merges\.txt|chat_template\.jinja)$|^model.*\.safetensors(\.index\.json)?$/
const MOST_LISTING_BYTES = 50_000_000

/**
 * The checkpoint that a repository is, as a folder of the cache: the revision is pinned to its commit once, every file is of
 * that commit, and each is checked by the hash that the listing tells.
 *
 * @throws {AssayError} `engines/offline`, `whole-repository`, `lora-adapter`, and those of a download
 */
export async function cachedRepository(at: HubRepository, options: ResolveOptions): Promise<string> {
  const { repository, revision } = at
  const home = homeOf(repository, options)
  // Written when all of it is there: without it the folder is a download that stopped.
  const pin = join(home, '.commits', ...revision.split('/'))
  if (existsSync(pin)) return join(home, readFileSync(pin, 'utf8').trim())
  if (options.offline) throw raise('offline', `${repository} at ${revision}`, { path: pin })
  const listing = await listFiles(at, options)
  const folder = await downloadListed(repository, listing.sha, chooseFiles(listing.siblings, at), options)
  await writePin(pin, listing.sha)
  return folder
}

/** Where a repository's files are kept. */
export const homeOf = (repository: string, options: ResolveOptions): string =>
  join(options.cacheDir ?? defaultCacheDir(), 'models', ...repository.split('/'))

/** Files of a commit, each downloaded once and checked by the hash that the listing tells; the folder that holds them. */
export async function downloadListed(
  repository: string,
  sha: string,
  files: readonly ListedFile[],
  options: ResolveOptions,
): Promise<string> {
  const folder = join(homeOf(repository, options), sha)
  const missing = files.filter(({ rfilename }) => !existsSync(join(folder, rfilename)))
  await makeFolder(folder)
  await requireRoom(
    join(folder, '.'),
    missing.reduce((sum, { size = 0 }) => sum + size, 0),
  )
  for (const file of missing) {
    const path = await cachedFile({ repository, revision: sha, file: file.rfilename }, options)
    await checkBlob(path, file)
  }
  return folder
}

/** Remember that all files are there. */
export async function writePin(pin: string, text: string): Promise<void> {
  await guardDisk(pin, async () => {
    await makeFolder(dirname(pin))
    await writeFile(`${pin}.part`, `${text}\n`)
    await rename(`${pin}.part`, pin)
  })
}

/** Names of a repository's branches and tags. */
export async function listRevisions(repository: string, options: ResolveOptions): Promise<string[]> {
  const { branches = [], tags = [] } = (await getJson(`api/models/${repository}/refs`, options)) as {
    branches?: { name: string }[]
    tags?: { name: string }[]
  }
  return [...branches, ...tags].map(({ name }) => name)
}

/** What the Hub lists of a repository (`datasets/org/name` is a dataset's). */
export async function listFiles(
  { repository, revision }: HubRepository,
  options: ResolveOptions,
): Promise<Listing> {
  const kind = repository.startsWith('datasets/') ? '' : 'models/'
  const path = `api/${kind}${repository}/revision/${encodeURIComponent(revision)}?blobs=true`
  const { sha, siblings } = (await getJson(path, options)) as Partial<Listing>
  if (typeof sha !== 'string' || !/^[0-9a-f]{40,64}$/.test(sha) || !Array.isArray(siblings))
    throw raise('server-unavailable', `its list of the files of ${repository} cannot be read`)
  return { sha, siblings }
}

async function getJson(path: string, { fetch: given, signal }: ResolveOptions): Promise<object> {
  const body = await requestBody(hubUrl(path), 0, {
    fetch: given ?? fetch,
    token: tokenFromEnvironment(),
    signal,
  })
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body.chunks) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > MOST_LISTING_BYTES) break
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (typeof value === 'object' && value !== null) return value
    throw new SyntaxError('it is no object')
  } catch (error) {
    throw raise('server-unavailable', `what came for ${path} is no JSON`, undefined, error)
  }
}

function chooseFiles(siblings: readonly ListedFile[], { repository }: HubRepository): ListedFile[] {
  const names = siblings.map(({ rfilename }) => rfilename)
  const wanted = siblings.filter(({ rfilename }) => WANTED.test(rfilename))
  if (names.includes('config.json') && wanted.some(({ rfilename }) => rfilename.endsWith('.safetensors')))
    return wanted
  const gguf = names.find((name) => /\.gguf$/i.test(name))
  const pickled = names.find((name) => /^pytorch_model.*\.bin$/.test(name))
  if (gguf !== undefined)
    throw raise('whole-repository', `it holds GGUF files: hf:${repository}/${gguf} is one`)
  if (names.includes('adapter_config.json'))
    throw raise('lora-adapter', `hf:${repository} holds adapter_config.json`)
  throw raise(
    'whole-repository',
    pickled === undefined
      ? `hf:${repository} has no config.json with .safetensors`
      : `hf:${repository} has pickled weights alone (${pickled}), which are never loaded; look for a revision with .safetensors`,
  )
}

/** Files outside large-file storage come without a SHA-256; git's own hash tells whether they are whole. */
async function checkBlob(path: string, { rfilename, blobId, lfs }: ListedFile): Promise<void> {
  if (lfs !== undefined || blobId === undefined) return
  const bytes = await readFile(path)
  const found = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  if (found === blobId) return
  await rm(path, { force: true })
  throw raise('checksum-mismatch', `${rfilename} hashes to ${found}, listed is ${blobId}`, { path })
}
