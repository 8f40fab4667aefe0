import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'OLMo before OLMo-core',
    format: 'olmo-core',
    text: `2024-02-01 10:15:32.145\thost:0\tolmo.train:967\tINFO\t[step=1/739328]
    optim/total_grad_norm=5.125
    train/CrossEntropyLoss=11.18
    train/Perplexity=71,680
    throughput/total_tokens=4,194,304
2024-02-01 10:15:42.145\thost:0\tolmo.train:967\tINFO\t[step=2/739328]
    train/CrossEntropyLoss=11.08
    optim/learning_rate_group0=3e-7
    optim/learning_rate_group1=5e-7
    eval/lm/c4_en/CrossEntropyLoss=11.0
    eval/lm/pile/CrossEntropyLoss=12.0
`,
    columns: {
      step: [1, 2],
      loss: [11.18, 11.08],
      validationLoss: [null, 11],
      learningRate: [null, 3e-7],
      gradNorm: [5.125, null],
      tokens: [4_194_304, null],
    },
    plannedSteps: 739_328,
  },
  {
    name: 'OLMo-core, whose keys have numbers in them',
    format: 'olmo-core',
    text: `2025-06-01T10:15:32Z\thost:0\tolmo_core.train.callbacks.console_logger:103\tINFO\t[step=10/1000,epoch=1,eta=0:12:03]
    optim/LR (group 0)=5.0E-6
    optim/LR (group 1)=9.0E-6
    optim/total grad norm=3.2E+0
    throughput/total tokens=41,943,040
    train/CE loss=10.5
    train/CE loss (scaled)=3.1
    train/Z loss=0.001
`,
    columns: { step: [10], loss: [10.5], learningRate: [5e-6], gradNorm: [3.2], tokens: [41_943_040] },
    plannedSteps: 1000,
  },
]
