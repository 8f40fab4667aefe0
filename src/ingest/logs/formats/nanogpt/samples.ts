import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'llama2.c',
    format: 'nanogpt',
    text: `tokens per iteration will be: 131,072
step 0: train loss 10.4143, val loss 10.4152
0 | loss 10.4089 | lr 0.000000e+00 | 23000.00ms | mfu -100.00%
1 | loss 10.4000 | lr 5.000000e-07 | 500.00ms | mfu 12.00%
`,
    columns: {
      step: [0, 0, 1],
      loss: [10.4143, 10.4089, 10.4],
      validationLoss: [10.4152, null, null],
      learningRate: [null, 0, 5e-7],
      seconds: [null, 23, 0.5],
    },
  },
  {
    name: 'nanoGPT, whose iteration 0 stands on a line of its own behind its evaluation',
    format: 'nanogpt',
    isLaunched: true,
    text: `step 0: train loss 4.2874, val loss 4.2823
iter 0: loss 4.2654, time 31389.12ms, mfu -100.00%
iter 10: loss 3.1462, time 25.50ms, mfu 14.50%
`,
    columns: {
      step: [0, 0, 10],
      loss: [4.2874, 4.2654, 3.1462],
      validationLoss: [4.2823, null, null],
      seconds: [null, 31.38912, 0.0255],
    },
  },
]
