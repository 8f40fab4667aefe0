import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { smallestModel } from '../../../test/cli/run-cli.js'
import { AssayError, formatError } from '../../core/index.js'
import { checkReference, openEngine } from '../open-engine.js'
import { defaultCacheDir } from './cache.js'
import { download } from './download.js'
import { resolveModel } from './resolve-model.js'

/** 300 kB of bytes that no part of them repeats. */
const CONTENT = Buffer.from(
  Uint8Array.from({ length: 300_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 0xff),
)
const SHA256 = createHash('sha256').update(CONTENT).digest('hex')
const PATH = '/org/repo/resolve/main/model.gguf'

let folder: string
let server: Server
let url: string
let log: { url: string; range: string | undefined; authorization: string | undefined }[]
let answer: (request: IncomingMessage, response: ServerResponse) => void

/** Behaves as the hub does: the first host names the checksum and redirects to where the bytes are. */
function hub(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === PATH) {
    response.writeHead(302, {
      location: '/cdn/blob',
      'x-linked-etag': `"${SHA256}"`,
      'x-linked-size': CONTENT.length,
    })
    response.end()
    return
  }
  serve(request, response)
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (start >= CONTENT.length) {
    response.writeHead(416, { 'content-range': `bytes */${CONTENT.length}` }).end()
    return
  }
  const body = CONTENT.subarray(start)
  const range = start > 0 ? { 'content-range': `bytes ${start}-${CONTENT.length - 1}/${CONTENT.length}` } : {}
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': body.length, ...range })
  response.end(body)
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-resolve-'))
  log = []
  answer = hub
  server = createServer((request, response) => {
    log.push({
      url: request.url ?? '',
      range: request.headers.range,
      authorization: request.headers.authorization,
    })
    answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  vi.stubEnv('HF_ENDPOINT', url)
  vi.stubEnv('HF_TOKEN', '')
})

afterEach(async () => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  rmSync(folder, { recursive: true, force: true })
})

const target = () => join(folder, 'models', 'org', 'repo', 'main', 'model.gguf')
const get = () => resolveModel('hf:org/repo/model.gguf', { cacheDir: folder })
const fetchTo = (path: string, signal?: AbortSignal) =>
  download(`${url}${PATH}`, path, { fetch, retryMilliseconds: 1, signal })

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(AssayError)
  return error instanceof AssayError ? error.code : ''
}

describe('names that people try', () => {
  it.each([
    ['', 'engines/bad-reference'],
    [' ', 'engines/bad-reference'],
    ['ollama:llama3', 'engines/ollama'],
    ['https://huggingface.co/o/r/resolve/v1/q4/m.gguf', 'engines/server'],
    ['http://localhost:8000/v1?key=1', 'engines/credentials-in-address'],
    ['http://me:secret@localhost:8000/v1', 'engines/credentials-in-address'],
    ['org/name', 'engines/no-such-file'],
  ])('%j is refused as %s, also before anything runs', async (reference, code) => {
    expect(await codeOf(checkReference(reference))).toBe(code)
    expect(await codeOf(openEngine(reference))).toBe(code)
  })

  it.each([
    ['config.json', 'engines/unknown-architecture'],
    ['adapter_config.json', 'engines/lora-adapter'],
    ['m.gguf', 'engines/no-engine'],
  ])('a folder with %s is told from others', async (name, code) => {
    writeFileSync(join(folder, name), '{}')
    expect(await codeOf(openEngine(folder))).toBe(code)
  })

  it('says how the Hub is addressed where that was meant', async () => {
    await expect(openEngine('org/name')).rejects.toThrow('hf:org/name/FILE.gguf')
    await expect(openEngine('https://huggingface.co/o/r/resolve/v1/q4/m.gguf?download=true')).rejects.toThrow(
      'hf:o/r/q4/m.gguf@v1',
    )
  })

  it('never shows what is secret in an address', async () => {
    for (const address of ['http://me:secret@host:1/v1?token=secret#secret', 'http://me:secret@[bad/v1']) {
      const error: unknown = await openEngine(address).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(AssayError)
      expect(formatError(error as AssayError)).not.toContain('secret')
    }
  })

  it('uses no more threads than the machine runs at once, and says so', async () => {
    const notes: string[] = []
    const model = await openEngine(smallestModel(), { threads: 100_000, note: (text) => notes.push(text) })
    await model.close()
    expect(model.settings.threads).toBe(availableParallelism())
    expect(notes).toEqual([expect.stringContaining('100000 threads are asked for')])
  })
})

describe('models from the hub', () => {
  it('downloads once, whole and checked, then takes the cached file', async () => {
    const seen: number[] = []
    const location = await resolveModel('hf:org/repo/model.gguf', {
      cacheDir: folder,
      progress: () => ({ update: (done, total) => seen.push(done / total), end: () => seen.push(-1) }),
    })
    expect(location).toEqual({ kind: 'file', path: target() })
    const path = target()
    expect(readFileSync(path).equals(CONTENT)).toBe(true)
    expect(seen.slice(-2)).toEqual([1, -1])
    expect(existsSync(`${path}.part`)).toBe(false)
    expect(existsSync(`${path}.lock`)).toBe(false)
    const requests = log.length
    expect(await get()).toEqual(location)
    expect(log.length).toBe(requests)
  })

  it('never touches the network with --offline, and says so', async () => {
    expect(await codeOf(resolveModel('hf:org/repo/model.gguf', { cacheDir: folder, offline: true }))).toBe(
      'engines/offline',
    )
    expect(log).toEqual([])
    await get()
    expect(await resolveModel('hf:org/repo/model.gguf', { cacheDir: folder, offline: true })).toEqual({
      kind: 'file',
      path: target(),
    })
  })

  it('goes on where an earlier download stopped', async () => {
    let cuts = 0
    answer = (request, response) => {
      if (request.url === PATH || cuts > 0) return hub(request, response)
      cuts++
      response.writeHead(200, { 'content-length': CONTENT.length })
      response.write(CONTENT.subarray(0, 100_000), () => response.destroy())
    }
    const path = join(folder, 'm.gguf')
    await fetchTo(path)
    expect(readFileSync(path).equals(CONTENT)).toBe(true)
    const resumed = log.at(-1)
    expect(resumed?.range).toMatch(/^bytes=[1-9]\d*-$/)
  })

  it('begins anew when the server has another version than the part', async () => {
    const path = join(folder, 'm.gguf')
    writeFileSync(`${path}.part`, Buffer.alloc(1000, 1))
    writeFileSync(`${path}.part.sha256`, 'f'.repeat(64))
    await fetchTo(path)
    expect(readFileSync(path).equals(CONTENT)).toBe(true)
  })

  it('begins anew when the server ignores ranges', async () => {
    const path = join(folder, 'm.gguf')
    writeFileSync(`${path}.part`, CONTENT.subarray(0, 5000))
    writeFileSync(`${path}.part.sha256`, SHA256)
    answer = (request, response) => {
      if (request.url === PATH) return hub(request, response)
      response.writeHead(200, { 'content-length': CONTENT.length })
      response.end(CONTENT)
    }
    await fetchTo(path)
    expect(readFileSync(path).equals(CONTENT)).toBe(true)
  })

  it('accepts a part that was complete but not yet renamed', async () => {
    const path = join(folder, 'm.gguf')
    writeFileSync(`${path}.part`, CONTENT)
    writeFileSync(`${path}.part.sha256`, SHA256)
    await fetchTo(path)
    expect(readFileSync(path).equals(CONTENT)).toBe(true)
  })

  it('sends the token to the first host only and never shows it', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_secret')
    const other = createServer((request, response) => {
      log.push({ url: `other${request.url}`, range: undefined, authorization: request.headers.authorization })
      serve(request, response)
    })
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    answer = (_, response) =>
      response.writeHead(302, { location: `${elsewhere}/blob?signature=s3cret` }).end()
    await get()
    expect(log.map(({ authorization }) => authorization)).toEqual(['Bearer hf_secret', undefined])

    answer = (_, response) => response.writeHead(401).end()
    const error: unknown = await resolveModel('hf:org/repo/other.gguf', { cacheDir: folder }).catch(
      (e: unknown) => e,
    )
    expect(JSON.stringify(error) + String(error)).not.toContain('hf_secret')
    await new Promise((done) => other.close(done))
  })

  it.each([
    [401, 'engines/download-denied'],
    [403, 'engines/download-denied'],
    [404, 'engines/no-such-model'],
    [503, 'engines/server-unavailable'],
    [429, 'engines/server-unavailable'],
  ])('names the trouble when the server answers %i', async (status, code) => {
    answer = (_, response) => response.writeHead(status).end('<html>no</html>')
    expect(await codeOf(fetchTo(join(folder, 'm.gguf')))).toBe(code)
    expect(existsSync(join(folder, 'm.gguf'))).toBe(false)
  })

  it('survives a server that is away for a moment', async () => {
    let away = 2
    answer = (request, response) => (away-- > 0 ? response.writeHead(503).end() : hub(request, response))
    await fetchTo(join(folder, 'm.gguf'))
    expect(readFileSync(join(folder, 'm.gguf')).equals(CONTENT)).toBe(true)
  })

  it.each([['/loop'], ['ftp://host/file'], [undefined]])('refuses a redirect to %s', async (location) => {
    answer = (_, response) => response.writeHead(302, location === undefined ? {} : { location }).end()
    expect(await codeOf(fetchTo(join(folder, 'm.gguf')))).toBe('engines/bad-redirect')
  })

  it('keeps the part of a body that always ends too early', async () => {
    answer = (request, response) => {
      if (request.url === PATH) return hub(request, response)
      response.writeHead(200)
      response.end(CONTENT.subarray(0, 1234))
    }
    const path = join(folder, 'm.gguf')
    expect(await codeOf(fetchTo(path))).toBe('engines/short-download')
    expect(existsSync(path)).toBe(false)
    expect(readFileSync(`${path}.part`).equals(CONTENT.subarray(0, 1234))).toBe(true)
  })

  it('deletes what does not have the announced checksum', async () => {
    answer = (request, response) => {
      if (request.url === PATH) return hub(request, response)
      response.writeHead(200, { 'content-length': CONTENT.length })
      response.end(Buffer.alloc(CONTENT.length, 7))
    }
    const path = join(folder, 'm.gguf')
    expect(await codeOf(fetchTo(path))).toBe('engines/checksum-mismatch')
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false)
  })

  it('asks for room on the disk before the download', async () => {
    answer = (_, response) => response.writeHead(200, { 'x-linked-size': 2 ** 52 }).end('x')
    expect(await codeOf(fetchTo(join(folder, 'm.gguf')))).toBe('engines/disk-full')
  })

  it('names a server that is not there', async () => {
    const work = download('http://127.0.0.1:1/x', join(folder, 'm.gguf'), { fetch, retryMilliseconds: 1 })
    expect(await codeOf(work)).toBe('engines/network-unreachable')
  })

  it('stops on a signal and keeps what came', async () => {
    const controller = new AbortController()
    const path = join(folder, 'm.gguf')
    answer = (request, response) => {
      if (request.url === PATH) return hub(request, response)
      response.writeHead(200, { 'content-length': CONTENT.length })
      response.write(CONTENT.subarray(0, 50_000))
      const look = setInterval(() => {
        if (existsSync(`${path}.part`) && readFileSync(`${path}.part`).length > 0) controller.abort()
      }, 10)
      controller.signal.addEventListener('abort', () => clearInterval(look))
    }
    expect(await codeOf(fetchTo(path, controller.signal))).toBe('engines/download-stopped')
    expect(readFileSync(`${path}.part`).length).toBeGreaterThan(0)
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('leaves a file alone that another live process downloads, and takes over from a dead one', async () => {
    const path = join(folder, 'm.gguf')
    writeFileSync(`${path}.lock`, String(process.ppid))
    expect(await codeOf(fetchTo(path))).toBe('engines/download-running')
    // No process has a number this large.
    writeFileSync(`${path}.lock`, '4194305')
    await fetchTo(path)
    expect(readFileSync(path).equals(CONTENT)).toBe(true)
  })

  it('says when the cache cannot be written', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(await codeOf(fetchTo(join(file, 'm.gguf')))).toBe('engines/cache-unwritable')
  })
})

describe('what nobody on the way may read or change', () => {
  const answers = (location: string) => async () => new Response(null, { status: 302, headers: { location } })
  const from = (address: string, location: string, token?: string) =>
    codeOf(download(address, join(folder, 'm.gguf'), { fetch: answers(location), token }))

  it('a token goes over https or to this machine, and nowhere else', async () => {
    expect(await from('http://hub.example/m', '/again', 'hf_x')).toBe('engines/token-in-clear')
    // Sent, and then sent round in a circle.
    expect(await from('https://hub.example/m', '/again', 'hf_x')).toBe('engines/bad-redirect')
    expect(await from('http://127.0.0.1:1/m', '/again', 'hf_x')).toBe('engines/bad-redirect')
  })

  it('no redirect leads from https to http', async () => {
    const error: unknown = await download('https://hub.example/m', join(folder, 'm.gguf'), {
      fetch: answers('http://cdn.example/m?key=secret'),
    }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'engines/bad-redirect' })
    expect(String((error as Error).message)).toContain('not encrypted')
    expect(String((error as Error).message)).not.toContain('secret')
  })
})

describe('models on disk', () => {
  it('takes a path as it is and says when nothing is there', async () => {
    const path = join(folder, 'm.gguf')
    writeFileSync(path, '')
    expect(await resolveModel(path)).toEqual({ kind: 'file', path })
    expect(await codeOf(resolveModel(join(folder, 'none.gguf')))).toBe('engines/no-such-file')
  })

  it('refuses what is no file to read, before it is opened', async () => {
    symlinkSync('b.gguf', join(folder, 'a.gguf'))
    symlinkSync('a.gguf', join(folder, 'b.gguf'))
    for (const name of ['a.gguf', 'zero\0byte.gguf', `${'long'.repeat(100)}.gguf`])
      expect(await codeOf(resolveModel(join(folder, name))), name).toBe('engines/unreadable-file')
    // A device stands for pipes, too: neither is opened.
    expect(await codeOf(resolveModel('/dev/zero'))).toBe('engines/unreadable-file')
  })

  it('finds the cache folder where the environment says', () => {
    expect(defaultCacheDir({ ASSAY_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a')
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/b' })).toBe(join('/b', 'assay'))
  })
})
