import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { zstd } from '../../../test/logs/zstd.js'
import type { TrainingRun } from '../../core/index.js'
import { readLogs } from './read-logs.js'

const root = mkdtempSync(join(tmpdir(), 'assay-read-logs-'))
let made = 0

/** A folder of its own with these files; paths may have folders in them. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, String(made++))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

function read(paths: readonly string[]): Promise<TrainingRun[]> {
  return readLogs(paths, { columns: {} })
}

const lossAt = (step: number): number => 4 - step / 1000
const rows = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${from + i},${lossAt(from + i)},0.5\n`).join('')
const HEADER = 'step,loss,grad_norm\n'
const steps = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

describe('a compressed log', () => {
  const plain = HEADER + rows(0, 900)
  const text = new TextEncoder().encode(plain)
  const skippable = Uint8Array.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4])

  it.each([
    ['gzip', gzipSync(text)],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${plain}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\ufeff${plain}`, 'utf16le').swap16()],
    ['Zstandard', zstd(text)],
    ['Zstandard in two frames', Buffer.concat([zstd(text.subarray(0, 5000)), zstd(text.subarray(5000))])],
    ['Zstandard behind a skippable frame', Buffer.concat([skippable, zstd(text)])],
  ])('is read whatever its name: %s', async (_, bytes) => {
    const [run] = await read([join(folderOf({ log: bytes }), 'log')])
    expect([...run.step]).toEqual(steps(0, 900))
    expect(run.loss[899]).toBe(lossAt(899))
    expect(run.notes).toEqual([])
  })

  it('gives what is whole when it is cut', async () => {
    const bytes = zstd(text)
    const [run] = await read([join(folderOf({ log: bytes.subarray(0, bytes.length - 1500) }), 'log')])
    expect(run.step.length).toBeGreaterThan(500)
    expect([...run.step]).toEqual(steps(0, run.step.length))
    expect(run.notes.find((n) => n.code === 'damaged')?.text).toMatch(/zstd archive breaks off/)
  })
})

describe('losses that a table says are not there', () => {
  const table = (head: string, cells: (i: number) => string): string =>
    `${[head, ...Array.from({ length: 40 }, (_, i) => `${i},${cells(i)}`)].join('\n')}\n`
  const gaps = async (text: string) => {
    const [run] = await read([join(folderOf({ 'log.csv': text }), 'log.csv')])
    return run.notes.filter((n) => n.code === 'no-loss').map((n) => n.text)
  }

  it.each(['n/a', 'null', 'None', '-', ''])(
    'are counted where more than 5 % lack them: "%s"',
    async (word) => {
      const said = word === '' ? 'empty' : `"${word}"`
      expect(await gaps(table('step,loss', (i) => (i % 2 === 1 ? word : '3.5')))).toEqual([
        `20 of 40 rows tell no loss (${said} in line 41)`,
      ])
      expect(await gaps(table('step,loss', (i) => (i < 2 ? word : '3.5')))).toEqual([])
    },
  )

  it('are none that were due beside other columns, or in an evaluation', async () => {
    expect(await gaps(table('step,loss,lr', (i) => (i % 10 === 0 ? '3.5,.1' : ',.1')))).toEqual([])
    const evaluations = table('step,loss,val_loss', (i) => (i % 2 === 0 ? '3.5,None' : 'None,3.6'))
    expect(await gaps(evaluations)).toEqual([])
  })
})

describe('numbers of other bases', () => {
  it.each(['0x1F', '0o17', '0b11', '-0x1'])('are refused in a table: %s', async (loss) => {
    const text = `step,loss\n1,3.5\n2,${loss}\n3,3.5\n`
    await expect(read([join(folderOf({ 'log.csv': text }), 'log.csv')])).rejects.toMatchObject({
      code: 'logs/not-a-number',
      place: { line: 3, field: 'loss' },
    })
  })
})

describe('an archive that cannot be undone', () => {
  it.each([
    ['cut in its first line', 'log.csv.gz', gzipSync(HEADER).subarray(0, 20), /gzip archive breaks off/],
    ['of other bytes behind its first', 'log', Buffer.from('1f8b08ff00', 'hex'), /unknown header flags/],
    [
      'cut, Zstandard',
      'log.csv.zst',
      zstd(new TextEncoder().encode(HEADER)).subarray(0, 12),
      /zstd archive breaks off/,
    ],
    ['that is none', 'log.gz', Buffer.from('00010203', 'hex'), /named \.gz, but does not begin/],
  ])('is named a damaged one: %s', async (_, name, bytes, says) => {
    const path = join(folderOf({ [name]: bytes }), name)
    await expect(read([path])).rejects.toMatchObject({
      code: 'logs/damaged',
      message: expect.stringMatching(says),
    })
  })
})

describe('a piece of a table without column names', () => {
  it('takes those of the piece that has them, in whatever order they are given', async () => {
    const folder = folderOf({ 'a.csv': HEADER + rows(0, 200), 'b.csv': rows(200, 400) })
    for (const names of [
      ['a.csv', 'b.csv'],
      ['b.csv', 'a.csv'],
    ]) {
      const runs = await read(names.map((name) => join(folder, name)))
      expect(runs).toHaveLength(1)
      expect([...runs[0].step]).toEqual(steps(0, 400))
      expect([...runs[0].loss]).toEqual(steps(0, 400).map(lossAt))
      // The lines are those of each piece: a header stands above the first alone.
      expect([runs[0].line[0], runs[0].line[199], runs[0].line[200]]).toEqual([2, 201, 1])
    }
  })

  it('says what to do when no piece has them', async () => {
    const folder = folderOf({ 'b.csv': rows(200, 400), 'other.csv': `step,loss\n1,2\n` })
    await expect(read([join(folder, 'b.csv')])).rejects.toMatchObject({
      code: 'logs/no-header',
      place: { line: 1 },
      message: expect.stringMatching(/3 numbers/),
    })
    await expect(read([join(folder, 'b.csv'), join(folder, 'other.csv')])).rejects.toMatchObject({
      code: 'logs/no-header',
    })
  })

  it('does not guess between two tables that name as many columns differently', async () => {
    const folder = folderOf({
      'a.csv': HEADER + rows(0, 50),
      'c.csv': 'step,val_loss,loss\n0,4,4\n',
      'b.csv': rows(50, 100),
    })
    const all = ['a.csv', 'c.csv', 'b.csv'].map((name) => join(folder, name))
    await expect(read(all)).rejects.toMatchObject({ message: expect.stringMatching(/differently/) })
  })
})

describe('a folder', () => {
  const state = (to: number): string =>
    JSON.stringify({ log_history: steps(1, to).map((step) => ({ step, loss: lossAt(step) })) }, null, 2)

  it('stands for the logs in it, and tells what it left out', async () => {
    const folder = folderOf({
      'metrics.csv': HEADER + rows(0, 50),
      'logs/train.log': steps(0, 40)
        .map((s) => `iter ${s}: loss ${lossAt(s)}, time 1.00ms\n`)
        .join(''),
      'config.json': '{"loss": 1}',
      'notes.txt': 'The loss was fine.\n',
      'empty.log': '',
      '.git/hidden.csv': HEADER + rows(0, 50),
    })
    const runs = await read([folder])
    expect(runs.map((run) => [run.id, run.format, run.step.length])).toEqual([
      ['train.log', 'nanogpt', 40],
      ['metrics.csv', 'csv', 50],
    ])
    const note = runs[0].notes.find((n) => n.code === 'left-out-files')
    expect(note?.count).toBe(3)
    for (const name of ['config.json', 'empty.log', 'notes.txt']) expect(note?.text).toContain(name)
  })

  it('gives the newest checkpoint alone, since it has the history of all', async () => {
    const folder = folderOf({
      'checkpoint-20/trainer_state.json': state(20),
      'checkpoint-100/trainer_state.json': state(100),
      'checkpoint-9/trainer_state.json': state(9),
    })
    const runs = await read([folder])
    expect(runs.map((run) => run.step.length)).toEqual([99])
    expect(runs[0].notes.find((n) => n.code === 'left-out-files')?.count).toBe(2)
    const finished = folderOf({
      'checkpoint-20/trainer_state.json': state(20),
      'trainer_state.json': state(30),
    })
    expect((await read([finished])).map((run) => run.step.length)).toEqual([29])
  })

  it('joins the rotated pieces in it', async () => {
    const folder = folderOf({ 'log.csv': rows(200, 400), 'log.1.csv': HEADER + rows(0, 200) })
    const runs = await read([folder])
    expect(runs.map((run) => [...run.step])).toEqual([steps(0, 400)])
  })

  it('without a log is refused', async () => {
    await expect(read([folderOf({ 'notes.txt': 'The loss was fine.\n' })])).rejects.toMatchObject({
      code: 'logs/no-logs',
    })
    await expect(read([join(root, 'nowhere')])).rejects.toMatchObject({ code: 'logs/unreadable' })
  })
})

describe('trainer_state.json', () => {
  const history = [
    { epoch: 0.1, grad_norm: 1.5, learning_rate: 1e-5, loss: 10.5, step: 10 },
    { epoch: 0.2, eval_runtime: 1, eval_wiki_loss: 9.75, eval_web_loss: 9, step: 10 },
    { epoch: 0.2, loss: 2.3456789012345678, num_input_tokens_seen: 4096, rewards: [1, [2, 3]], step: 20 },
    { step: 20, total_flos: 4e18, train_loss: 5, train_runtime: 11 },
  ]
  const file = {
    best_metric: null,
    epoch: 0.2,
    global_step: 20,
    log_history: history,
    max_steps: 40,
    stateful: { a: { b: [1] } },
    total_flos: 4e18,
  }

  it.each([
    ['as Trainer writes it', JSON.stringify(file, null, 2)],
    ['on one line', JSON.stringify(file)],
    ['indented by tabs', JSON.stringify(file, null, '\t')],
  ])('is read %s', async (_, text) => {
    const [run] = await read([join(folderOf({ 'trainer_state.json': text }), 'trainer_state.json')])
    expect([...run.step]).toEqual([10, 10, 20])
    expect([...run.loss]).toEqual([10.5, Number.NaN, 2.3456789012345678])
    expect(run.validationLoss[1]).toBe(9.75)
    expect(run.tokens[2]).toBe(4096)
    expect(run.plannedSteps).toBe(40)
    expect(run.flopsPerStep).toBe(2e17)
  })

  it('keeps the whole entries of one that is cut', async () => {
    const text = JSON.stringify(file, null, 2)
    const at = text.indexOf('2.3456789')
    const [run] = await read([
      join(folderOf({ 'trainer_state.json': text.slice(0, at + 4) }), 'trainer_state.json'),
    ])
    expect([...run.step]).toEqual([10, 10])
    expect(run.notes.map((n) => n.code)).toEqual(['cut-file'])
  })

  it('reads bare NaN, Infinity and numbers in quotes', async () => {
    const text = `{\n  "log_history": [\n    {\n      "grad_norm": NaN,\n      "loss": -Infinity,\n      "step": 1\n    },\n    {\n      "loss": "nan",\n      "step": 2\n    }\n  ]\n}\n`
    const [run] = await read([join(folderOf({ log: text }), 'log')])
    expect(run.nonFinite).toEqual([
      { row: 0, toRow: 0, column: 'loss', found: '-inf' },
      { row: 0, toRow: 0, column: 'gradNorm', found: 'nan' },
      { row: 1, toRow: 1, column: 'loss', found: 'nan' },
    ])
    expect([...run.line]).toEqual([6, 10])
  })
})
