import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { analyseLogs, type JudgedRun, type TrainingRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { scratch } from './files.js'
import { syntheticRun, WRITERS, type Writer, writeLog } from './synthetic.js'

const file = scratch()
let made = 0

async function read(
  content: string | Uint8Array,
  columns: Record<string, string> = {},
): Promise<TrainingRun[]> {
  return readLogs([file(`trap-${made++}`, content)], { columns })
}

async function judge(content: string | Uint8Array): Promise<JudgedRun[]> {
  return [...analyseLogs({ runs: await read(content) }).runs]
}

function writer(format: string): Writer {
  const found = WRITERS.find((w) => w.format === format)
  if (found === undefined) throw new Error(format)
  return found
}

const healthy = syntheticRun('healthy', 600)

describe('files that are no logs', () => {
  it('refuses an empty file', async () => {
    await expect(read('')).rejects.toMatchObject({ code: 'logs/empty', kind: 'input' })
  })

  it('refuses a binary file and says so', async () => {
    const bytes = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'logs/unknown-format',
      message: expect.stringMatching(/binary/),
    })
  })

  it('refuses prose, with its first words', async () => {
    await expect(read('Dear reader,\nthis is a letter.\n')).rejects.toMatchObject({
      code: 'logs/unknown-format',
      message: expect.stringMatching(/Dear reader/),
    })
  })

  it('refuses a file that is not there', async () => {
    await expect(readLogs(['/nowhere/at/all.log'], { columns: {} })).rejects.toMatchObject({
      code: 'logs/unreadable',
    })
  })

  it('does not judge three lines', async () => {
    const [run] = await judge(writeLog(writer('nanogpt'), healthy.slice(0, 3)).join('\n'))
    expect(run.verdict).toBe('not-enough-data')
  })
})

describe('numbers that are none', () => {
  const state = (entries: string): string =>
    `{"global_step": 400, "max_steps": 400, "log_history": [\n${entries}\n]}`
  const entry = (step: number, loss: string, norm = '0.5'): string =>
    `{"step": ${step}, "loss": ${loss}, "grad_norm": ${norm}, "learning_rate": 1e-4}`
  const history = (loss: (i: number) => string, norm: (i: number) => string = () => '0.5'): string =>
    state(Array.from({ length: 40 }, (_, i) => entry(10 * (i + 1), loss(i), norm(i))).join(',\n'))

  it('reads bare NaN in JSON: a loss that ends in NaN diverged', async () => {
    const [run] = await judge(history((i) => (i < 30 ? String(4 - i / 20) : 'NaN')))
    expect(run.verdict).toBe('diverged')
    expect(run.events).toMatchObject([
      { code: 'non-finite', fromStep: 310, toStep: 400, magnitude: 10, unit: 'rows' },
    ])
    expect(run.earlyWarning).toMatchObject({ step: 330, sign: 'loss not finite' })
  })

  it('sees a NaN that the trainer hid: loss 0.0 beside a gradient norm of NaN', async () => {
    const [run] = await judge(
      history(
        (i) => (i < 30 ? String(4 - i / 20) : '0.0'),
        (i) => (i < 30 ? '0.5' : 'NaN'),
      ),
    )
    expect(run.verdict).toBe('diverged')
    expect(run.events).toMatchObject([{ code: 'non-finite', fromStep: 310 }])
  })

  it('forgives one NaN that comes back', async () => {
    const [run] = await judge(history((i) => (i === 20 ? 'NaN' : String(4 - i / 20))))
    expect(run.verdict).toBe('healthy-with-spikes')
    expect(run.events).toMatchObject([{ code: 'spike', fromStep: 210, toStep: 210 }])
  })

  it('does not take "nan" step times for losses', async () => {
    const lines = writeLog(writer('modded-nanogpt'), healthy)
    expect(lines.some((l) => l.includes('step_avg:nanms'))).toBe(true)
    const [run] = await judge(lines.join('\n'))
    expect(run.verdict).toBe('healthy')
    expect(run.run.nonFinite).toEqual([])
  })

  it('takes trailing "nan" of a golden table for padding, one in the middle for a NaN', async () => {
    const values = (nan: number): string =>
      Array.from({ length: 40 }, (_, i) => `"${i + 1}": ${i >= 30 || i === nan ? '"nan"' : 4 - i / 20}`).join(
        ', ',
      )
    const golden = (nan: number): string =>
      `{"lm loss": {"start_step": 1, "end_step": 40, "step_interval": 1, "values": {${values(nan)}}}}`
    const [padded] = await judge(golden(-1))
    expect(padded.verdict).toBe('healthy')
    expect(padded.prepared.lastStep).toBe(30)
    const [broken] = await judge(golden(15))
    expect(broken.events).toMatchObject([{ code: 'spike', fromStep: 16, toStep: 16 }])
  })

  it('names line and column of a cell that is no number', async () => {
    await expect(read('step,loss\n1,3.2\n2,oops\n3,3.1\n')).rejects.toMatchObject({
      code: 'logs/not-a-number',
      place: { line: 3, field: 'loss' },
    })
    await expect(read('{"step": 1, "loss": 3.2}\n{"step": 2, "loss": "oops"}\n')).rejects.toMatchObject({
      code: 'logs/not-a-number',
      place: { line: 2, field: 'loss' },
    })
  })
})

describe('how logs are written down', () => {
  it('reads quoted, sparse columns of a W&B export, runs side by side', async () => {
    const csv = [
      '"Step","a b - train/loss","a b - train/loss__MIN","a b - train/loss__MAX","c - train/loss","c - train/loss__MIN","c - train/loss__MAX"',
      ...Array.from(
        { length: 30 },
        (_, i) => `"${i}","${4 - i / 20}","0","9","${i < 12 ? 3 - i / 20 : ''}","",""`,
      ),
    ].join('\n')
    const runs = await read(csv)
    expect(runs.map((r) => [r.id, r.loss.length])).toEqual([
      ['a b', 30],
      ['c', 12],
    ])
    expect(runs[0].loss[20]).toBe(3)
    expect(runs[1].step[11]).toBe(11)
  })

  it('keeps a name that goes over two lines whole: one run, each row at the line it begins on', async () => {
    const rows = Array.from({ length: 9 }, (_, i) => `"a\nb",${i + 1},${((35 - i) / 10).toFixed(1)}\n`)
    const [run, ...others] = await read(`run,step,loss\n${rows.join('')}`)
    expect(others).toEqual([])
    expect(run.id).toBe('a\nb')
    expect([...run.loss]).toEqual([3.5, 3.4, 3.3, 3.2, 3.1, 3, 2.9, 2.8, 2.7])
    expect([...run.line]).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18])
  })

  it('refuses a quote that is never closed, by its line; one that the end of the file cuts is a cut line', async () => {
    await expect(read('run,step,loss\na,1,3.5\n"b,2,3.4\nc,3,3.3\n')).rejects.toMatchObject({
      code: 'logs/unclosed-quote',
      place: { line: 3 },
    })
    const [run] = await read('run,step,loss\na,1,3.5\na,2,3.4\n"a')
    expect([...run.step]).toEqual([1, 2])
    expect(run.notes.map((n) => n.code)).toEqual(['cut-line'])
  })

  it('sees through colours and keeps one rank of several', async () => {
    const lines = writeLog(writer('torchtitan'), healthy)
    const doubled = lines.flatMap((l) => [l, l.replace('[rank0]', '[rank1]').replace(/loss: /, 'loss: 9')])
    const [run] = await judge(doubled.join('\n'))
    expect(run.verdict).toBe('healthy')
    expect(run.curve.value.every((v) => v < 12)).toBe(true)
  })

  it.each(WRITERS.map((w) => [w.format, w] as const))(
    'reads %s with \\r\\n and a byte-order mark',
    async (_, w) => {
      const lines = writeLog(w, healthy)
      const plain = await read(lines.join('\n'))
      const windows = await read(`\uFEFF${lines.join('\r\n')}\r\n`)
      expect(windows[0].loss).toEqual(plain[0].loss)
      expect(windows[0].step).toEqual(plain[0].step)
      expect(windows[0].line).toEqual(plain[0].line)
    },
  )

  it.each(WRITERS.map((w) => [w.format, w] as const))(
    'keeps what is whole of %s when the last line is cut',
    async (_, w) => {
      const text = writeLog(w, healthy).join('\n')
      for (const missing of [3, 17, 40]) {
        const [run] = await judge(text.slice(0, -missing))
        expect(run.verdict, `${missing} characters cut`).toMatch(/healthy|truncated/)
        expect(run.curve.value.length).toBeGreaterThanOrEqual(healthy.length - 2)
      }
    },
  )

  it('keeps the whole entries of a trainer_state.json that is cut', async () => {
    const entries = Array.from({ length: 30 }, (_, i) => `{"step": ${i + 1}, "loss": ${4 - i / 20}}`).join(
      ',\n',
    )
    const [run] = await read(`{"max_steps": 30, "log_history": [\n${entries}`.slice(0, -9))
    expect(run.loss).toHaveLength(29)
    expect(run.notes).toMatchObject([{ code: 'cut-file' }])
  })

  it('reads gzip', async () => {
    const [run] = await judge(gzipSync(writeLog(writer('csv'), healthy).join('\n')))
    expect(run.verdict).toBe('healthy')
  })

  it('reads a rate that is printed as 0.000000 at the end', async () => {
    const points = healthy.map((p) => ({ ...p, learningRate: (p.learningRate - 6e-5) * 1.1 }))
    const [run] = await judge(writeLog(writer('llmc'), points).join('\n'))
    expect(run.verdict).toBe('healthy')
    expect(run.schedule).toMatchObject({ kind: 'cosine', end: 0 })
  })

  it('takes columns by the names that the user gives, and says which there are', async () => {
    const csv = `iter;nats\n${healthy.map((p) => `${p.step};${p.loss.toFixed(4)}`).join('\n')}\n`
    await expect(read(csv)).rejects.toMatchObject({ code: 'logs/unknown-format' })
    const [run] = await read(csv, { step: 'iter', loss: 'nats' })
    expect(run.loss).toHaveLength(healthy.length)
    await expect(read('step,loss\n1,2\n', { loss: 'nope' })).rejects.toMatchObject({
      code: 'logs/no-column',
      message: expect.stringMatching(/"step", "loss"/),
    })
  })

  it('tells two runs in one file apart', async () => {
    for (const format of ['nanogpt', 'llmc', 'modded-nanogpt', 'build-nanogpt', 'megatron', 'jsonl']) {
      const one = writeLog(writer(format), healthy)
      const two = writeLog(writer(format), syntheticRun('diverged', 600, 2))
      const runs = await judge([...one, ...two].join('\n'))
      expect([format, ...runs.map((r) => r.verdict)]).toEqual([format, 'healthy', 'diverged'])
    }
  })

  it('reports steps that go back for a reason as a roll-back, and as a resume otherwise', async () => {
    const w = writer('build-nanogpt')
    const bad = syntheticRun('diverged', 600, 2).slice(0, 450)
    const lines = [
      ...w.head(healthy),
      ...bad.flatMap((p) => w.lines(p, healthy)),
      ...healthy.slice(300).flatMap((p) => w.lines(p, healthy)),
    ]
    const [rolled] = await judge(lines.join('\n'))
    expect(rolled.verdict).toBe('rolled-back')
    expect(rolled.events).toMatchObject([
      {
        code: 'rolled-back',
        fromStep: 300,
        toStep: 449,
        magnitude: 149,
        unit: 'steps',
        cost: { steps: 149, tokens: 149 * 524_288 },
      },
      { code: 'diverged', toStep: 449 },
    ])
    const again = [
      ...healthy.slice(0, 400).flatMap((p) => w.lines(p, healthy)),
      ...healthy
        .slice(370)
        .map((p) => ({ ...p, loss: p.loss + 0.01 }))
        .flatMap((p) => w.lines(p, healthy)),
    ]
    const [resumed] = await judge(again.join('\n'))
    expect(resumed.verdict).toBe('healthy')
    expect(resumed.events).toMatchObject([
      { code: 'resumed', fromStep: 370, toStep: 399, confidence: 'weak' },
    ])
    // The very lines again (a log that was copied back) are neither.
    const copied = [...healthy.slice(0, 400), ...healthy.slice(200)].flatMap((p) => w.lines(p, healthy))
    const [same] = await judge(copied.join('\n'))
    expect(same.verdict).toBe('healthy')
    expect(same.events).toEqual([])
  })

  it('does not take steps that are printed twice for a roll-back', async () => {
    const lines = writeLog(writer('csv'), healthy)
    const [run] = await judge([...lines, ...lines.slice(-60)].join('\n'))
    expect(run.verdict).toBe('healthy')
    expect(run.events).toEqual([])
  })
})

describe('a host whose name holds "test"', () => {
  it.each([
    [
      'build-nanogpt',
      (i: number, loss: string) => `step ${i} | loss: ${loss} | lr 6.0e-04 | norm: 1.0 | dt: 338ms`,
    ],
    [
      'llmc-stdout',
      (i: number, loss: string) =>
        `step ${i}/60 | loss ${loss} (+0.1z)| norm 1.0 (+0.1z)| lr 6.0e-04 | 338 ms`,
    ],
  ])('leaves training losses what they are: %s', async (_, lineOf) => {
    const lines = Array.from(
      { length: 60 },
      (__, i) => `gpt2-latest> ${lineOf(i, (3 + 7 / (1 + i)).toFixed(4))}\n`,
    )
    const [run] = await read(lines.join(''))
    expect([run.loss.length, run.validationLoss.length]).toEqual([60, 0])
  })
})
