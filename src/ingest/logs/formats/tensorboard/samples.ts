import { concat, event, header, record } from '../../../../../test/logs/tensorboard-writer.js'
import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'scalars as simple values and as tensors',
    format: 'tensorboard',
    text: concat([
      header(),
      record(
        event(10, [
          { tag: 'train/loss', value: 3.5 },
          { tag: 'train/learning_rate', value: 2 ** -10 },
        ]),
      ),
      record(event(20, [{ tag: 'train/loss', value: 3.25, as: 'floats' }])),
      record(event(20, [{ tag: 'eval/loss', value: 3.375, as: 'doubles' }])),
    ]),
    columns: {
      step: [10, 20],
      loss: [3.5, 3.25],
      validationLoss: [null, 3.375],
      learningRate: [2 ** -10, null],
    },
  },
]
