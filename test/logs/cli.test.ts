import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { callCli, type Ended, startCli } from '../cli/run-cli.js'
import { scratch } from './files.js'
import { syntheticRun, WRITERS, writeLog } from './synthetic.js'

const file = scratch()
const csv = WRITERS.find((w) => w.format === 'csv')
if (csv === undefined) throw new Error('no CSV writer')
const text = (fate: Parameters<typeof syntheticRun>[0]): string =>
  `${writeLog(csv, syntheticRun(fate, 600)).join('\n')}\n`
const healthy = file('healthy.csv', text('healthy'))
const diverged = file('diverged.csv', text('diverged'))
const short = file('short.csv', 'step,loss\n1,3\n2,2.9\n3,2.8\n')

const curve = (...args: string[]): Promise<Ended> => callCli(['curve', ...args])

describe('assay curve', { timeout: 120_000 }, () => {
  it('writes the JSON of the contract and nothing else, and exits 0 for a healthy run', async () => {
    const { code, stdout } = await curve(healthy, '--json')
    expect(code).toBe(0)
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({
      schema: 'assay/curve@1',
      inputs: [{ path: healthy, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
      findings: expect.any(Array),
      runs: [
        {
          id: 'healthy.csv',
          format: 'csv',
          steps: 599,
          verdict: 'healthy',
          events: [],
          schedule: { kind: 'cosine', warmupSteps: 24, peak: 6e-4 },
          finalLoss: { kind: 'estimate', unit: 'nats/token', level: 0.95 },
          predictedFinalLoss: { kind: 'estimate' },
        },
      ],
    })
  })

  it('advises a schedule for runs of one model (--joint), and says where it cannot', async () => {
    const two = ['a.csv', 'b.csv'].map((name) => file(`joint/${name}`, text('healthy')))
    const { code, stdout } = await curve(...two, '--joint', '--json')
    expect(code).toBe(0)
    const { bestSchedule, runs } = JSON.parse(stdout)
    expect(bestSchedule).toMatchObject({ steps: 599, schedule: expect.stringMatching(/^\w+:\d+:0\.\d+$/) })
    expect(runs.map((r: { landing: { runs: number } }) => r.landing.runs)).toEqual([2, 2])
    expect((await curve(healthy, '--joint')).stderr).toContain('--joint advises no schedule')
  })

  it('exits 1 when one of several runs is bad, 2 when none is bad and one cannot be told', async () => {
    const bad = await curve(healthy, diverged, short, '--json')
    expect(bad.code).toBe(1)
    const runs: { verdict: string; events: { code: string }[] }[] = JSON.parse(bad.stdout).runs
    expect(runs.map((r) => r.verdict)).toEqual(['healthy', 'diverged', 'not-enough-data'])
    expect(runs[1].events.find((e) => e.code === 'diverged')).toMatchObject({
      fromStep: expect.any(Number),
      toStep: 599,
      magnitude: expect.any(Number),
      unit: 'nats/token',
      cause: expect.any(String),
    })
    expect((await curve(healthy, short)).code).toBe(2)
  })

  it('exits 3 with place and advice for a file that is no log', async () => {
    const { code, stderr } = await curve(file('letter.txt', 'Dear reader,\n'))
    expect(code).toBe(3)
    expect(stderr).toMatch(/logs\/unknown-format/)
    expect(stderr).toMatch(/letter\.txt/)
    expect(stderr).toMatch(/fix: /)
    expect(stderr).not.toMatch(/ at .*\.js:\d+/)
  })

  it('writes every chart into one SVG file', async () => {
    const svg = file('charts.svg', '')
    expect((await curve(healthy, '-o', svg, '--quiet')).code).toBe(0)
    const text = readFileSync(svg, 'utf8')
    // Loss, residual of the law, gradient norm, learning rate.
    for (const caption of [
      'is healthy',
      'of the LR-aware law',
      'of gradient norms lie from',
      'warm-up over 24 steps',
    ])
      expect(text).toContain(caption)
    expect(text.match(/<svg /g)).toHaveLength(5)
  })

  it('shows the last look when a log that is followed is left with Ctrl-C, and exits 130', async () => {
    const part = file('part.csv', `${text('healthy').split('\n').slice(0, 300).join('\n')}\n`)
    const { child, ended } = startCli(['curve', part, '--follow', '--interval', '0.2'])
    await new Promise<void>((resolve) => child.stderr?.once('data', () => resolve()))
    child.kill('SIGINT')
    const { code, stdout } = await ended
    expect(code).toBe(130)
    expect(stdout).toMatch(/^truncated {2,}part\.csv/)
  })

  it('follows a growing log and ends with 1 when the run fails', async () => {
    const lines = text('diverged').split('\n')
    const growing = file('growing.csv', `${lines.slice(0, 300).join('\n')}\n`)
    const { child, ended } = startCli(['curve', growing, '--follow', '--until', 'fail', '--interval', '0.2'])
    await new Promise<void>((resolve) => child.stderr?.once('data', () => resolve()))
    appendFileSync(growing, lines.slice(300).join('\n'))
    const { code, stderr } = await ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/growing\.csv {2}step 298: healthy/)
    expect(stderr).toMatch(/→ diverged/)
  })

  it('says first that a log is cut, and does not blame the run for it', async () => {
    const table = gzipSync(text('healthy'))
    const state = JSON.stringify(
      {
        max_steps: 600,
        log_history: syntheticRun('healthy', 600).map(({ step, loss, learningRate }) => ({
          step,
          loss,
          learning_rate: learningRate,
        })),
      },
      null,
      2,
    )
    for (const [name, bytes] of [
      ['cut.csv.gz', table.subarray(0, 0.7 * table.length)],
      ['trainer_state.json', state.slice(0, 0.7 * state.length)],
    ] as const) {
      const { code, stdout, stderr } = await curve(file(name, bytes))
      expect([name, code]).toEqual([name, 0])
      expect(stderr).toMatch(/breaks off|stops before its JSON ends/)
      const [first] = stdout.split('\n').filter((line) => /^[▲✔✖?] /.test(line))
      expect(first).toMatch(/^▲ The log is (damaged|cut): /)
      expect(stdout).not.toContain('too early')
    }
  })

  it('reads text of any script by a pattern, and quotes it', async () => {
    const lines = syntheticRun('healthy', 600).map(({ step, loss }) => `خطوة ${step} خسارة ${loss}`)
    const arab = file('arab.log', `${lines.join('\n')}\n`)
    const { stdout } = await curve(arab, '--pattern', 'خطوة (?<step>\\d+) خسارة (?<loss>\\S+)', '--json')
    expect(JSON.parse(stdout).runs).toMatchObject([{ steps: 599, verdict: 'healthy' }])
    expect((await curve(arab)).stderr).toContain(`it begins "${lines[0]}"`)
  })

  it('judges a file once that is given twice, and refuses standard input twice', async () => {
    const path = file('twice/log.csv', text('healthy'))
    const { stdout, stderr } = await curve(path, join(path, '..'), path, '--json')
    expect(JSON.parse(stdout).runs.map((r: { id: string }) => r.id)).toEqual(['log.csv'])
    expect(stderr).toContain(`${path} given more than once: judged once`)
    const stdin = await curve('-', '-')
    expect(stdin.code).toBe(3)
    expect(stdin.stderr).toContain('standard input is named twice')
  })

  it('says why it tells no landing at a step too far away', async () => {
    for (const step of [99_999_999, 1e18]) {
      const { stdout } = await curve(healthy, '--until-step', String(step), '--json')
      const [{ landing }] = JSON.parse(stdout).runs
      expect(landing).toMatchObject({
        step,
        loss: { kind: 'notEstimable', reason: expect.stringContaining('step 599') },
      })
      expect(stdout).toContain(`No landing at step ${step} is told: it lies more than 20 times`)
    }
  })

  it('tells a run from a reference of the same name by their folders', async () => {
    const run = file('a/training.csv', text('healthy'))
    const reference = file('b/training.csv', text('healthy'))
    const { stdout } = await curve(run, '--reference', reference, '--json')
    const [only, ...others] = JSON.parse(stdout).runs
    expect([only.id, others.length]).toEqual(['a/training.csv', 0])
    expect(JSON.stringify(only)).toContain('b/training.csv')
  })
})
