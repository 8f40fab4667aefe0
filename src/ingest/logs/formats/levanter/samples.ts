import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'steps in thousands, an evaluation between them',
    format: 'levanter',
    text: `Progress on:train 990it/10.0kit rate:2.6it/s remaining:57:30 elapsed:06:21 postfix:loss=4.25
levanter.eval eval loss: 4.125
Progress on:train 1.25kit/10.0kit rate:2.6it/s remaining:55:50 elapsed:08:30 postfix:loss=4.0
`,
    columns: { step: [990, 990, 1250], loss: [4.25, null, 4], validationLoss: [null, 4.125, null] },
    plannedSteps: 10_000,
  },
]
