import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AssayError } from '../../core/index.js'
import { datasetFiles } from './dataset.js'
import type { ResolveOptions } from './options.js'

const SHA = 'ab12'.repeat(10)
const FILES = [
  'ARC-Easy/test/0001.parquet',
  'ARC-Easy/test/0000.parquet',
  'ARC-Easy/train/0000.parquet',
  'README.md',
]

let asked: string[]
/** What the files' revision is called. */
let asOf = 'main'
let options: ResolveOptions & { cacheDir: string }

/** A Hub that lists FILES and gives each its own name as content. */
async function hub(url: string | URL): Promise<Response> {
  const { pathname } = new URL(url)
  asked.push(decodeURIComponent(pathname))
  if (pathname === '/api/datasets/allenai/ai2_arc/revision/refs%2Fconvert%2Fparquet')
    return Response.json({ sha: SHA, siblings: FILES.map((rfilename) => ({ rfilename })) })
  if (pathname === `/api/datasets/allenai/ai2_arc/revision/${asOf}`)
    return Response.json({ sha: SHA, siblings: FILES.map((rfilename) => ({ rfilename })) })
  const file = pathname.split(`/datasets/allenai/ai2_arc/resolve/${SHA}/`)[1]
  if (file === undefined) return new Response('', { status: 404 })
  return new Response(file, { headers: { 'content-length': String(file.length) } })
}

beforeEach(() => {
  asked = []
  asOf = 'main'
  options = { cacheDir: mkdtempSync(join(tmpdir(), 'assay-hub-')), fetch: hub as ResolveOptions['fetch'] }
})

describe('rows of a dataset on the Hub', () => {
  const arc = { repository: 'allenai/ai2_arc', name: 'ARC-Easy', split: 'test' }

  it('come as the Parquet files of their split, in order, once', async () => {
    const paths = await datasetFiles(arc, options)
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual([FILES[1], FILES[0]])
    const before = asked.length
    expect(await datasetFiles(arc, { ...options, offline: true })).toEqual(paths)
    expect(asked.length).toBe(before)
  })

  it('are those of the only configuration where none is named', async () => {
    const [path] = await datasetFiles({ ...arc, name: null, split: 'train' }, options)
    expect(readFileSync(path, 'utf8')).toBe(FILES[2])
  })

  it.each([
    [{ ...arc, split: 'dev' }, 'engines/no-such-split', 'it has ARC-Easy/test, ARC-Easy/train'],
    [{ ...arc, repository: '../etc' }, 'engines/no-such-split', 'is no dataset'],
    [{ ...arc, name: '..' }, 'engines/no-such-split', 'is no dataset'],
  ])('%j is refused', async (split, code, message) => {
    const error = (await datasetFiles(split, options).catch((e: unknown) => e)) as AssayError
    expect([error.code, error.message.includes(message)]).toEqual([code, true])
  })

  it.each([
    ['hf:allenai/ai2_arc/ARC-Easy/train/0000.parquet', 'main'],
    ['hf:allenai/ai2_arc/ARC-Easy/train/0000.parquet@v1', 'v1'],
    ['hf:datasets/allenai/ai2_arc/ARC-Easy/train/0000.parquet', 'main'],
    ['hf://datasets/allenai/ai2_arc@v1/ARC-Easy/train/0000.parquet', 'v1'],
  ])('come as the file %s, pinned to its commit', async (reference, revision) => {
    asOf = revision
    const [path] = await datasetFiles(reference, options)
    expect(readFileSync(path, 'utf8')).toBe(FILES[2])
    expect(path).toContain(SHA)
    // The branch moves on: what was asked for stays.
    asOf = 'elsewhere'
    expect(await datasetFiles(reference, { ...options, offline: true })).toEqual([path])
  })

  it.each([
    ['hf:allenai/ai2_arc', 'engines/no-such-split', 'names no file of a dataset'],
    ['hf:allenai/ai2_arc/dev.jsonl', 'engines/no-such-split', 'it has ARC-Easy/test/0001.parquet'],
    ['hf:allenai/../x.jsonl', 'engines/bad-reference', 'expected hf:org/repo'],
  ])('%s is refused', async (reference, code, message) => {
    const error = (await datasetFiles(reference, options).catch((e: unknown) => e)) as AssayError
    expect([error.code, error.message.includes(message)]).toEqual([code, true])
  })

  it('are not asked for off-line', async () => {
    const error = (await datasetFiles(arc, { ...options, offline: true }).catch(
      (e: unknown) => e,
    )) as AssayError
    expect([error.code, asked]).toEqual(['engines/offline', []])
  })
})
