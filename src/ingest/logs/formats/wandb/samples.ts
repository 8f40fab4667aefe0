import { runFile } from '../../../../../test/logs/wandb-writer.js'
import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'off-line, numbers under nested keys',
    format: 'wandb',
    text: runFile([
      [0, { _step: '0', 'train/loss': '6.5', 'train/lr': '0.001', note: '"a"' }],
      [10, { _step: '10', 'train/loss': '"NaN"', 'train/lr': '5e-4' }],
      [10, { 'eval/loss': '6.25' }],
    ]),
    columns: {
      step: [0, 10],
      loss: [6.5, null],
      validationLoss: [null, 6.25],
      learningRate: [0.001, 0.0005],
    },
  },
]
