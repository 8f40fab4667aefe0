import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AssayError, messageOf } from '../../core/index.js'
import { raise } from '../errors.js'
import { guardDisk, isSystemError, lock, makeFolder, requireRoom, writeAll } from './cached-file.js'
import { type Fetch, type RemoteBody, requestBody } from './remote.js'

export interface DownloadOptions {
  readonly fetch: Fetch
  /** Sent to the first host only, and never shown. */
  readonly token?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Pause before the first retry; doubles each time. */
  readonly retryMilliseconds?: number
  onProgress?(done: number, total: number): void
}

const ATTEMPTS = 4
const FIRST_PAUSE_MS = 500
/** Worth another attempt: nothing is wrong with what was asked for. */
const PASSING = new Set([
  'engines/server-unavailable',
  'engines/network-unreachable',
  'engines/short-download',
])

/**
 * Download `url` to `target`: into `target.part` first (an earlier part is continued), checked against the size
 * and SHA-256 that the server names, then renamed, so that `target` is always whole.
 *
 * @throws {AssayError} `engines/…`, see the catalogue: denied, missing, unavailable, short, checksum, disk full…
 */
export async function download(url: string, target: string, options: DownloadOptions): Promise<void> {
  await makeFolder(dirname(target))
  const release = await lock(`${target}.lock`)
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await fetchPart(url, `${target}.part`, options)
        break
      } catch (error) {
        if (!(error instanceof AssayError) || !PASSING.has(error.code) || attempt === ATTEMPTS) throw error
        await pause((options.retryMilliseconds ?? FIRST_PAUSE_MS) * 2 ** (attempt - 1), options.signal)
      }
    }
    await rename(`${target}.part`, target)
    await rm(`${target}.part.sha256`, { force: true })
  } finally {
    await release()
  }
}

/** One attempt: continue the part, or begin anew when it belongs to another version of the file. */
async function fetchPart(url: string, part: string, options: DownloadOptions): Promise<void> {
  const have = await sizeOf(part)
  let body = await requestBody(url, have, {
    fetch: options.fetch,
    token: options.token,
    signal: options.signal,
  })
  const begun = await readFile(`${part}.sha256`, 'utf8').catch(() => null)
  if (have > 0 && (begun ?? '') !== (body.sha256 ?? '')) {
    // Leaving the loop cancels the stream.
    for await (const _ of body.chunks) break
    await rm(part, { force: true })
    body = await requestBody(url, 0, { fetch: options.fetch, token: options.token, signal: options.signal })
  }
  await guardDisk(part, () => writeFile(`${part}.sha256`, body.sha256 ?? ''))
  if (body.total !== null) await requireRoom(part, body.total - body.start)
  const hash = createHash('sha256')
  const received = await guardDisk(part, () => writeBody(part, body, hash, options))
  await check(part, received, hash, body)
}

/** Append the body to what precedes it, both into `hash`; returns the file's length. */
async function writeBody(
  part: string,
  body: RemoteBody,
  hash: Hash,
  options: DownloadOptions,
): Promise<number> {
  if (body.start > 0)
    for await (const chunk of createReadStream(part, { end: body.start - 1 })) hash.update(chunk as Buffer)
  const file = await open(part, body.start > 0 ? 'r+' : 'w')
  let at = body.start
  try {
    for await (const chunk of body.chunks) {
      await writeAll(file, chunk, at)
      hash.update(chunk)
      at += chunk.length
      options.onProgress?.(at, body.total ?? at)
    }
    await file.sync()
  } catch (error) {
    if (options.signal?.aborted) throw raise('download-stopped', `after ${at} bytes`)
    if (isSystemError(error)) throw error
    const reason = messageOf(error)
    throw raise(
      'short-download',
      `the connection broke after ${at} of ${body.total ?? 'unknown'} bytes (${reason})`,
      undefined,
      error,
    )
  } finally {
    await file.close()
  }
  return at
}

async function check(part: string, received: number, hash: Hash, body: RemoteBody): Promise<void> {
  if (body.total !== null && received < body.total)
    throw raise('short-download', `${received} of ${body.total} bytes came`, { path: part })
  const found = hash.digest('hex')
  const wrong =
    body.total !== null && received > body.total
      ? `${received} bytes came, ${body.total} were announced`
      : body.sha256 !== null && body.sha256 !== found
        ? `its SHA-256 is ${found}, announced was ${body.sha256}`
        : null
  if (wrong === null) return
  await rm(part, { force: true })
  throw raise('checksum-mismatch', wrong, { path: part })
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (info) => info.size,
    () => 0,
  )
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal && { signal })
  } catch {
    throw raise('download-stopped', 'between two attempts')
  }
}
