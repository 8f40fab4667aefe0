import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, raise } from '../errors.js'
import type { Source } from './source.js'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

const ATTEMPTS = 5
const FIRST_WAIT_MS = 200
const OK = 200
const PARTIAL = 206
const RANGE_NOT_SATISFIABLE = 416
const SERVER_FAULTS = 500
const TOO_MANY_REQUESTS = 429

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
      if (!passing) throw raise('remote-failed', fault, { path })
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      // fetch throws a TypeError with the cause inside when the connection fails.
      fault = error.cause === undefined ? messageOf(error) : messageOf(error.cause)
    }
    if (attempt === ATTEMPTS) throw raise('remote-failed', `${fault}, ${ATTEMPTS} times`, { path })
    await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1))
  }
}

/** An address without user name, password and query: signed ones carry their key there. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

function headersOf(response: Response): { size: number | null; version: string } {
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
  const length = total ?? (response.status === OK ? response.headers.get('content-length') : null)
  const encoded = response.headers.get('content-encoding') !== null
  const size = length === null || encoded ? null : Number(length)
  const tag = response.headers.get('etag') ?? response.headers.get('last-modified') ?? ''
  return { size, version: `${size ?? '?'}-${tag}` }
}

/**
 * A file behind HTTP. Reads need a server that takes byte ranges; a stream whose connection breaks is taken up again
 * where it broke.
 *
 * @param path how messages call it; the address without what may be secret in it unless given
 */
export async function openHttp(url: string, get: Fetch, path = shown(url)): Promise<Source> {
  const { username, password } = new URL(url)
  if (username !== '' || password !== '')
    throw raise('remote-failed', 'the address holds a user name or password, and none is sent from there', {
      path,
    })
  // One byte is asked for instead of HEAD, which presigned addresses refuse.
  const first = await fetchPatiently(get, url, path, { headers: { range: 'bytes=0-0' } })
  await first.body?.cancel()
  const { size, version } =
    first.status === RANGE_NOT_SATISFIABLE ? { size: 0, version: '0' } : headersOf(first)
  const hasRanges = first.status !== OK
  const request = async (from: number, to: number | null): Promise<Response> => {
    if (from > 0 && !hasRanges) throw raise('remote-failed', 'the server does not take byte ranges', { path })
    if (from === 0 && to === null) return fetchPatiently(get, url, path)
    const range = `bytes=${from}-${to === null ? '' : to - 1}`
    const response = await fetchPatiently(get, url, path, { headers: { range } })
    if (response.status !== PARTIAL)
      throw raise('remote-failed', `asked for ${range}, the server answered ${response.status}`, { path })
    return response
  }
  return {
    path,
    size,
    version,
    async read(from, to) {
      if (from >= to) return new Uint8Array(0)
      return new Uint8Array(await (await request(from, to)).arrayBuffer())
    },
    async *stream(from) {
      if (size === 0) return
      let at = from
      for (let attempt = 1; ; attempt++) {
        const body = (await request(at, null)).body
        if (body === null) return
        try {
          for await (const block of body as unknown as AsyncIterable<Uint8Array>) {
            at += block.length
            attempt = 1
            yield block
          }
          if (size === null || at >= size) return
          throw new TypeError(`the connection ended at byte ${at} of ${size}`)
        } catch (error) {
          if (!(error instanceof TypeError) || !hasRanges || attempt >= ATTEMPTS)
            throw raise('remote-failed', messageOf(error), { path, byteOffset: at }, error)
        }
      }
    },
  }
}
