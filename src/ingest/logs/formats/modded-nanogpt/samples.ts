import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'modded-nanogpt with a learning rate, and without training losses',
    format: 'modded-nanogpt',
    text: `step:0/9536 val_loss:10.8258 train_time:0ms step_avg:nanms
step:1/9536 train_loss:10.5000 lr:1.10e-03 train_time:250ms step_avg:nanms
step:2/9536 train_time:500ms step_avg:250.00ms
step:3/9536 train_loss:10.4000 lr:1.20e-03 train_time:750ms step_avg:250.00ms
`,
    columns: {
      step: [0, 1, 3],
      loss: [null, 10.5, 10.4],
      validationLoss: [10.8258, null, null],
      learningRate: [null, 1.1e-3, 1.2e-3],
      seconds: [null, 0.25, 0.25],
    },
    plannedSteps: 9536,
  },
]
