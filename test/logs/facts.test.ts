import { describe, expect, it } from 'vitest'
import { analyseLogs, type TrainingRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { scratch } from './files.js'

const file = scratch()
let made = 0

async function read(...texts: readonly string[]): Promise<TrainingRun[]> {
  const folder = made++
  return readLogs(
    texts.map((text, i) => file(`facts-${folder}-${i}`, text)),
    { columns: {} },
  )
}

const lossAt = (i: number): number => 3 + 7 / (1 + i / 20) + 0.01 * Math.sin(i * 37)
const rows = (from: number, to: number, line: (i: number) => string): string =>
  Array.from({ length: to - from }, (_, i) => `${line(from + i)}\n`).join('')

const megatron = (from: number, to: number, planned: number): string =>
  rows(
    from,
    to,
    (i) =>
      ` iteration ${String(i + 1).padStart(8)}/ ${planned} | consumed samples: ${i * 8} | elapsed time per iteration (ms): 100.0 | learning rate: 1.0E-04 | lm loss: ${lossAt(i).toFixed(5)} | grad norm: 1.0 |`,
  )

const modded = (n: number, planned: number): string =>
  rows(
    0,
    n,
    (i) =>
      `step:${i}/${planned} train_loss:${lossAt(i).toFixed(4)} train_time:${i * 100}ms step_avg:100.00ms`,
  )

describe('runs appended to one file have a plan each', () => {
  it('Megatron: 500 of 500, then 2000 of 2000', async () => {
    const runs = analyseLogs({ runs: await read(megatron(0, 500, 500) + megatron(0, 2000, 2000)) }).runs
    expect(runs.map((r) => [r.run.plannedSteps, r.verdict])).toEqual([
      [500, 'healthy'],
      [2000, 'healthy'],
    ])
  })

  it('Megatron: 300 of 1000, then 300 of 300: the first one is truncated', async () => {
    const runs = analyseLogs({ runs: await read(megatron(0, 300, 1000) + megatron(0, 300, 300)) }).runs
    expect(runs.map((r) => [r.run.plannedSteps, r.verdict])).toEqual([
      [1000, 'truncated'],
      [300, 'healthy'],
    ])
  })

  it('modded-nanogpt: 300 of 300, then 900 of 900', async () => {
    const runs = await read(modded(301, 300) + modded(901, 900))
    expect(runs.map((r) => r.plannedSteps)).toEqual([300, 900])
  })

  it('a run that says nothing of its plan takes over what was said before', async () => {
    const lines = (n: number): string =>
      rows(0, n, (i) => `step: ${i}  loss: ${lossAt(i).toFixed(4)}  grad_norm: 1.0`)
    const runs = await read(`total steps 400\n${lines(400)}${lines(300)}`)
    expect(runs.map((r) => r.plannedSteps)).toEqual([400, 400])
  })
})

describe('a plan that was changed on resuming', () => {
  it('is the later one, within a file and over two', async () => {
    const [within] = await read(megatron(0, 500, 500) + megatron(450, 900, 2000))
    expect(within.plannedSteps).toBe(2000)
    const [over] = await read(megatron(0, 500, 500), megatron(500, 900, 2000))
    expect(over.step.length).toBe(900)
    expect(over.plannedSteps).toBe(2000)
  })
})

describe('the parameters of build-nanogpt', () => {
  const header = (decayed: string, other: string): string =>
    `total desired batch size: 524288\nnum decayed parameter tensors: 50, with ${decayed} parameters\nnum non-decayed parameter tensors: 98, with ${other} parameters\n`
  const lines = (from: number, to: number): string =>
    rows(
      from,
      to,
      (i) =>
        `step ${String(i).padStart(5)} | loss: ${lossAt(i).toFixed(6)} | lr 6.0000e-04 | norm: 1.0000 | dt: 338.10ms | tok/sec: 1550000.00`,
    )
  const GPT2 = header('124,354,560', '121,344')

  it('are the sum of both groups, once, when a resumed run prints its header again', async () => {
    const [run] = await read(GPT2 + lines(0, 300) + GPT2 + lines(250, 500))
    expect(run.params).toBe(124_354_560 + 121_344)
  })

  it('are those of each of two models', async () => {
    const runs = await read(GPT2 + lines(0, 300) + header('1,000,000', '2,000') + lines(0, 300))
    expect(runs.map((r) => r.params)).toEqual([124_475_904, 1_002_000])
  })
})
