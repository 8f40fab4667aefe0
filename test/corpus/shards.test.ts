import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCount } from '../../src/cli/corpus/count.js'
import { runMerge } from '../../src/cli/corpus/merge.js'
import type { CountOptions } from '../../src/cli/corpus/options.js'
import { silentProgress } from '../../src/cli/progress.js'
import type { Io } from '../../src/cli/run.js'
import { countParts, DEFAULT_MATCH, PUBLIC_ENDPOINT } from '../../src/corpus/index.js'
import { deleteShards } from '../../src/corpus/job/shards.js'
import { ProfileSum } from '../../src/corpus/profile/profiled.js'
import { DOCUMENTS, FACTS, jsonl, temporaryFolder, write } from './helpers.js'

const io: Io = {
  json: true,
  quiet: true,
  seed: 1,
  colour: false,
  progress: () => silentProgress,
  note: () => {},
  failed: () => {},
}

it('parts add up that leave out more files than a call takes arguments', () => {
  const skipped = Array.from({ length: 200_000 }, (_, i) => ({
    path: `${i}.txt`,
    reason: 'no text',
    documents: null,
    where: 'the file',
  }))
  const none = { match: DEFAULT_MATCH, column: 'text', textDocument: 'line', format: 'auto' } as const
  const totals = countParts(FACTS, none).sum()
  totals.add({ ...totals.toGathered(), skipped })
  const sum = new ProfileSum()
  sum.add({ ...sum.toGathered(), skipped })
  expect([totals.skipped.length, sum.toGathered().skipped.length]).toEqual([200_000, 200_000])
})

/** A corpus of one file, and the facts, in a folder of their own. */
function setUp() {
  const folder = temporaryFolder()
  const corpus = join(folder, 'corpus')
  mkdirSync(corpus)
  write('a.jsonl', jsonl(DOCUMENTS), corpus)
  const facts = write(
    'facts.jsonl',
    FACTS.map((f) => `${JSON.stringify({ id: f.fact_id, ...f })}\n`).join(''),
    folder,
  )
  const out = join(folder, 'counts.tsv')
  const options = (more: Partial<CountOptions>): CountOptions => ({
    facts: [facts],
    engine: 'embedded',
    match: 'boundary',
    columns: {},
    format: 'auto',
    sampleBy: 'line',
    threads: 1,
    shards: 2,
    retries: 0,
    sbatch: [],
    endpoint: PUBLIC_ENDPOINT,
    concurrency: 1,
    ...more,
  })
  const parts = `${out}.shards/`
  const shard = (index: number, more: Partial<CountOptions> = {}, of = 2) =>
    runCount([corpus], options({ shard: { index, of }, out: parts, ...more }), io)
  return {
    corpus,
    facts,
    out,
    parts,
    shard,
    /** Takes up the shards that stand; where all do, no scheduler is needed. */
    resume: (more: Partial<CountOptions> = {}) =>
      runCount([corpus], options({ engine: 'slurm', out, resume: true, ...more }), io),
    merge: () => runMerge([parts], { facts: [facts], out, columns: {} }, io),
  }
}

describe('--engine slurm --resume', () => {
  it('takes shards that are of this very count', async () => {
    const { shard, resume } = setUp()
    await shard(0)
    await shard(1)
    expect((await resume()).json).toMatchObject({ documents: DOCUMENTS.length, shards: { total: 2 } })
  })

  it('refuses shards that were counted with other options, naming them', async () => {
    const { shard, resume, parts } = setUp()
    await shard(0)
    await shard(1)
    const first = join(parts, 'shard-00000-of-00002.part.json.gz')
    await expect(resume({ ignoreCase: true, within: 3 })).rejects.toMatchObject({
      code: 'corpus/other-job',
      place: { path: first },
      message: 'it was made with no --ignore-case, no --within, this call has --ignore-case on, --within 3',
    })
    await expect(resume({ columns: { text: 'content' } })).rejects.toMatchObject({
      code: 'corpus/other-job',
      message: 'it was made with --columns text=text, this call has --columns text=content',
    })
    await expect(resume({ shards: 3 })).rejects.toMatchObject({
      code: 'corpus/other-job',
      place: { path: first },
      message: 'it is one of 2 shards, this call has --shards 3',
    })
  })

  it('refuses shards of other facts', async () => {
    const { shard, resume, facts } = setUp()
    await shard(0)
    await shard(1)
    writeFileSync(facts, readFileSync(facts, 'utf8').split('\n').slice(1).join('\n'))
    await expect(resume()).rejects.toMatchObject({
      code: 'corpus/other-job',
      message: 'it was made with other facts',
    })
  })

  it('refuses shards of a corpus with more files or changed ones', async () => {
    const { shard, resume, corpus } = setUp()
    await shard(0)
    await shard(1)
    write('b.jsonl', jsonl(DOCUMENTS), corpus)
    await expect(resume()).rejects.toMatchObject({
      code: 'corpus/other-job',
      message: 'the corpus had 1 file then and has 2 files now',
    })
    await shard(0)
    await shard(1)
    expect((await resume()).json).toMatchObject({ documents: 2 * DOCUMENTS.length })
    const first = join(corpus, 'a.jsonl')
    utimesSync(first, 1, 1)
    await expect(resume()).rejects.toMatchObject({
      code: 'corpus/other-job',
      message: `${first} has changed since`,
    })
    rmSync(first)
    await expect(resume()).rejects.toMatchObject({
      code: 'corpus/other-job',
      message: `${first} is no longer part of the corpus`,
    })
  })
})

describe('a merge of --shard workers', () => {
  it('refuses shards of different options, saying which', async () => {
    const { shard, merge, parts } = setUp()
    await shard(0)
    await shard(1, { ignoreCase: true })
    await expect(merge()).rejects.toMatchObject({
      code: 'corpus/parts-disagree',
      place: { path: join(parts, 'shard-00001-of-00002.part.json.gz') },
      message: 'it was made with --ignore-case on, the first part with no --ignore-case',
    })
  })

  it('refuses shards of different corpora, and of another number', async () => {
    const { shard, merge, corpus } = setUp()
    await shard(0)
    write('b.jsonl', jsonl(DOCUMENTS), corpus)
    await shard(1)
    await expect(merge()).rejects.toMatchObject({
      code: 'corpus/parts-disagree',
      message: expect.stringContaining('other files'),
    })
    await shard(0)
    expect((await merge()).json).toMatchObject({ documents: 2 * DOCUMENTS.length })
    await shard(2, {}, 3)
    await expect(merge()).rejects.toMatchObject({ code: 'corpus/parts-disagree' })
  })
})

it('a new count forgets the shards of an earlier one and what they had begun', async () => {
  const { shard, parts } = setUp()
  await shard(0)
  const checkpoint = join(parts, 'checkpoint-1')
  mkdirSync(checkpoint)
  write('0-abc.part.json.gz', 'x', checkpoint)
  write('notes.txt', 'mine', parts)
  await deleteShards(parts)
  expect(existsSync(checkpoint)).toBe(false)
  expect(readdirSync(parts)).toEqual(['notes.txt'])
})
