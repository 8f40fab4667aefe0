import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'bits per byte of the validation are no loss per token',
    format: 'nanochat',
    isLaunched: true,
    text: `Number of parameters: 560,988,160
Step 00000 | Validation bpb: 3.2012
step 00000/21400 (0.00%) | loss: 11.090355 | grad norm: 0.7500 | lrm: 1.00 | dt: 1340.50ms | tok/sec: 21,355 | mfu: 1.25 | total time: 0.00m
step 00001/21400 (0.00%) | loss: 10.812500 | grad norm: 6.0000 | lrm: 0.50 | dt: 340.00ms | tok/sec: 1,541,176 | mfu: 47.60 | total time: 0.00m
Step 00001 | Validation loss: 10.7500
`,
    columns: {
      step: [0, 1, 1],
      loss: [11.090355, 10.8125, null],
      validationLoss: [null, null, 10.75],
      learningRate: [1, 0.5, null],
      gradNorm: [0.75, 6, null],
      seconds: [1.3405, 0.34, null],
    },
    plannedSteps: 21_400,
  },
  {
    name: 'a line whose step is no number is left out',
    format: 'nanochat',
    text: `step 00001/100 (1%) | loss: 9.5 | lrm: 1.00 | dt: 3.00ms
step nan/100 (1%) | loss: 9.4 | lrm: 1.00 | dt: 3.00ms
`,
    columns: { step: [1], loss: [9.5], learningRate: [1], seconds: [0.003] },
    plannedSteps: 100,
  },
]
