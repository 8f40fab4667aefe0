import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { smallestModel } from '../../../test/cli/run-cli.js'
import { AssayError } from '../../core/index.js'
import { openEngine } from '../open-engine.js'
import { listRevisions } from './repository.js'
import { resolveModel } from './resolve-model.js'

const SHIPPED = smallestModel().replace(/\.gguf$/, '')
const COMMIT = '0a1b'.repeat(10)
const LATER = 'c2d3'.repeat(10)
const WEIGHTS = 'model.safetensors'

let cacheDir: string
let server: Server
let asked: string[]
/** Name → content of the repository. */
let files: Map<string, Buffer>
let commit: string
/** Bytes of the weights after which the connection breaks, each time it is asked for. */
let breakAfter: number[]

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = decodeURIComponent(request.url ?? '')
  asked.push(`${url} ${request.headers.range ?? ''}`.trim())
  if (url === '/api/models/org/name/refs') {
    response.end(
      JSON.stringify({ branches: [{ name: 'main' }, { name: 'step3000' }], tags: [{ name: 'v1' }] }),
    )
    return
  }
  if (/^\/api\/models\/org\/name\/revision\/(main|step3000)\?blobs=true$/.test(url)) {
    const siblings = Array.from(files, ([rfilename, content]) => ({
      rfilename,
      size: content.length,
      ...(rfilename === WEIGHTS
        ? { lfs: { sha256: createHash('sha256').update(content).digest('hex') } }
        : { blobId: createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex') }),
    }))
    response.end(JSON.stringify({ sha: commit, siblings }))
    return
  }
  const name = new RegExp(`^/org/name/resolve/${commit}/(.+)$`).exec(url)?.[1]
  const content = name === undefined ? undefined : files.get(name)
  if (content === undefined) {
    response.writeHead(404).end()
    return
  }
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const body = content.subarray(start)
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': body.length,
    ...(start > 0 && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
    ...(name === WEIGHTS && { 'x-linked-etag': `"${createHash('sha256').update(content).digest('hex')}"` }),
  })
  const cut = name === WEIGHTS ? breakAfter.shift() : undefined
  if (cut === undefined) response.end(body)
  else response.write(body.subarray(0, cut), () => response.destroy())
}

beforeEach(async () => {
  cacheDir = mkdtempSync(join(tmpdir(), 'assay-repository-'))
  asked = []
  breakAfter = []
  commit = COMMIT
  files = new Map(readdirSync(SHIPPED).map((name) => [name, readFileSync(join(SHIPPED, name))]))
  files.set('README.md', Buffer.from('# A model'))
  files.set('pytorch_model.bin', Buffer.from('pickle'))
  server = createServer(answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.stubEnv('HF_TOKEN', '')
})

afterEach(async () => {
  vi.unstubAllEnvs()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  rmSync(cacheDir, { recursive: true, force: true })
})

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(AssayError)
  return (error as AssayError).code
}

const folderOf = (sha: string) => join(cacheDir, 'models', 'org', 'name', sha)

describe('a checkpoint on the Hub', () => {
  it('is downloaded file by file at one commit, without what is no part of it', async () => {
    const location = await resolveModel('hf:org/name', { cacheDir })
    expect(location).toEqual({ kind: 'folder', path: folderOf(COMMIT), name: 'org/name' })
    expect(readdirSync(folderOf(COMMIT)).toSorted()).toEqual(readdirSync(SHIPPED).toSorted())
    for (const name of readdirSync(SHIPPED))
      expect(readFileSync(join(folderOf(COMMIT), name))).toEqual(files.get(name))
  })

  it('stays at its commit when the branch moves on, and then needs no network', async () => {
    await resolveModel('hf:org/name', { cacheDir })
    commit = LATER
    asked = []
    const again = await resolveModel('hf:org/name', { cacheDir, offline: true })
    expect(again).toMatchObject({ path: folderOf(COMMIT) })
    expect(asked).toEqual([])
  })

  it('goes on where a broken connection left it', async () => {
    breakAfter = [100_000]
    await resolveModel('hf:org/name', { cacheDir })
    expect(asked.filter((url) => url.includes(WEIGHTS))).toEqual([
      `/org/name/resolve/${COMMIT}/${WEIGHTS}`,
      expect.stringMatching(new RegExp(`${WEIGHTS} bytes=\\d+-$`)),
    ])
    expect(readFileSync(join(folderOf(COMMIT), WEIGHTS))).toEqual(files.get(WEIGHTS))
  })

  it('is another folder at another revision', async () => {
    const location = await resolveModel('hf:org/name@step3000', { cacheDir })
    expect(location).toMatchObject({ path: folderOf(COMMIT), name: 'org/name@step3000' })
    expect(await listRevisions('org/name', {})).toEqual(['main', 'step3000', 'v1'])
  })

  it('is scored under its name', async () => {
    const model = await openEngine('hf:org/name', { cacheDir, threads: 1, contextLength: 64 })
    expect(model.evidence.name).toBe('org/name')
    await model.close()
  })

  it('is refused where a file is not what was listed, and asked for again the next time', async () => {
    const whole = files.get('config.json')!
    const spoilt = Buffer.from(whole)
    spoilt[5]! ^= 1
    const honest = server.listeners('request')[0] as typeof answer
    server.removeAllListeners('request')
    server.on('request', (request, response) => {
      if (!request.url?.endsWith('/config.json')) honest(request, response)
      else response.end(spoilt)
    })
    expect(await codeOf(resolveModel('hf:org/name', { cacheDir }))).toBe('engines/checksum-mismatch')
    server.removeAllListeners('request')
    server.on('request', honest)
    expect(await resolveModel('hf:org/name', { cacheDir })).toMatchObject({ kind: 'folder' })
  })

  it.each([
    ['GGUF files alone', ['m-q4.gguf', 'README.md'], 'whole-repository', 'hf:org/name/m-q4.gguf'],
    ['pickled weights alone', ['config.json', 'pytorch_model.bin'], 'whole-repository', 'pickled'],
    [
      'an adapter',
      ['adapter_config.json', 'adapter_model.safetensors'],
      'lora-adapter',
      'adapter_config.json',
    ],
    ['nothing of a model', ['README.md'], 'whole-repository', 'no config.json'],
  ])('%s are named', async (_, names, code, said) => {
    files = new Map(names.map((name) => [name, Buffer.from('{}')]))
    const work = resolveModel('hf:org/name', { cacheDir })
    await expect(work).rejects.toThrow(said)
    expect(await codeOf(work)).toBe(`engines/${code}`)
  })

  it('is not looked for off-line, and told where it is not', async () => {
    expect(await codeOf(resolveModel('hf:org/name', { cacheDir, offline: true }))).toBe('engines/offline')
    expect(asked).toEqual([])
    expect(await codeOf(resolveModel('hf:org/none', { cacheDir }))).toBe('engines/no-such-model')
  })
})
