import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'as Trainer writes it, one key a line',
    format: 'hf-trainer-state',
    text: `{
  "best_metric": null,
  "global_step": 20,
  "log_history": [
    {
      "epoch": 0.1,
      "grad_norm": 1.5,
      "learning_rate": 1e-05,
      "loss": 10.5,
      "step": 10
    },
    {
      "epoch": 0.1,
      "eval_loss": 9.75,
      "eval_runtime": 1.0,
      "step": 10
    },
    {
      "epoch": 0.2,
      "grad_norm": 1.25,
      "learning_rate": 5e-06,
      "loss": 9.5,
      "num_input_tokens_seen": 4096,
      "step": 20
    },
    {
      "epoch": 0.2,
      "step": 20,
      "total_flos": 4e+18,
      "train_loss": 10.0,
      "train_runtime": 11.5
    }
  ],
  "max_steps": 40,
  "total_flos": 4e+18
}
`,
    columns: {
      step: [10, 10, 20],
      loss: [10.5, null, 9.5],
      validationLoss: [null, 9.75, null],
      learningRate: [1e-5, null, 5e-6],
      gradNorm: [1.5, null, 1.25],
      tokens: [null, null, 4096],
    },
    plannedSteps: 40,
  },
  {
    name: 'on one line, with a bare NaN',
    format: 'hf-trainer-state',
    text: '{"global_step": 2, "log_history": [{"loss": 3.5, "grad_norm": NaN, "step": 1}, {"loss": 3.25, "grad_norm": 0.5, "step": 2}], "max_steps": 2}',
    columns: { step: [1, 2], loss: [3.5, 3.25], gradNorm: [null, 0.5] },
    plannedSteps: 2,
  },
]
