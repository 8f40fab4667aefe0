import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'its validation loss stands before the step that it is of',
    format: 'build-nanogpt',
    isLaunched: true,
    text: `validation loss: 10.9504
step     0 | loss: 10.955029 | lr 8.3916e-07 | norm: 15.3821 | dt: 1000.00ms | tok/sec: 15834.31
step     1 | loss: 10.907429 | lr 1.6783e-06 | norm: 15.1821 | dt: 500.00ms | tok/sec: 915834.31
`,
    columns: {
      step: [0, 1],
      loss: [10.955029, 10.907429],
      validationLoss: [10.9504, null],
      learningRate: [8.3916e-7, 1.6783e-6],
      gradNorm: [15.3821, 15.1821],
      seconds: [1, 0.5],
    },
  },
]
