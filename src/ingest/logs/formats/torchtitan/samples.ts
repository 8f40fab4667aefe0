import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'torchtitan of 2024, in colours',
    format: 'torchtitan',
    text: `\u001b[32m2024-07-01 10:15:32,145 - root - INFO - \u001b[36mstep:  1  \u001b[32mloss: 12.2547  \u001b[33mmemory: 10.50GiB(11.05%)  \u001b[34mwps: 1,234  \u001b[35mmfu: 12.30%\u001b[39m
\u001b[32m2024-07-01 10:15:42,145 - root - INFO - \u001b[36mstep: 10  \u001b[32mloss:     nan  \u001b[33mmemory: 10.50GiB(11.05%)  \u001b[34mwps: 9,234  \u001b[35mmfu: 42.30%\u001b[39m
`,
    columns: { step: [1, 10], loss: [12.2547, null] },
  },
]
