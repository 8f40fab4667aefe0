import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'pprint',
    format: 'printed-dicts',
    text: `{'accuracy': 0.31,
 'learning_rate': 0.0003,
 'loss': 6.00000,
 'step': 0}
saved
{'accuracy': 0.31,
 'learning_rate': 0.0003,
 'loss': array(5.80652, dtype=float32),
 'step': 10}
`,
    columns: { step: [0, 10], loss: [6, 5.80652], learningRate: [0.0003, 0.0003] },
  },
]
