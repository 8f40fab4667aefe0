import { describe, expect, it } from 'vitest'
import { scratch } from '../../../test/logs/files.js'
import type { TrainingRun } from '../../core/index.js'
import { readLogs } from './read-logs.js'

const file = scratch()
let made = 0

function read(text: string): Promise<TrainingRun[]> {
  return readLogs([file(`log-${made++}`, text)], { columns: {} })
}

it('every row names the line that it stands on, blank lines counted', async () => {
  const [run] = await read('\n\nstep 1 loss: 3.0\n\rnothing\nstep 2 loss: 2.9\n')
  expect([...run.line]).toEqual([3, 5])
})

describe('text that is no training log', () => {
  it.each([
    [
      'other losses alone',
      'step 10 | aux loss: 0.01 | z loss: 0.002\nstep 20 | aux loss: 0.02 | z loss: 0.002\n',
    ],
    ['reinforcement learning', 'step 10 policy_loss: 0.01 value_loss: 0.5 kl loss 0.2\n'],
    ['a position within an evaluation', 'eval step 3/50: loss 2.3\neval step 4/50: loss 2.2\n'],
    ['steps in thousands', 'step 1k | loss 3.5\nstep 2k | loss 3.4\n'],
    ['a configuration', 'max_steps: 1000\nwarmup_steps: 100\nloss_scale: 65536\nlog_every: 10\n'],
    ['a table of models', 'model,params,loss\na,1e6,3.5\nb,1e7,3.1\n'],
    ['prose', 'Beside this (loss curve in log 3), the best run had train 0.030 / val 4.27 at step 2000.\n'],
    ['a share', 'step 10: 3.2 tokens lost, loss: 5%\n'],
    [
      'JSON of points in a long table',
      '{"tag": "train/loss", "step": 1, "value": 10.5}\n{"tag": "train/loss", "step": 2, "value": 10.4}\n',
    ],
    ['source code', 'for step in range(10):\n    print(f"step {step} loss {loss:.4f}")\n'],
  ])('is refused: %s', async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'logs/unknown-format' })
  })
})

it('a pattern that matches nothing is told with a line that it might have been meant for', async () => {
  const path = file('odd.txt', 'epoch one\nit=5 loss=3.2,\nit=6 loss=3.1,\n')
  const told = (pattern: string) => readLogs([path], { columns: {}, pattern })
  await expect(told('step (?<step>\\d+) loss (?<loss>\\S+)')).rejects.toMatchObject({
    code: 'logs/no-match',
    message: expect.stringContaining('"it=5 loss=3.2,"'),
  })
  await expect(told('it=(?<step>\\d+) loss=(?<loss>\\S+)')).rejects.toMatchObject({
    code: 'logs/no-match',
    message: expect.stringContaining('step "5", loss "3.2,"'),
  })
})
