import type { LogSample } from '../samples.js'

export const samples: readonly LogSample[] = [
  {
    name: 'values by step, padded with "nan" up to the last one',
    format: 'megatron-golden',
    text: `{
  "lm loss": {
    "start_step": 1,
    "end_step": 4,
    "step_interval": 1,
    "values": {"1": 10.5, "2": 10.25, "3": "nan", "4": "nan"}
  },
  "iteration-time": {
    "start_step": 1,
    "end_step": 4,
    "step_interval": 1,
    "values": {"1": 12.5, "2": 0.5, "3": "nan", "4": "nan"}
  }
}
`,
    columns: { step: [1, 2], loss: [10.5, 10.25], seconds: [12.5, 0.5] },
  },
  {
    name: 'values in a list, as older files have them',
    format: 'megatron-golden',
    text: '{"lm loss": {"start_step": 0, "end_step": 10, "step_interval": 5, "values": [10.75, 10.5, 10.25]}}\n',
    columns: { step: [0, 5, 10], loss: [10.75, 10.5, 10.25] },
  },
]
