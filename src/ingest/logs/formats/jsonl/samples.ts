import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'LLaMA-Factory',
    format: 'jsonl',
    text: `{"current_steps": 10, "total_steps": 300, "loss": 1.23, "lr": 4.9e-05, "epoch": 0.1, "percentage": 3.33, "elapsed_time": "0:00:20", "total_tokens": 10240}
{"current_steps": 20, "total_steps": 300, "eval_loss": 1.2, "epoch": 0.2, "percentage": 6.67}
`,
    columns: {
      step: [10, 20],
      loss: [1.23, null],
      validationLoss: [null, 1.2],
      learningRate: [4.9e-5, null],
      tokens: [10240, null],
    },
  },
  {
    name: 'ms-swift, whose last row sums the run up',
    format: 'jsonl',
    text: `{"loss": 1.5, "grad_norm": 1.25, "learning_rate": 1e-05, "memory(GiB)": 20.1, "epoch": 0.01, "global_step/max_steps": "1/300", "elapsed_time": "5s"}
{"eval_loss": 1.3, "epoch": 1.0, "global_step/max_steps": "100/300"}
{"train_runtime": 123.4, "train_loss": 1.1, "epoch": 3.0, "global_step/max_steps": "300/300"}
`,
    columns: {
      step: [1, 100],
      loss: [1.5, null],
      validationLoss: [null, 1.3],
      learningRate: [1e-5, null],
      gradNorm: [1.25, null],
    },
  },
  {
    name: 'nested JSON lines',
    format: 'jsonl',
    text: `{"global_step": 10, "speed": {"wps": 1.2e4, "curr_iter_time": 0.5}, "optim": {"grad_norm": 1.25, "lr": 3e-5, "total_tokens": 1048576}, "loss/out": 9.9, "tags": ["a", "[b"], "created_at": "2026-01-29"}
{"global_step": 20, "speed": {"wps": 1.2e4, "curr_iter_time": 0.5}, "optim": {"grad_norm": 1.5, "lr": 6e-5, "total_tokens": 2097152}, "loss/out": NaN, "tags": ["a", "[b"], "created_at": "2026-01-29"}
`,
    columns: {
      step: [10, 20],
      loss: [9.9, null],
      learningRate: [3e-5, 6e-5],
      gradNorm: [1.25, 1.5],
      tokens: [1_048_576, 2_097_152],
    },
  },
  {
    name: 'lines one of which is half a text',
    format: 'jsonl',
    text: '{"step": 1, "loss": 3}\n"half a text\n{"step": 2, "loss": 2.5}\n',
    columns: { step: [1, 2], loss: [3, 2.5] },
  },
  {
    name: 'a list with a row a line',
    format: 'jsonl',
    text: '[\n  {"step": 1, "loss": 3.5, "lr": 1e-4},\n  {"step": 2, "loss": 3.25, "lr": 1e-4, "val_loss": 3.375}\n]\n',
    columns: {
      step: [1, 2],
      loss: [3.5, 3.25],
      validationLoss: [null, 3.375],
      learningRate: [1e-4, 1e-4],
    },
  },
]
