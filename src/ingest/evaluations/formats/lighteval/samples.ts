import type { EvaluationsSample } from '../samples.js'

export const samples: readonly EvaluationsSample[] = [
  {
    name: 'a task, and the mean of unlike tasks, which is none',
    format: 'lighteval',
    text: '{"config_general": {"model_name": "org/m"}, "results": {"lighteval|arc:easy|0|0": {"acc": 0.4, "acc_stderr": 0.01}, "all": {"acc": 0.4}}, "config_tasks": {"lighteval|arc:easy|0|0": {"effective_num_docs": 2376}}}',
    rows: [
      {
        model: 'org/m',
        benchmark: 'arc_easy',
        metric: 'acc',
        value: 0.4,
        n_items: 2376,
        shots: 0,
        source: '#results.lighteval|arc:easy|0|0.acc',
      },
    ],
  },
]
