import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'one list of rows',
    format: 'json-table',
    text: '[{"step": 1, "loss": 3.5, "lr": 1e-4}, {"step": 2, "loss": 3.25, "lr": 1e-4, "val_loss": 3.375}]\n',
    columns: {
      step: [1, 2],
      loss: [3.5, 3.25],
      validationLoss: [null, 3.375],
      learningRate: [1e-4, 1e-4],
    },
  },
  {
    name: 'rows under a member',
    format: 'json-table',
    text: '{"history": [{"step": 1, "loss": 3.5}, {"step": 2, "loss": NaN}, {"step": 3, "loss": 3.25}]}',
    columns: { step: [1, 2, 3], loss: [3.5, null, 3.25] },
  },
]
