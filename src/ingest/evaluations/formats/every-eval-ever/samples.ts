import type { EvaluationsSample } from '../samples.js'

export const samples: readonly EvaluationsSample[] = [
  {
    name: 'percentages by their unit; where lower is better it is left out',
    format: 'every_eval_ever',
    text: `{
  "schema_version": "0.3.0",
  "model_info": {"id": "org/m", "name": "m", "additional_details": {"num_parameters": "1.4B"}},
  "evaluation_results": [
    {
      "evaluation_name": "piqa",
      "source_data": {"samples_number": 1838},
      "metric_config": {"lower_is_better": false, "metric_unit": "percent", "metric_id": "accuracy"},
      "score_details": {"score": 75}
    },
    {
      "evaluation_name": "wer",
      "source_data": {},
      "metric_config": {"lower_is_better": true},
      "score_details": {"score": 0.2}
    }
  ]
}
`,
    rows: [
      {
        model: 'org/m',
        params: 1.4e9,
        benchmark: 'piqa',
        metric: 'accuracy',
        value: 0.75,
        n_items: 1838,
        source: '#evaluation_results[0]',
      },
    ],
    dropped: ['#evaluation_results[1]'],
  },
]
