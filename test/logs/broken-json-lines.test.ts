import { describe, expect, it } from 'vitest'
import type { TrainingRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { scratch } from './files.js'

const file = scratch()
let made = 0

async function read(lines: readonly string[], end = '\n'): Promise<TrainingRun> {
  return (await readLogs([file(`broken-${made++}.jsonl`, lines.join('\n') + end)], { columns: {} }))[0]
}

const lossAt = (i: number): string => (3 + 7 / (1 + i / 10)).toFixed(4)
const broken = (isBroken: (i: number) => boolean): string[] =>
  Array.from({ length: 60 }, (_, i) => `{"step": ${i}, "loss": ${isBroken(i) ? 'oops' : lossAt(i)}}`)

describe('lines of JSON Lines that are no JSON', () => {
  it('are counted in a note that names the first one', async () => {
    const run = await read(broken((i) => i % 3 === 1))
    expect(run.step.length).toBe(40)
    expect(run.notes).toEqual([
      {
        code: 'damaged',
        line: 2,
        count: 20,
        text: '20 of 60 lines are no JSON, the first one "{"step": 1, "loss": oops}": they are left out',
      },
    ])
  })

  it('are an error when they are more than half, with file and line', async () => {
    await expect(read(broken((i) => i % 3 !== 0))).rejects.toMatchObject({
      code: 'logs/malformed',
      kind: 'input',
      message: expect.stringMatching(/40 of 60 lines are no JSON/),
      place: { path: expect.stringMatching(/broken-\d+\.jsonl$/), line: 2 },
    })
  })

  it('a last line that is cut is no damage, other text between is passed over', async () => {
    const lines = broken(() => false)
    const cut = await read([...lines, '{"step": 60, "lo'], '')
    expect(cut.notes.map((n) => n.code)).toEqual(['cut-line'])
    expect((await read(lines.flatMap((l) => [l, 'saving a checkpoint', '  ']))).notes).toEqual([])
  })
})
