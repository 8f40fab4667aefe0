import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findCheckpoints } from './series.js'

const scratch = mkdtempSync(join(tmpdir(), 'assay-series-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function runOf(name: string, folders: readonly string[], files: readonly string[] = []): string {
  const run = join(scratch, name)
  mkdirSync(run)
  for (const folder of folders) {
    mkdirSync(join(run, folder))
    writeFileSync(join(run, folder, 'config.json'), '{}')
  }
  for (const file of files) writeFileSync(join(run, file), '')
  return run
}

describe('checkpoints of a run', () => {
  it.each([
    ['by number, not by letter', ['checkpoint-1000', 'checkpoint-200'], [200, 1000]],
    [
      'of OLMo, whose names tell tokens too',
      ['stage1-step1000-tokens5B', 'stage1-step250-tokens1B'],
      [250, 1000],
    ],
    ['of Pythia', ['step0', 'step512'], [0, 512]],
    ['of Megatron', ['iter_0000010', 'iter_0000005'], [5, 10]],
    ['named by their step alone', ['20', '3'], [3, 20]],
  ])('are found in their order: %s', async (name, folders, steps) => {
    const found = await findCheckpoints(runOf(name, folders))
    expect(found.checkpoints.map(({ step }) => step)).toEqual(steps)
  })

  it('may be GGUFs, and other files beside them are none', async () => {
    const run = runOf('files', ['runs'], ['m-10.gguf', 'm-5.gguf', 'trainer_state.json', 'log-7.txt'])
    expect(await findCheckpoints(run)).toEqual({
      checkpoints: [
        { step: 5, model: join(run, 'm-5.gguf') },
        { step: 10, model: join(run, 'm-10.gguf') },
      ],
      unplaced: [join(run, 'runs')],
    })
  })

  it('without a step in their name are placed by the Trainer’s state, or told to be left out', async () => {
    const run = runOf('unnamed', ['checkpoint-10', 'final', 'best', 'latest'])
    writeFileSync(join(run, 'latest', 'trainer_state.json'), '{"global_step": 10}')
    symlinkSync('gone', join(run, 'link'))
    writeFileSync(join(run, 'final', 'trainer_state.json'), '{"global_step": 25}')
    expect(await findCheckpoints(run)).toEqual({
      checkpoints: [
        { step: 10, model: join(run, 'checkpoint-10') },
        { step: 25, model: join(run, 'final') },
      ],
      unplaced: [join(run, 'best'), join(run, 'latest')],
    })
  })

  it.each([
    ['no checkpoints', () => runOf('empty', [])],
    ['one step twice', () => runOf('twice', ['step10', 'checkpoint-10'])],
    ['a file', () => join(runOf('file', [], ['m-1.gguf']), 'm-1.gguf')],
    ['nothing', () => join(scratch, 'none')],
    ['a file of the Hub', () => 'hf:org/name/m.gguf'],
  ])('%s is refused', async (_, make) => {
    await expect(findCheckpoints(make())).rejects.toMatchObject({ code: 'engines/no-checkpoints' })
  })
})
