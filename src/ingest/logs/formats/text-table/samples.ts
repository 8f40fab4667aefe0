import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'a model card',
    format: 'text-table',
    text: `### Training results

| Training Loss | Epoch | Step | Validation Loss |
|:-------------:|:-----:|:----:|:---------------:|
| No log        | 1.0   | 500  | 2.1598          |
| 1.8701        | 2.0   | 1000 | 1.9161          |
`,
    columns: { step: [500, 1000], loss: [null, 1.8701], validationLoss: [2.1598, 1.9161] },
  },
  {
    name: 'fastai',
    format: 'text-table',
    text: `epoch     train_loss  valid_loss  time    
0         5.200000    5.000000    04:21     
1         4.868201    4.734561    04:21     
`,
    columns: { step: [0, 1], loss: [5.2, 4.868201], validationLoss: [5, 4.734561] },
  },
  {
    name: 'columns of words',
    format: 'text-table',
    text: `step lr loss gnorm
10 0.001 6.5 1.25
20 0.002 6.25 1.5
`,
    columns: { step: [10, 20], loss: [6.5, 6.25], learningRate: [0.001, 0.002], gradNorm: [1.25, 1.5] },
  },
]
