import type { EvaluationsSample } from '../samples.js'

export const samples: readonly EvaluationsSample[] = [
  {
    name: 'an audit: scores with what guessing gives, other metrics left alone',
    format: 'assay',
    text: `{
  "schema": "assay/audit@1",
  "model": {"name": "m-1b", "params": 1000000000},
  "metrics": [
    {"id": "held-out-loss.macro", "estimate": {"kind": "estimate", "value": 1.2, "n": 9}},
    {"id": "benchmark-scores.score.pairs", "estimate": {"kind": "estimate", "value": 0.75, "n": 60}},
    {"id": "benchmark-scores.above-chance.pairs", "estimate": {"kind": "estimate", "value": 0.5, "n": 60}},
    {"id": "benchmark-scores.score.quads", "estimate": {"kind": "notEstimable", "reason": "a single item"}}
  ]
}
`,
    rows: [
      {
        model: 'm-1b',
        params: 1e9,
        benchmark: 'pairs',
        metric: 'score',
        value: 0.75,
        n_items: 60,
        // (.75 − .5)/(1 − .5)
        chance: 0.5,
        source: '#metrics[1]',
      },
    ],
    dropped: ['#metrics[3]'],
  },
  {
    name: 'assay choices --json: each task by its main score',
    format: 'assay',
    text: `{
  "schema": "assay/choices@1",
  "model": {"name": "m-1b", "params": 1000000000},
  "tasks": [
    {"task": "quads", "main": "accuracyNorm", "chance": 0.25,
     "accuracy": {"kind": "estimate", "value": 0.3, "n": 100},
     "accuracyNorm": {"kind": "estimate", "value": 0.4, "n": 100}}
  ]
}
`,
    rows: [
      {
        model: 'm-1b',
        params: 1e9,
        benchmark: 'quads',
        metric: 'accuracyNorm',
        value: 0.4,
        n_items: 100,
        chance: 0.25,
        source: '#tasks[0].accuracyNorm',
      },
    ],
  },
]
