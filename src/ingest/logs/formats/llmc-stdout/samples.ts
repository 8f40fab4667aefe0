import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'llm.c: its reference in Python',
    format: 'llmc-stdout',
    text: `step    1/20 | train loss 10.947000 | norm 2.3456 | lr 4.29e-07 | (1234.56 ms | 424 tok/s)
step    2/20 | train loss 10.900000 | norm 2.3000 | lr 8.59e-07 | (234.56 ms | 424 tok/s)
val loss 10.5
`,
    columns: {
      step: [1, 2, 2],
      loss: [10.947, 10.9, null],
      validationLoss: [null, null, 10.5],
      learningRate: [4.29e-7, 8.59e-7, null],
      gradNorm: [2.3456, 2.3, null],
    },
    plannedSteps: 20,
  },
  {
    name: 'llm.c: its fp32 program',
    format: 'llmc-stdout',
    text: `val loss 4.517294
step    1/74: train loss 4.367631 (80.639749 ms, 50761 tok/s)
step    2/74: train loss 4.331631 (70.639749 ms, 50761 tok/s)
`,
    columns: { step: [0, 1, 2], loss: [null, 4.367631, 4.331631], validationLoss: [4.517294, null, null] },
    plannedSteps: 74,
  },
  {
    name: 'llm.c on a GPU, its outliers marked in standard deviations',
    format: 'llmc-stdout',
    isLaunched: true,
    text: `val loss 11.0
step    1/19560 | loss 11.010203 (+nanz)| norm 15.3500 (+nanz)| lr 8.57e-07 | 3000.00 ms | 42.6% bf16 MFU | 171542 tok/s
val loss 10.9
`,
    columns: {
      step: [0, 1, 1],
      loss: [null, 11.010203, null],
      validationLoss: [11, null, 10.9],
      learningRate: [null, 8.57e-7, null],
      gradNorm: [null, 15.35, null],
    },
    plannedSteps: 19_560,
  },
]
