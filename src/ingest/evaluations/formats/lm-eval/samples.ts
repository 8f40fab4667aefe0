import type { EvaluationsSample } from '../samples.js'

export const samples: readonly EvaluationsSample[] = [
  {
    name: '0.4: filters, N/A, lower is better, items, revision',
    format: 'lm-evaluation-harness',
    text: `{
  "results": {
    "arc_easy": {"alias": "arc_easy", "acc,none": 0.5, "acc_stderr,none": "N/A"},
    "gsm8k": {"exact_match,strict-match": 0.1, "exact_match,flexible-extract": NaN},
    "wiki": {"word_perplexity,none": 12.5}
  },
  "higher_is_better": {"wiki": {"word_perplexity": false}},
  "n-samples": {"arc_easy": {"original": 2376, "effective": 2376}},
  "versions": {},
  "config": {"model": "hf", "model_args": "pretrained=org/p-1b,revision=step3000", "model_num_parameters": 1011781632}
}`,
    rows: [
      {
        model: 'org/p-1b',
        checkpoint: 'step3000',
        params: 1_011_781_632,
        benchmark: 'arc_easy',
        metric: 'acc',
        value: 0.5,
        n_items: 2376,
        source: '#results.arc_easy.acc,none',
      },
      {
        model: 'org/p-1b',
        checkpoint: 'step3000',
        params: 1_011_781_632,
        benchmark: 'gsm8k',
        metric: 'exact_match/strict-match',
        value: 0.1,
        source: '#results.gsm8k.exact_match,strict-match',
      },
    ],
    dropped: ['#results.gsm8k.exact_match,flexible-extract', '#results.wiki.word_perplexity,none'],
  },
  {
    name: '0.3: no filters',
    format: 'lm-evaluation-harness',
    text: '{"results": {"piqa": {"acc": 0.625, "acc_stderr": 0.01}}, "versions": {"piqa": 0}, "config": {"model": "gpt2", "model_args": "pretrained=org/old"}}',
    rows: [{ model: 'org/old', benchmark: 'piqa', metric: 'acc', value: 0.625, source: '#results.piqa.acc' }],
  },
]
