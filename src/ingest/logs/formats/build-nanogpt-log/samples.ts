import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'HellaSwag beside the losses',
    format: 'build-nanogpt-log',
    isLaunched: true,
    text: `0 val 10.9504
0 hella 0.2463
0 train 10.955029
1 train 10.907429
`,
    columns: { step: [0, 0, 1], loss: [null, 10.955029, 10.907429], validationLoss: [10.9504, null, null] },
  },
]
