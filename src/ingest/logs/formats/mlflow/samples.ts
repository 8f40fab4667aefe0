import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'one metric of a folder',
    format: 'mlflow',
    text: `# mlflow metric train/loss
1700000000001 6.25 0
1700000001001 5.5 10
1700000002001 nan 20
`,
    columns: { step: [0, 10, 20], loss: [6.25, 5.5, null] },
  },
  {
    name: 'metrics without steps',
    format: 'mlflow',
    text: `# mlflow metric loss
1700000000001 6.25 0
1700000001001 5.5 0
1700000002001 5.25 0
`,
    columns: { step: [1, 2, 3], loss: [6.25, 5.5, 5.25] },
  },
]
