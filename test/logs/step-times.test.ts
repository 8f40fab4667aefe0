import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyseLogs, type TrainingRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { judgeThroughput } from '../../src/probes/index.js'
import { scratch } from './files.js'

const file = scratch()
let made = 0

async function read(lines: readonly string[]): Promise<TrainingRun> {
  return (await readLogs([file(`times-${made++}`, `${lines.join('\n')}\n`)], { columns: {} }))[0]
}

const lossAt = (i: number): string => (3 + 7 / (1 + i / 10)).toFixed(4)
const rows = (n: number, line: (i: number) => string): string[] =>
  Array.from({ length: n }, (_, i) => line(i))
const distinct = (values: Float64Array): number[] => [...new Set(values)]

describe('times in milliseconds', () => {
  it.each(['time_per_iteration_ms', 'iter time (ms)', 'step_time_ms', 'dt_ms'])(
    'are read as such in a table: %s',
    async (name) => {
      const columns: Record<string, string> = name === 'iter time (ms)' ? { seconds: name } : {}
      const text = [`step,loss,${name}`, ...rows(60, (i) => `${i},${lossAt(i)},340.5`)].join('\n')
      const [run] = await readLogs([file(`times-${made++}`, `${text}\n`)], { columns })
      expect(distinct(run.seconds)).toEqual([0.001 * 340.5])
    },
  )

  it('are read as such in JSON Lines', async () => {
    const run = await read(
      rows(60, (i) => `{"step": ${i}, "loss": ${lossAt(i)}, "time_per_iteration_ms": 340.5}`),
    )
    expect(distinct(run.seconds)).toEqual([0.001 * 340.5])
  })

  it('seconds stay seconds', async () => {
    const run = await read(['step,loss,step_time', ...rows(60, (i) => `${i},${lossAt(i)},0.25`)])
    expect(distinct(run.seconds)).toEqual([0.25])
  })
})

describe('a column of times that runs on', () => {
  it('gives the time of a step by differences over the steps between, the first unknown', async () => {
    const run = await read(['step,loss,seconds', ...rows(60, (i) => `${5 * i},${lossAt(i)},${3 + 2 * i}`)])
    expect([run.seconds[0], run.hasClock]).toEqual([Number.NaN, true])
    expect(distinct(run.seconds.slice(1))).toEqual([2 / 5])
  })

  it('may start anew when the run is resumed: the step behind that is unknown', async () => {
    const run = await read([
      'step,loss,seconds',
      ...rows(40, (i) => `${i},${lossAt(i)},${1 + i / 2}`),
      ...rows(40, (i) => `${40 + i},${lossAt(40 + i)},${1 + i / 2}`),
    ])
    expect([...run.seconds].flatMap((v, i) => (Number.isNaN(v) ? [i] : []))).toEqual([0, 40])
    expect(distinct(run.seconds.filter((v) => !Number.isNaN(v)))).toEqual([0.5])
  })

  it('leaves step times alone: steady ones, noisy ones, ones that grow with the sequence', async () => {
    for (const time of [
      () => 1.5,
      (i: number) => 1.5 + 0.2 * Math.sin(i * 37),
      (i: number) => 0.5 + 0.001 * i + 0.02 * Math.sin(i * 37),
    ]) {
      const run = await read(['step,loss,seconds', ...rows(200, (i) => `${i},${lossAt(i)},${time(i)}`)])
      expect([...run.seconds]).toEqual(Array.from({ length: 200 }, (_, i) => time(i)))
    }
  })
})

const LADDER = 'ladder/runs/1.6M-r10'

describe.skipIf(!existsSync(LADDER))(
  'one run of the ladder in two formats (skipped where ladder/ does not ship)',
  () => {
    it('its table says nothing of slow steps that its trainer state does not say', async () => {
      const findings = async (name: string): Promise<string[]> =>
        judgeThroughput(
          analyseLogs({ runs: await readLogs([`${LADDER}/${name}`], { columns: {} }) }),
        ).findings.flatMap((f) => (f.status === 'pass' ? [] : [f.code]))
      expect(await findings('training.csv')).toEqual(await findings('trainer_state.json'))
    })

    it('a step takes the time of the whole run over its steps', async () => {
      const [run] = await readLogs([`${LADDER}/training.csv`], { columns: {} })
      const [section] = judgeThroughput(analyseLogs({ runs: [run] })).sections
      expect(section.answer).toMatch(/ s a step/)
      const [metric] = judgeThroughput(analyseLogs({ runs: [run] })).metrics
      const { seconds, steps } = JSON.parse(readFileSync(`${LADDER}/run.json`, 'utf8'))
      expect(metric.estimate).toMatchObject({ kind: 'estimate' })
      // Evaluations are among the seconds of the whole.
      expect(metric.estimate.kind === 'estimate' ? metric.estimate.value : 0).toBeLessThan(
        seconds / steps + 0.05,
      )
    })
  },
)
