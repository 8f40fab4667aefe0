import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { skippedFields } from '../../src/cli/corpus/describe.js'
import type { Gathered, Gathering } from '../../src/corpus/job/gathering.js'
import { createPool } from '../../src/corpus/job/pool.js'
import type { Unit } from '../../src/corpus/readers/unit.js'
import { count, jsonl, temporaryFolder, write } from './helpers.js'

it('a thread that ends before it is given a unit is told, not waited for', async () => {
  const gathering = {
    read: { column: 'text', textDocument: 'line' },
    gatherers: () => ({
      async own() {
        await sleep(100)
        return {}
      },
      others: { module: new URL('data:text/javascript,throw new Error("no memory")'), setup: null },
    }),
  } as unknown as Gathering<Gathered, unknown>
  const [, thread] = await createPool(gathering, 2, false)
  await expect(thread!.gather({} as Unit)).rejects.toMatchObject({
    code: 'corpus/worker-failed',
    message: expect.stringContaining('no memory'),
  })
  await thread!.close()
}, 20_000)

it('what a thread read of a document that --strict refuses is not laid to the next file', async () => {
  const folder = temporaryFolder()
  const paris = (n: number): string => jsonl(Array.from({ length: n }, () => 'Paris is in France.'))
  // The largest is this thread's; the other one is given both others before it has read the first.
  const [, bad] = [write('a.jsonl', paris(30), folder), write('b.jsonl', `${paris(20)}{`, folder)]
  write('c.jsonl', paris(10), folder)
  const kept = { threads: 2, checkpoint: temporaryFolder() }
  await expect(count([folder], { ...kept, strict: true })).rejects.toMatchObject({
    code: 'corpus/bad-document',
    place: { path: bad },
  })
  const { documents, counts } = await count([folder], { ...kept, resume: true })
  expect([documents, counts[0]]).toEqual([60, [60, 60, 60]])
})

it('what is left out is told by file and place, though large files are read first', async () => {
  const folder = temporaryFolder()
  for (const [name, lines] of [
    ['10', 3],
    ['9', 1],
    ['8', 2],
  ] as const)
    write(`${name}.jsonl`, `{}\n${jsonl(Array.from({ length: lines }, () => 'Paris'))}`, folder)
  const { result } = await count([folder])
  const { skipped } = skippedFields(result.totals.skipped)
  expect(skipped.map(({ path }) => path.slice(folder.length + 1))).toEqual(['8.jsonl', '9.jsonl', '10.jsonl'])
})
