import type { EvaluationsSample } from '../samples.js'

export const samples: readonly EvaluationsSample[] = [
  {
    name: 'stats.json beside its run_spec.json: the test split without perturbations',
    format: 'HELM',
    file: 'stats.json',
    text: `[
  {"name": {"name": "num_instances", "split": "test"}, "count": 1, "sum": 10, "mean": 10.0},
  {"name": {"name": "exact_match", "split": "test"}, "count": 1, "sum": 0.3, "mean": 0.3},
  {"name": {"name": "exact_match", "split": "valid"}, "count": 1, "sum": 0.9, "mean": 0.9},
  {"name": {"name": "exact_match", "split": "test", "perturbation": {"name": "typos"}}, "count": 1, "sum": 0.1, "mean": 0.1},
  {"name": {"name": "num_prompt_tokens", "split": "test"}, "count": 1, "sum": 400, "mean": 400.0}
]
`,
    beside: {
      'run_spec.json':
        '{"name": "commonsense:dataset=hellaswag,method=multiple_choice_joint,model=org_m", "adapter_spec": {"model": "org/m"}, "groups": ["commonsense"]}',
    },
    rows: [
      {
        model: 'org/m',
        benchmark: 'hellaswag',
        metric: 'exact_match',
        value: 0.3,
        n_items: 10,
        source: '#exact_match',
      },
    ],
  },
]
