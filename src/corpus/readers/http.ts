import { setTimeout as sleep } from 'node:timers/promises'
import type { AssayError } from '../../core/errors.js'
import { messageOf } from '../../core/errors.js'
import { withoutSecrets } from '../../core/text/addresses.js'
import { raise } from '../errors.js'
import type { Source } from './source.js'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

const ATTEMPTS = 5
const FIRST_WAIT_MS = 200
const OK = 200
const PARTIAL = 206
const RANGE_NOT_SATISFIABLE = 416
const SERVER_FAULTS = 500
const TOO_MANY_REQUESTS = 429

/** Objects of S3 and other addresses fail for different reasons, so that different advice helps. */
function failed(message: string, path: string, cause?: unknown, byteOffset?: number): AssayError {
  const place = byteOffset === undefined ? { path } : { path, byteOffset }
  return raise(path.startsWith('s3://') ? 'remote-failed' : 'server-failed', message, place, cause)
}

/** Ask again after a broken connection, a busy or a failing server; other refusals are final. */
export async function fetchPatiently(
  get: Fetch,
  url: string,
  path: string,
  init?: RequestInit,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    let fault: string
    try {
      const response = await get(url, init)
      if (response.ok || response.status === RANGE_NOT_SATISFIABLE) return response
      fault = `the server answered ${response.status} ${response.statusText}`.trimEnd()
      await response.body?.cancel()
      const passing = response.status >= SERVER_FAULTS || response.status === TOO_MANY_REQUESTS
      if (!passing) throw failed(fault, path)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      // fetch throws a TypeError with the cause inside when the connection fails.
      fault = error.cause === undefined ? messageOf(error) : messageOf(error.cause)
    }
    if (attempt === ATTEMPTS) throw failed(`${fault}, ${ATTEMPTS} times`, path)
    await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1))
  }
}

/** Addresses that are shown alike, in the order in which they are named: `path`, `path#2`, … */
export function createNumbering(): (path: string) => string {
  const times = new Map<string, number>()
  return (path) => {
    const n = (times.get(path) ?? 0) + 1
    times.set(path, n)
    return n === 1 ? path : `${path}#${n}`
  }
}

function headersOf(response: Response): { size: number | null; version: string } {
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
  const length = total ?? (response.status === OK ? response.headers.get('content-length') : null)
  const encoded = response.headers.get('content-encoding') !== null
  const size = length === null || encoded ? null : Number(length)
  const tag = response.headers.get('etag') ?? response.headers.get('last-modified') ?? ''
  return { size, version: `${size ?? '?'}-${tag}` }
}

/** What is left of a stream after its first bytes. */
async function* beyond(blocks: AsyncIterable<Uint8Array>, skip: number): AsyncGenerator<Uint8Array> {
  let left = skip
  for await (const block of blocks) {
    if (left < block.length) yield left > 0 ? block.subarray(left) : block
    left = Math.max(0, left - block.length)
  }
}

/**
 * A file behind HTTP. A stream whose connection breaks is taken up again where it broke. From a server that takes no
 * byte ranges every read begins at the first byte, so such a file is read in one piece.
 *
 * @param path how messages call it; the address without what may be secret in it unless given
 */
export async function openHttp(url: string, get: Fetch, path = withoutSecrets(url)): Promise<Source> {
  const { username, password } = new URL(url)
  if (username !== '' || password !== '')
    throw failed('the address holds a user name or password, and none is sent from there', path)
  // One byte is asked for instead of HEAD, which presigned addresses refuse.
  const first = await fetchPatiently(get, url, path, { headers: { range: 'bytes=0-0' } })
  await first.body?.cancel()
  const refused = first.status === RANGE_NOT_SATISFIABLE
  // An empty file has no first byte to give; a server that tells no length of it takes no ranges.
  const isEmpty = refused && /\/0$/.test(first.headers.get('content-range') ?? '')
  const { size, version } = isEmpty ? { size: 0, version: '0' } : headersOf(first)
  const hasRanges = first.status !== OK && (isEmpty || !refused)
  const body = async (from: number, to: number | null): Promise<AsyncIterable<Uint8Array>> => {
    const range = `bytes=${from}-${to === null ? '' : to - 1}`
    const isWhole = !hasRanges || (from === 0 && to === null)
    const response = await fetchPatiently(get, url, path, isWhole ? undefined : { headers: { range } })
    if (response.status !== PARTIAL && !isWhole)
      throw failed(`asked for ${range}, the server answered ${response.status}`, path)
    const blocks = (response.body ?? []) as unknown as AsyncIterable<Uint8Array>
    return hasRanges || from === 0 ? blocks : beyond(blocks, from)
  }
  return {
    path,
    size,
    version,
    hasRanges,
    async read(from, to) {
      const parts: Uint8Array[] = []
      let held = 0
      if (from >= to) return new Uint8Array(0)
      try {
        for await (const block of await body(from, to)) {
          parts.push(block)
          held += block.length
          if (held >= to - from) break
        }
      } catch (error) {
        throw error instanceof TypeError ? failed(messageOf(error), path, error, from) : error
      }
      return Buffer.concat(parts).subarray(0, to - from)
    },
    async *stream(from) {
      if (size === 0) return
      let at = from
      for (let attempt = 1; ; attempt++) {
        try {
          for await (const block of await body(at, null)) {
            at += block.length
            attempt = 1
            yield block
          }
          if (size === null || at >= size) return
          throw new TypeError(`the connection ended at byte ${at} of ${size}`)
        } catch (error) {
          if (!(error instanceof TypeError) || attempt >= ATTEMPTS)
            throw error instanceof TypeError ? failed(messageOf(error), path, error, at) : error
        }
      }
    },
  }
}
