import type { EvaluationsSample } from '../samples.js'

export const samples: readonly EvaluationsSample[] = [
  {
    name: 'in-context tasks of a run that the file is named after',
    format: 'scaling testbed evaluation',
    file: 'eval_c4_original-open_lm_1b-1.0.json',
    text: '{"name": "x", "eval_metrics": {"icl": {"arc_easy": 0.5286, "piqa": 0.71, "jeopardy": null}}}\n',
    rows: [
      {
        model: 'c4_original-open_lm_1b-1.0',
        benchmark: 'arc_easy',
        metric: 'acc',
        value: 0.5286,
        source: '#icl.arc_easy',
      },
      {
        model: 'c4_original-open_lm_1b-1.0',
        benchmark: 'piqa',
        metric: 'acc',
        value: 0.71,
        source: '#icl.piqa',
      },
    ],
    dropped: ['#icl.jeopardy'],
  },
  {
    name: 'a model card',
    format: 'scaling testbed model',
    file: 'model_c4_original-open_lm_1b-1.0.json',
    text: '{"dataset_name": "c4_original", "hyperparameters": {"params": 1439795200, "tokens": 28795904000, "lr": 0.003}}\n',
    rows: [],
    runs: [
      {
        model: 'c4_original-open_lm_1b-1.0',
        family: 'c4_original',
        params: 1_439_795_200,
        tokens: 28_795_904_000,
      },
    ],
  },
]
