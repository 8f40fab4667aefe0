import { describe, expect, it } from 'vitest'
import { analyseLogs, type JudgedRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'
import { scratch } from './files.js'

const file = scratch()
let made = 0

async function judge(lines: readonly string[]): Promise<JudgedRun> {
  const path = file(`validation-${made++}`, `${lines.join('\n')}\n`)
  return analyseLogs({ runs: await readLogs([path], { columns: {} }) }).runs[0]
}

const lossAt = (i: number): string => (3 + 7 / (1 + i / 10) + 0.01 * Math.sin(i * 37)).toFixed(4)
const rows = (n: number, line: (i: number) => string): string[] =>
  Array.from({ length: n }, (_, i) => line(i))
/** Falls for two thirds of the run, then is not finite. */
const breaking = (i: number): string => (i < 40 ? lossAt(i) : 'nan')

const BROKEN: readonly (readonly [string, readonly string[]])[] = [
  ['alone in a table', ['step,val_loss', ...rows(60, (i) => `${i * 100},${breaking(i)}`)]],
  [
    'beside a sound training loss',
    ['step,loss,val_loss', ...rows(60, (i) => `${i * 100},${lossAt(i)},${breaking(i)}`)],
  ],
  [
    'in JSON Lines',
    rows(60, (i) => `{"step": ${i * 100}, "eval_loss": ${breaking(i).replace('nan', 'NaN')}}`),
  ],
  [
    'in MLPerf results',
    [
      ...rows(
        60,
        (i) =>
          `:::MLLOG {"namespace": "", "time_ms": ${i}, "event_type": "POINT_IN_TIME", "key": "eval_accuracy", "value": ${breaking(i).replace('nan', 'NaN')}, "metadata": {"step": ${i * 100}, "samples_count": ${i * 100}}}`,
      ),
      ':::MLLOG {"key": "run_stop", "value": null, "metadata": {"status": "success"}}',
    ],
  ],
]

describe('a validation loss that is no longer finite', () => {
  it.each(BROKEN)('is a divergence, named at its step: %s', async (_, lines) => {
    const run = await judge(lines)
    expect(run.verdict).toBe('diverged')
    expect(run.events).toContainEqual(
      expect.objectContaining({
        code: 'non-finite',
        fromStep: 4000,
        toStep: 5900,
        magnitude: 20,
        unit: 'rows',
        text: 'the validation loss is not finite from step 4000 to the end (20 rows)',
      }),
    )
    expect(run.finalValidationLoss).toEqual({
      kind: 'notEstimable',
      reason: 'the last validation loss (step 5900) is not finite',
    })
  })

  it('is told as a stretch that came back when it does', async () => {
    const run = await judge([
      'step,loss,val_loss',
      ...rows(60, (i) => `${i * 100},${lossAt(i)},${i === 30 || i === 31 ? 'nan' : lossAt(i)}`),
    ])
    expect(run.verdict).toBe('healthy-with-spikes')
    expect(run.events).toContainEqual(
      expect.objectContaining({ code: 'spike', fromStep: 3000, toStep: 3100, unit: 'rows' }),
    )
    expect(run.finalValidationLoss.kind).toBe('estimate')
  })

  it('warns when no evaluation ever gave a value: the training loss is sound', async () => {
    const run = await judge(['step,loss,val_loss', ...rows(60, (i) => `${i * 100},${lossAt(i)},nan`)])
    expect(run.verdict).toBe('healthy')
    expect(run.events).toContainEqual(expect.objectContaining({ code: 'non-finite', confidence: 'weak' }))
    expect(run.finalValidationLoss.kind).toBe('notEstimable')
  })
})

describe('a table with nan where nothing was evaluated', () => {
  const padded = (n: number, from: number): string[] => [
    'step,loss,val_loss',
    ...rows(n, (i) => `${i},${lossAt(i)},${i % 10 === 9 && i < from ? lossAt(i) : 'nan'}`),
  ]

  it('is sound', async () => {
    const run = await judge(padded(104, 1000))
    expect(run.verdict).toBe('healthy')
    expect(run.events.filter((e) => e.code === 'non-finite' || e.code === 'spike')).toEqual([])
    expect(run.prepared.validation.step.length).toBe(10)
    expect(run.finalValidationLoss.kind).toBe('estimate')
  })

  it('is not when evaluations that were due are missing', async () => {
    expect((await judge(padded(104, 70))).verdict).toBe('diverged')
  })
})
