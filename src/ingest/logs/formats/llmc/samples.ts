import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'main.log',
    format: 'llmc',
    isLaunched: true,
    text: `s:0 tel:11.0098
s:0 eval:0.2463
s:0 trl:11.0133 lr:0.000001 norm:15.3492
s:1 trl:10.9532 lr:0.000002 norm:15.1
`,
    columns: {
      step: [0, 0, 1],
      loss: [null, 11.0133, 10.9532],
      validationLoss: [11.0098, null, null],
      learningRate: [null, 1e-6, 2e-6],
      gradNorm: [null, 15.3492, 15.1],
    },
  },
]
