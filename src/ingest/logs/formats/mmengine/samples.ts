import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'iterations',
    format: 'mmengine',
    text: `2024/01/01 00:01:00 - mmengine - INFO - Iter(train) [    10/1000]  lr: 1.9800e-04  eta: 2:46:39  time: 2.8906  data_time: 0.0042  memory: 10762  loss: 3.0033  grad_norm: 1.02
2024/01/01 00:02:00 - mmengine - INFO - Iter(train) [    20/1000]  lr: 1.9600e-04  eta: 2:46:39  time: 2.8750  data_time: 0.0042  memory: 10762  loss: 2.9128  grad_norm: 1.25
2024/01/01 00:02:01 - mmengine - INFO - Iter(val) [5/5]  loss: 2.9500  time: 0.1
`,
    columns: {
      step: [10, 20, 20],
      loss: [3.0033, 2.9128, null],
      validationLoss: [null, null, 2.95],
      learningRate: [1.98e-4, 1.96e-4, null],
      seconds: [2.8906, 2.875, null],
      gradNorm: [1.02, 1.25, null],
    },
    plannedSteps: 1000,
  },
  {
    name: 'epochs of 20 steps',
    format: 'mmengine',
    text: `2024/01/01 00:01:00 - mmengine - INFO - Epoch(train) [1][10/20]  lr: 2.0000e-04  eta: 0:46:39  loss: 3.5000
2024/01/01 00:02:00 - mmengine - INFO - Epoch(train) [1][20/20]  lr: 2.0000e-04  eta: 0:46:39  loss: 3.2500
2024/01/01 00:02:00 - mmengine - INFO - Epoch(train) [2][10/20]  lr: 1.0000e-04  eta: 0:46:39  loss: 3.1250
`,
    columns: { step: [10, 20, 30], loss: [3.5, 3.25, 3.125], learningRate: [2e-4, 2e-4, 1e-4] },
  },
]
