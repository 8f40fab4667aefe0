import type { EvaluationsSample } from '../samples.js'

export const samples: readonly EvaluationsSample[] = [
  {
    name: 'a row a checkpoint; of two splits of a task the test split',
    format: 'OLMo ladder',
    file: '190M-1xC.csv',
    text: `_step,throughput/total_tokens,throughput/total_training_Gflops,eval/c4_en-validation/CrossEntropyLoss,eval/downstream/arc_easy_val_rc_5shot_len_norm,eval/downstream/arc_easy_test_rc_5shot_len_norm,eval/downstream_bpb/arc_easy_test_rc_5shot_bpb
100,1000000,2000,4.5,0.25,0.375,1.5
200,2000000,4000,4.25,0.5,,1.25
300,3000000,6000,4,0.5,0.625,1
`,
    rows: [
      {
        model: '190M-1xC',
        tokens: 1e6,
        flops: 2e12,
        checkpoint: 'step100',
        benchmark: 'arc_easy',
        metric: 'acc_len_norm',
        value: 0.375,
        loss: 4.5,
        task_loss: 1.5,
        source: ':2',
      },
      {
        model: '190M-1xC',
        tokens: 3e6,
        flops: 6e12,
        checkpoint: 'final',
        benchmark: 'arc_easy',
        metric: 'acc_len_norm',
        value: 0.625,
        loss: 4,
        task_loss: 1,
        source: ':4',
      },
    ],
  },
  {
    name: 'labels with the paths of their runs and their parameters',
    format: 'OLMo ladder config',
    file: 'final.json',
    text: '{"190M-1xC": {"paths": ["runs/190M-1xC.csv", "runs/190M-2xC.csv"], "n": 190354176, "flops": 1.9e9}}\n',
    rows: [],
    runs: [
      { model: '190M-1xC', params: 190_354_176 },
      { model: '190M-2xC', params: 190_354_176 },
    ],
  },
]
