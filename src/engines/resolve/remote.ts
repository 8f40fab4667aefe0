import { raise } from '../errors.js'

/** The part of fetch that downloads need; tests hand in their own. */
export type Fetch = (
  url: string,
  init: { headers: Record<string, string>; redirect: 'manual'; signal?: AbortSignal },
) => Promise<Response>

/** A body on its way, and what the server said of the whole file. */
export interface RemoteBody {
  /** First byte of the body in the file: what was asked for, or 0 when the server sends all of it. */
  readonly start: number
  /** Length of the whole file; null when the server does not say. */
  readonly total: number | null
  /** SHA-256 of the whole file, where the server names it. */
  readonly sha256: string | null
  readonly chunks: AsyncIterable<Uint8Array>
}

const MOST_REDIRECTS = 5
const SHA256 = /^(?:W\/)?"?([0-9a-f]{64})"?$/i

/**
 * Ask for the bytes of `url` from `start`. Redirects are followed here: the first answer carries the checksum
 * (`x-linked-etag`), and the token must not travel to another host.
 *
 * @throws {AssayError} `engines/token-in-clear`, `download-denied`, `no-such-model`, `server-unavailable`, `bad-redirect`, `network-unreachable`
 */
export async function requestBody(
  url: string,
  start: number,
  options: {
    readonly fetch: Fetch
    readonly token: string | undefined
    readonly signal: AbortSignal | undefined
  },
): Promise<RemoteBody> {
  let at = url
  let sha256: string | null = null
  let total: number | null = null
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const headers: Record<string, string> = { 'accept-encoding': 'identity', 'user-agent': 'assay-audit' }
    if (start > 0) headers.range = `bytes=${start}-`
    if (options.token !== undefined && sameOrigin(at, url)) {
      if (!isPrivate(at)) throw raise('token-in-clear', `HF_TOKEN would go to ${at}, which is not encrypted`)
      headers.authorization = `Bearer ${options.token}`
    }
    const response = await send(
      at,
      { headers, redirect: 'manual', ...(options.signal && { signal: options.signal }) },
      options.fetch,
    )
    sha256 ??=
      SHA256.exec(
        response.headers.get('x-linked-etag') ?? response.headers.get('etag') ?? '',
      )?.[1]?.toLowerCase() ?? null
    total ??= numberOf(response.headers.get('x-linked-size'))
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      at = redirectTarget(at, response)
      continue
    }
    return { ...bodyOf(response, start, total, at), sha256 }
  }
  throw raise('bad-redirect', `more than ${MOST_REDIRECTS} redirects, the last to ${at}`)
}

async function send(url: string, init: Parameters<Fetch>[1], fetch: Fetch): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw raise('download-stopped', 'by a signal')
    const cause =
      error instanceof Error && error.cause instanceof Error
        ? error.cause.message
        : 'the request could not be sent'
    throw raise('network-unreachable', `${url}: ${cause}`, undefined, error)
  }
}

function redirectTarget(from: string, response: Response): string {
  const location = response.headers.get('location')
  if (location !== null && URL.canParse(location, from)) {
    const target = new URL(location, from)
    // From an encrypted place to an open one anybody on the way could put another file.
    if (from.startsWith('https:') && !isPrivate(target.href))
      throw raise('bad-redirect', `${from} sends on to ${target.href}, which is not encrypted`)
    if (/^https?:$/.test(target.protocol)) return target.href
  }
  throw raise('bad-redirect', `${from} answered ${response.status} without a usable location`)
}

function bodyOf(
  response: Response,
  asked: number,
  announced: number | null,
  url: string,
): Omit<RemoteBody, 'sha256'> {
  const { status } = response
  const where = `${url} answered ${status}`
  if (status === 401 || status === 403) throw raise('download-denied', where)
  if (status === 404 || status === 410) throw raise('no-such-model', where)
  // Nothing lies behind the asked-for byte: the caller finds out whether the part is complete.
  if (status === 416) return { start: asked, total: announced ?? totalOf(response), chunks: nothing() }
  if (status !== 200 && status !== 206) throw raise('server-unavailable', where)
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '')
  const start = status === 206 ? Number(range?.[1] ?? asked) : 0
  const length = numberOf(response.headers.get('content-length'))
  return {
    start,
    total: announced ?? totalOf(response) ?? (length === null ? null : start + length),
    chunks: response.body === null ? nothing() : (response.body as unknown as AsyncIterable<Uint8Array>),
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** `content-range: bytes 5-9/10` or `bytes *​/10` → 10. */
function totalOf(response: Response): number | null {
  return numberOf(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? null)
}

function numberOf(text: string | null): number | null {
  const value = text === null || text === '' ? Number.NaN : Number(text)
  return Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** Whether nobody on the way can read along: encrypted, or this machine itself. */
export function isPrivate(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

const sameOrigin = (a: string, b: string): boolean => new URL(a).origin === new URL(b).origin
