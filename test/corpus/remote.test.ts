import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, gzipSync } from 'node:zlib'
import { AwsClient } from 'aws4fetch'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_MATCH, recorded, writeTable } from '../../src/corpus/index.js'
import { openSource } from '../../src/corpus/readers/source.js'
import {
  copyWithDuckDb,
  count,
  DOCUMENTS,
  EXPECTED,
  FACTS,
  jsonl,
  mergeParts,
  temporaryFolder,
  write,
  writePart,
} from './helpers.js'

let server: Server | undefined
afterEach(() => server?.close())

interface Behaviour {
  /** Answer with the whole file whatever is asked. */
  readonly ignoresRanges?: boolean
  /** Cut the connection after so many bytes of each answer longer than that. */
  readonly breaksAfter?: number
  /** Answer 503 to the first requests. */
  failures?: number
}

async function serve(
  files: Readonly<Record<string, Uint8Array>>,
  behaviour: Behaviour = {},
): Promise<string> {
  server = createServer((request, response) => {
    const file = files[request.url ?? '']
    if ((behaviour.failures ?? 0) > 0) {
      behaviour.failures = (behaviour.failures ?? 0) - 1
      response.writeHead(503).end()
      return
    }
    if (file === undefined) {
      response.writeHead(404).end()
      return
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const partial = range !== null && behaviour.ignoresRanges !== true
    const from = partial ? Number(range[1]) : 0
    const to = partial && range[2] !== '' ? Math.min(Number(range[2]) + 1, file.length) : file.length
    response.writeHead(partial ? 206 : 200, {
      etag: '"1"',
      'content-length': to - from,
      ...(partial ? { 'content-range': `bytes ${from}-${to - 1}/${file.length}` } : {}),
    })
    const cut = behaviour.breaksAfter ?? Number.POSITIVE_INFINITY
    if (to - from <= cut) response.end(file.subarray(from, to))
    else response.write(file.subarray(from, from + cut), () => response.destroy())
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('https sources', () => {
  it('count JSONL, gzip and Parquet', async () => {
    const folder = temporaryFolder()
    const plain = write('a.jsonl', jsonl(DOCUMENTS), folder)
    const parquet = await copyWithDuckDb(plain, join(folder, 'a.parquet'), 'FORMAT parquet, COMPRESSION zstd')
    const base = await serve({
      '/a.jsonl': readFileSync(plain),
      '/a.jsonl.gz': gzipSync(jsonl(DOCUMENTS)),
      '/a.parquet': readFileSync(parquet),
    })
    const { counts } = await count([`${base}/a.jsonl`, `${base}/a.jsonl.gz`, `${base}/a.parquet`])
    expect(counts).toEqual(EXPECTED.map((row) => row.map((n) => 3 * n)))
  })

  it('take up a broken stream where it broke, and ask again after a failing server', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `Paris ${i}`)
    const base = await serve({ '/a.jsonl': Buffer.from(jsonl(many)) }, { breaksAfter: 20_000, failures: 1 })
    const { counts, documents } = await count([`${base}/a.jsonl`])
    expect(documents).toBe(3000)
    expect(counts[0]).toEqual([0, 3000, 0])
  })

  it('read from a server without byte ranges: in one piece, by content, Parquet, taken up where it broke', async () => {
    const folder = temporaryFolder()
    const plain = write('a.jsonl', jsonl(DOCUMENTS), folder)
    const parquet = await copyWithDuckDb(plain, join(folder, 'a.parquet'), 'FORMAT parquet, COMPRESSION zstd')
    // Longer than a unit (16 MiB), which would be cut were there ranges.
    const long = Buffer.concat(
      Array.from({ length: 4 }, () => Buffer.from(jsonl([...DOCUMENTS, 'w'.repeat(5e6)]))),
    )
    const base = await serve(
      { '/a': readFileSync(plain), '/a.parquet': readFileSync(parquet), '/long.jsonl': long },
      { ignoresRanges: true },
    )
    const { counts, result } = await count([`${base}/a`, `${base}/a.parquet`, `${base}/long.jsonl`])
    expect(counts).toEqual(EXPECTED.map((row) => row.map((n) => 6 * n)))
    expect(result.units).toHaveLength(3)
    const source = await openSource(`${base}/a`)
    expect(Buffer.from(await source.read(5, 10)).toString()).toBe(jsonl(DOCUMENTS).slice(5, 10))
  })

  it('read with the query of their address, which no message or checkpoint tells, and where a range is refused', async () => {
    server = createServer((request, response) => {
      const signed = request.url === '/a.jsonl?signature=secret'
      const refused = signed && request.headers.range !== undefined
      response.writeHead(refused ? 416 : signed ? 200 : 403).end(signed && !refused ? jsonl(DOCUMENTS) : '')
    })
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const checkpoint = temporaryFolder()
    const { counts, result } = await count([`${base}/a.jsonl?signature=secret`], { checkpoint })
    expect(counts).toEqual(EXPECTED)
    const kept = readdirSync(checkpoint).map((name) =>
      gunzipSync(readFileSync(join(checkpoint, name))).toString(),
    )
    expect(kept.join()).toContain(`${base}/a.jsonl`)
    expect(kept.join()).not.toContain('secret')
    expect(result.units.map(({ path }) => path)).toEqual([`${base}/a.jsonl`])
  })

  it('are told apart by their query alone, also where the server tells nothing else of them', async () => {
    server = createServer((request, response) => {
      const id = Number(new URL(request.url ?? '', 'http://host').searchParams.get('id'))
      response.writeHead(200).end(jsonl(id === 1 ? DOCUMENTS : DOCUMENTS.toReversed()))
    })
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/get.jsonl`
    const inputs = [`${base}?id=1`, `${base}?id=2`]
    const { counts, result } = await count(inputs)
    expect(counts).toEqual(EXPECTED.map((row) => row.map((n) => 2 * n)))
    expect(result.units.map(({ path }) => path)).toEqual([base, `${base}#2`])
    expect(recorded(inputs.map((input) => ({ name: 'a', input }))).map(({ input }) => input)).toEqual([
      base,
      base,
    ])
  })

  it('are an error where they do not exist', async () => {
    const base = await serve({})
    await expect(count([`${base}/none.jsonl`])).rejects.toMatchObject({
      code: 'corpus/server-failed',
      message: expect.stringContaining('404'),
      fix: expect.not.stringContaining('AWS'),
    })
  })
})

const hasMoto = spawnSync('python3', ['-c', 'import moto.server']).status === 0

describe.skipIf(!hasMoto)("s3 sources (skipped without Python's moto, which plays the server)", () => {
  const PORT = 16850
  const endpoint = `http://127.0.0.1:${PORT}`
  const settings = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: endpoint,
  }
  let moto: ChildProcess

  beforeAll(async () => {
    Object.assign(process.env, settings)
    moto = spawn('python3', ['-m', 'moto.server', '-p', String(PORT)], { stdio: 'ignore' })
    const client = new AwsClient({
      accessKeyId: 'test',
      secretAccessKey: 'secret',
      service: 's3',
      region: 'eu-west-1',
    })
    const put = (path: string, body?: string | Uint8Array<ArrayBuffer>) =>
      client.fetch(`${endpoint}/${path}`, { method: 'PUT', body: body ?? null })
    for (let attempt = 0; ; attempt++) {
      try {
        await put(
          'corpus',
          '<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>',
        )
        break
      } catch (error) {
        if (attempt === 120) throw error
        await sleep(500)
      }
    }
    const folder = temporaryFolder()
    const plain = write('a.jsonl', jsonl(DOCUMENTS), folder)
    const parquet = await copyWithDuckDb(plain, join(folder, 'a.parquet'), 'FORMAT parquet, COMPRESSION zstd')
    await put('corpus/data/a%20file.jsonl', jsonl(DOCUMENTS))
    await put('corpus/data/deep/b.parquet', new Uint8Array(readFileSync(parquet)))
    await put('corpus/data/c.jsonl.gz', new Uint8Array(gzipSync(jsonl(DOCUMENTS))))
  }, 90_000)
  afterAll(() => {
    moto.kill()
    for (const name of Object.keys(settings)) delete process.env[name]
  })

  it('count objects, prefixes and globs', async () => {
    const times = (n: number) => EXPECTED.map((row) => row.map((value) => n * value))
    expect((await count(['s3://corpus/data/a file.jsonl'])).counts).toEqual(times(1))
    expect((await count(['s3://corpus/data/'])).counts).toEqual(times(3))
    expect((await count(['s3://corpus/data/**/*.parquet'])).counts).toEqual(times(1))
    expect((await count(['s3://corpus/data/*.jsonl*'])).counts).toEqual(times(2))
    await expect(count(['s3://corpus/none/*.jsonl'])).rejects.toMatchObject({ code: 'corpus/no-input' })
    await expect(count(['s3://corpus/none.jsonl'])).rejects.toMatchObject({ code: 'corpus/remote-failed' })
  })

  it('take shards and tables, and give back the exact sum', async () => {
    for (let index = 0; index < 2; index++) {
      const shard = { index, of: 2 }
      const { result } = await count(['s3://corpus/data/'], { shard })
      await writePart('s3://corpus/parts/', shard, result)
    }
    const merged = await mergeParts('s3://corpus/parts/')
    expect(merged.totals.tally.documents).toBe(3 * DOCUMENTS.length)
    const { rows } = await count(['s3://corpus/data/'])
    await writeTable('s3://corpus/counts.tsv', rows, {
      documents: 18,
      bytes: 60,
      match: DEFAULT_MATCH,
      lost: null,
    })
    const table = await openSource('s3://corpus/counts.tsv')
    const text = Buffer.from(await table.read(0, table.size ?? 0)).toString()
    expect(text.split('\n')[1]).toBe('France>Paris\tFrance\tParis\tr\t6\t6\t3\t18\t60\tboundary')
  })

  it('refuse shards that do not belong together', async () => {
    const folder = `${temporaryFolder()}/`
    const shard = { index: 0, of: 2 }
    const { result } = await count(['s3://corpus/data/'], { shard })
    await writePart(folder, shard, result)
    await expect(mergeParts(folder)).rejects.toMatchObject({
      code: 'corpus/parts-disagree',
      message: expect.stringContaining('missing: 1'),
    })
    await expect(mergeParts(folder, FACTS.slice(1))).rejects.toMatchObject({ code: 'corpus/parts-disagree' })
    const other = { index: 1, of: 2 }
    const changed = await count(['s3://corpus/data/*.jsonl*'], { shard: other })
    await writePart(folder, other, changed.result)
    await expect(mergeParts(folder)).rejects.toMatchObject({
      message: expect.stringContaining('other files'),
    })
  })
})
