import type { EvaluationsSample } from '../samples.js'

export const samples: readonly EvaluationsSample[] = [
  {
    name: 'a measurement a row, sizes with suffixes, a name in quotes',
    format: 'tidy table',
    text: 'run,N,tokens,task,score\n"a, ""b""",1.4B,300e9,piqa,0.7\nc,70M,2B,piqa,N/A\nd,,,arc,0.25\n',
    rows: [
      {
        model: 'a, "b"',
        params: 1.4e9,
        tokens: 300e9,
        benchmark: 'piqa',
        metric: 'acc',
        value: 0.7,
        source: ':2',
      },
      { model: 'd', benchmark: 'arc', metric: 'acc', value: 0.25, source: ':4' },
    ],
    dropped: [':3'],
  },
  {
    name: 'separated by semicolons, with blanks around quotes',
    format: 'tidy table',
    text: 'model;benchmark;value\n"a;b"; "piqa" ;0.5\nc;piqa;0.75\n',
    rows: [
      { model: 'a;b', benchmark: 'piqa', metric: 'acc', value: 0.5, source: ':2' },
      { model: 'c', benchmark: 'piqa', metric: 'acc', value: 0.75, source: ':3' },
    ],
  },
  {
    name: 'JSON Lines with a bare NaN',
    format: 'tidy table',
    text: '{"model": "a", "benchmark": "piqa", "value": 0.5, "n_items": 100}\n{"model": "b", "benchmark": "piqa", "value": NaN}\n',
    rows: [{ model: 'a', benchmark: 'piqa', metric: 'acc', value: 0.5, n_items: 100, source: ':1' }],
    dropped: [':2'],
  },
  {
    name: 'a problem a row',
    format: 'tidy table',
    text: 'model,benchmark,problem,num_samples,num_correct\na,he,1,10,3\na,he,2,10,11\na,he,3,10,0\n',
    rows: [],
    problems: [
      { problem: '1', n: 10, c: 3 },
      { problem: '3', n: 10, c: 0 },
    ],
    dropped: [':3'],
  },
  {
    name: 'a run a row',
    format: 'tidy table',
    text: 'model\tparams\ttokens\norg/m\t1e9\t2e10\n',
    rows: [],
    runs: [{ model: 'org/m', params: 1e9, tokens: 2e10 }],
  },
]
