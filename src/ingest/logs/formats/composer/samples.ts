import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'Composer: the cross-entropy, not the total with other terms in it',
    format: 'composer',
    text: `[batch=1/100]:
\t Train time/batch: 0
\t Train time/token: 4096
\t Train loss/train/total: 12.5000
\t Train metrics/train/LanguageCrossEntropy: 10.9736
\t Train lr-DecoupledAdamW/group0: 0.0003
[Eval batch=1/20] Eval on eval data:
[Eval batch=20/20] Eval on eval data:
\t Eval metrics/eval/LanguageCrossEntropy: 10.8000
[batch=2/100]:
\t Train loss/train/total: 12.4000
\t Train metrics/train/LanguageCrossEntropy: 10.9000
`,
    columns: {
      step: [1, 2],
      loss: [10.9736, 10.9],
      validationLoss: [10.8, null],
      learningRate: [0.0003, null],
      tokens: [4096, null],
    },
    plannedSteps: 100,
  },
  {
    name: 'Composer with batches counted by epoch',
    format: 'composer',
    text: `[epoch=0][batch=4/5]:
\t Train loss/train/total: 8.5
[epoch=1][batch=1/5]:
\t Train loss/train/total: 8.4
`,
    columns: { step: [4, 6], loss: [8.5, 8.4] },
    plannedSteps: 5,
  },
  {
    name: 'MPT, a block a batch',
    format: 'composer',
    isLaunched: true,
    text: `[batch=1/100]:
\t Train loss/train/total: 10.9736
[batch=2/100]:
\t Train loss/train/total: 10.9724
`,
    columns: { step: [1, 2], loss: [10.9736, 10.9724] },
    plannedSteps: 100,
  },
]
