/** What experiment trackers keep on disk: W&B's run files, MLflow's folders; and archives that are not undone. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readLogs } from '../../src/ingest/index.js'
import { wandbReader } from '../../src/ingest/logs/formats/wandb/index.js'
import { scratch } from './files.js'
import { memorySource } from './memory-source.js'
import { history, recordLog, runFile } from './wandb-writer.js'

const file = scratch()
const OPTIONS = { columns: {} }
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('a W&B run file', () => {
  // Records of some 700 bytes: 32 KiB hold fewer than fifty of them, and one lies in two blocks.
  const note = `"${'x'.repeat(650)}"`
  const rows = Array.from({ length: 100 }, (_, i) => [i, { loss: `${8 - i / 100}`, note }] as const)
  const records = rows.map(([step, values]) => history(step, values))
  const whole = runFile(rows)
  const ends = records.map((_, k) => recordLog(records.slice(0, k + 1)).length)
  const across = ends.findIndex((end) => end > 32 * 1024)

  it('is read across its blocks', async () => {
    const [run] = await wandbReader.read(memorySource(whole, 1000), OPTIONS)
    expect([...run.loss]).toEqual(rows.map(([i]) => 8 - i / 100))
    expect(run.notes).toEqual([])
  })

  it.each([-1, 0, 1, 2])(
    "cut %i records from the block's end, or in the next, keeps all before",
    async (from) => {
      const kept = across + from
      for (const more of [0, 1, 6, 7, 8, 300]) {
        const runs = await wandbReader.read(memorySource(whole.subarray(0, ends[kept - 1] + more)), OPTIONS)
        expect(runs[0].step.length).toBe(kept)
        if (more > 8) expect(runs[0].notes.map((n) => n.code)).toEqual(['cut-line'])
      }
    },
  )

  it('loses the rest of a block to a wrong byte, and no other block', async () => {
    const damaged = whole.slice()
    damaged[20_000] ^= 1
    const [run] = await wandbReader.read(memorySource(damaged), OPTIONS)
    expect([...run.step]).toEqual(rows.map(([i]) => i).filter((i) => ends[i] <= 20_000 || i > across))
    expect(run.notes.map((n) => n.code)).toEqual(['damaged'])
  })

  it('counts the steps that the trainer logs, not the calls of log', async () => {
    const counted = runFile([
      [0, { 'train/loss': '3', 'train/global_step': '10' }],
      [1, { 'train/loss': '2', 'train/global_step': '20' }],
    ])
    const [run] = await wandbReader.read(memorySource(counted), OPTIONS)
    expect([...run.step]).toEqual([10, 20])
  })

  it('stands for its folder: what lies beside it was made from it', async () => {
    const path = file('wandb/run-1/run-1.wandb', whole)
    file('wandb/run-1/files/output.log', encode('step 1 loss 2.0\nstep 2 loss 1.9\n'))
    const runs = await readLogs([join(path, '../..')], OPTIONS)
    expect(runs.map((run) => run.format)).toEqual(['wandb'])
  })
})

describe('MLflow keeps a file a metric', () => {
  it.each(['mlruns', 'mlruns/0/run/metrics'])('and %s is read as one run', async (named) => {
    const at = `${named.length}`
    const values = (first: number, scale: number): Uint8Array =>
      encode(
        [0, 1, 2].map((i) => `${1700000000000 + 1000 * i + first} ${scale * (3 - i)} ${10 * i}\n`).join(''),
      )
    const loss = file(`${at}/mlruns/0/run/metrics/train/loss`, values(5, 1))
    file(`${at}/mlruns/0/run/metrics/lr`, values(0, 0.5))
    file(`${at}/mlruns/0/run/params/lr`, encode('0.1'))
    const runs = await readLogs([join(loss.slice(0, loss.indexOf('mlruns')), named)], OPTIONS)
    expect(runs).toHaveLength(1)
    const [{ step, loss: losses, learningRate }] = runs
    expect([[...step], [...losses], [...learningRate]]).toEqual([
      [0, 10, 20],
      [3, 2, 1],
      [1.5, 1, 0.5],
    ])
  })
})

it.each([
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 'xz -dc'],
  ['bzip2', [...encode('BZh91AY')], 'bzip2 -dc'],
  ['zip', [0x50, 0x4b, 3, 4, 20, 0], 'unzip -p'],
] as const)('a log packed by %s is refused with what unpacks it', async (name, bytes, command) => {
  const path = file(`packed-${name}`, Uint8Array.from(bytes))
  await expect(readLogs([path], OPTIONS)).rejects.toMatchObject({
    code: 'logs/packed',
    message: expect.stringContaining(`${command} ${path} | assay curve -`),
  })
})
