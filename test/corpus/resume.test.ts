import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../src/core/index.js'
import { Checkpoint } from '../../src/corpus/job/checkpoint.js'
import { COUNT_FORM, countParts } from '../../src/corpus/job/counts.js'
import { decodePart } from '../../src/corpus/job/part.js'
import { toSparse } from '../../src/corpus/job/sparse.js'
import { DEFAULT_MATCH } from '../../src/corpus/names/match.js'
import { count, FACTS, jsonl, temporaryFolder, write } from './helpers.js'

const CLI = 'dist/cli/bundle/main.js'
const FILES = 90
const folder = temporaryFolder()
const facts = join(folder, 'facts.jsonl')
const corpus = join(folder, 'corpus')

interface Run {
  readonly code: number | null
  readonly json: { documents: number; shards: { total: number; resumed: number } } | undefined
}

/** Run the command; kill it hard once `killWhen` says so, if given. */
function run(out: string, extra: string[], killWhen?: () => boolean): Promise<Run> {
  return new Promise((resolve) => {
    const args = ['corpus', 'count', '--facts', facts, corpus, '--out', out, '--json', ...extra]
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.on('close', (code) => resolve({ code, json: code === 0 ? JSON.parse(text) : undefined }))
    if (killWhen === undefined) return
    const timer = setInterval(() => {
      if (killWhen()) child.kill('SIGKILL')
    }, 1)
    child.on('close', () => clearInterval(timer))
  })
}

/** Finished units in a folder of parts. */
function unitsIn(parts: string): number {
  if (!existsSync(parts)) return 0
  const names = readdirSync(parts).filter((name) => name.endsWith('.part.json.gz'))
  return new Set(names.flatMap((name) => decodePart(readFileSync(join(parts, name)), name, COUNT_FORM).units))
    .size
}

beforeAll(() => {
  writeFileSync(facts, FACTS.map((f) => `${JSON.stringify({ id: f.fact_id, ...f })}\n`).join(''))
  mkdirSync(corpus)
  for (let file = 0; file < FILES; file++) {
    const documents = Array.from({ length: 400 }, (_, i) =>
      i % (file + 2) === 0 ? 'Paris, France' : 'Lima and Perú, '.repeat(40),
    )
    write(`${String(file).padStart(3, '0')}.jsonl`, jsonl(documents), corpus)
  }
})

describe.skipIf(!existsSync(CLI))('resuming (skipped where the program is not built)', () => {
  it('loses no finished shard and repeats none, wherever it is killed', async () => {
    const reference = join(folder, 'reference.tsv')
    const whole = await run(reference, ['--threads', '2'])
    expect(whole.json).toMatchObject({ documents: FILES * 400, shards: { total: FILES, resumed: 0 } })
    const random = createRandom(7)
    const out = join(folder, 'killed.tsv')
    const parts = `${out}.parts`
    const filesOnDisk = (): number => (existsSync(parts) ? readdirSync(parts).length : 0)
    let finished = 0
    for (let attempt = 0; attempt < 6; attempt++) {
      const kept = unitsIn(parts)
      expect(kept).toBeGreaterThanOrEqual(finished)
      finished = kept
      const files = filesOnDisk()
      const more = 1 + Math.floor(20 * random.uniform())
      const { json } = await run(out, ['--resume', '--threads', '2'], () => filesOnDisk() >= files + more)
      if (json === undefined) continue
      expect(json.shards).toEqual({ total: FILES, resumed: finished })
      break
    }
    expect(finished).toBeGreaterThan(0)
    // Killed before the table was written, or between writing it and clearing up: either way once more to the end.
    if (!existsSync(out) || existsSync(parts)) {
      const kept = unitsIn(parts)
      const { json } = await run(out, ['--resume'])
      expect(json?.shards).toEqual({ total: FILES, resumed: kept })
    }
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(reference, 'utf8'))
    expect(existsSync(parts)).toBe(false)
  }, 180_000)

  it('stops at SIGINT with 130 and goes on from there', async () => {
    const out = join(folder, 'interrupted.tsv')
    const args = ['corpus', 'count', '--facts', facts, corpus, '--out', out, '--threads', '1']
    const child = spawn(process.execPath, [CLI, ...args], { stdio: 'ignore' })
    while (!existsSync(`${out}.parts`) || readdirSync(`${out}.parts`).length === 0) await sleep(5)
    child.kill('SIGINT')
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(130)
    const { json } = await run(out, ['--resume'])
    expect(json?.shards.resumed).toBeGreaterThan(0)
    expect(json?.documents).toBe(FILES * 400)
  }, 60_000)
})

describe('checkpoints', () => {
  it('refuse another job and a corpus that has changed', async () => {
    const checkpoint = join(temporaryFolder(), 'parts')
    const path = write('a.jsonl', jsonl(['Paris']))
    await count([path], { checkpoint })
    const again = count([path], { checkpoint, resume: true, match: { ...DEFAULT_MATCH, ignoreCase: true } })
    await expect(again).rejects.toMatchObject({ code: 'corpus/other-job' })
    writeFileSync(path, jsonl(['Paris', 'Paris']))
    await expect(count([path], { checkpoint, resume: true })).rejects.toMatchObject({
      code: 'corpus/other-job',
    })
    expect((await count([path], { checkpoint })).documents).toBe(2)
  })

  it('fold many parts into one and add up the same, with the addends left behind or not', () => {
    const parts = countParts(FACTS, {
      match: DEFAULT_MATCH,
      column: 'text',
      textDocument: 'line',
      format: 'auto',
    })
    const { entities } = parts.sum()
    const path = temporaryFolder()
    const checkpoint = Checkpoint.create(path, parts)
    const early = new Map<string, Buffer>()
    for (let i = 0; i < 200; i++) {
      const ofEntity = new Float64Array(entities.entities)
      ofEntity[i % entities.entities] = i
      const gathered = {
        documents: i,
        bytes: 2 * i,
        skipped: [],
        ofEntity: toSparse(ofEntity),
        ofPair: toSparse(new Float64Array(3)),
        ofPairInDocument: null,
        groups: [],
        examples: [],
      }
      checkpoint.add({ job: parts.job, units: [`unit ${i}`], gathered })
      if (i === 50) for (const name of readdirSync(path)) early.set(name, readFileSync(join(path, name)))
    }
    expect(readdirSync(path).length).toBeLessThan(70)
    // As after a kill between writing the sum and deleting the addends.
    for (const [name, bytes] of early) writeFileSync(join(path, name), bytes)
    const totals = parts.sum()
    for (const part of Checkpoint.resume(path, parts).parts) totals.add(part.gathered)
    expect(totals.tally.documents).toBe((199 * 200) / 2)
    expect(totals.tally.ofEntity.reduce((a, b) => a + b, 0)).toBe((199 * 200) / 2)
  })
})

describe('shards', () => {
  it('add up to the whole, threads or not', async () => {
    const whole = await count([corpus])
    const sums = whole.counts.map(() => [0, 0, 0])
    let documents = 0
    for (let index = 0; index < 4; index++) {
      const part = await count([corpus], { shard: { index, of: 4 }, threads: index % 2 === 0 ? 1 : 2 })
      documents += part.documents
      for (const [i, row] of part.counts.entries()) for (const [j, n] of row.entries()) sums[i]![j]! += n
    }
    expect(documents).toBe(whole.documents)
    expect(sums).toEqual(whole.counts)
  })
})
