import { describe, expect, it } from 'vitest'
import { analyseLogs, type TrainingRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { scratch } from './files.js'

const file = scratch()
let made = 0

async function read(text: string): Promise<TrainingRun> {
  return (await readLogs([file(`cut-${made++}`, text)], { columns: {} }))[0]
}

const lossAt = (i: number): number => 3 + 7 / (1 + i / 10) + 0.01 * Math.sin(i * 37)
const rows = (n: number, line: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => `${line(i)}\n`).join('')
const codes = (run: TrainingRun): string[] => run.notes.map((n) => n.code)

const NANOGPT = rows(
  30,
  (i) =>
    `step ${i * 100}: train loss ${lossAt(i).toFixed(4)}, val loss ${(lossAt(i) + 0.1).toFixed(4)}\niter ${i * 100}: loss ${lossAt(i).toFixed(4)}, time 100.00ms, mfu 30.00%`,
)
const LAST = 'step 3000: train loss 3.0312, val loss 3.1234'

describe('a last line that the end of the file cuts', () => {
  it.each(['3', '3.', '3.1', '3.12', '3.123'])(
    'nanoGPT: a validation loss of "%s" is left out',
    async (value) => {
      const run = await read(`${NANOGPT}step 3000: train loss 3.0312, val loss ${value}`)
      expect(codes(run)).toEqual(['cut-line'])
      expect(run.loss.at(-1)).toBe(3.0312)
      expect(run.validationLoss.at(-1)).toBeNaN()
      const [judged] = analyseLogs({ runs: [run] }).runs
      expect(judged.finalValidationLoss).toMatchObject({ value: Number((lossAt(29) + 0.1).toFixed(4)) })
    },
  )

  it('nanoGPT: a training loss in front of what is missing is left out', async () => {
    const run = await read(`${NANOGPT}iter 3000: loss 3.0`)
    expect(codes(run)).toEqual(['cut-line'])
    expect(run.step.at(-1)).toBe(2900)
  })

  it('keeps a whole one, newline or not', async () => {
    for (const end of ['', '\n']) {
      const run = await read(NANOGPT + LAST + end)
      expect(run.validationLoss.at(-1)).toBe(3.1234)
      expect(codes(run)).toEqual([])
    }
  })

  it('a table: the cell is left out', async () => {
    const table = `step,loss\n${rows(60, (i) => `${i},${(3 + lossAt(i)).toFixed(4)}`)}`
    const run = await read(`${table}60,6`)
    expect(codes(run)).toEqual(['cut-line'])
    expect([run.step.at(-1), run.loss.at(-1)]).toEqual([59, Number((3 + lossAt(59)).toFixed(4))])
    expect((await read(`${table}60,6.0000`)).loss.at(-1)).toBe(6)
  })

  it('a table of numbers in full: few decimals at the end are no sign where they come and go', async () => {
    const table = `step,loss\n${rows(60, (i) => `${i},${i % 7 === 0 ? lossAt(i).toFixed(2) : lossAt(i)}`)}`
    expect((await read(`${table}60,3.25`)).loss.at(-1)).toBe(3.25)
    const rates = `step,loss,lr\n${rows(59, (i) => `${i},${lossAt(i)},${(1 - (i + 0.5) / 60) / 7000}`)}`
    expect((await read(`${rates}59,${lossAt(59)},0.0`)).learningRate.at(-1)).toBe(0)
  })

  it('an exponent that lacks a digit is no rate of 1', async () => {
    const lines = rows(
      40,
      (i) =>
        `step ${i} | loss ${lossAt(i).toFixed(4)} | lr ${(1e-4).toExponential(2).replace('e-4', 'e-04')}`,
    )
    const run = await read(`${lines}step 40 | loss 3.1000 | lr 1.00e-0`)
    expect(codes(run)).toEqual(['cut-line'])
    expect(run.learningRate.at(-1)).toBeNaN()
    expect(run.loss.at(-1)).toBe(3.1)
  })
})
