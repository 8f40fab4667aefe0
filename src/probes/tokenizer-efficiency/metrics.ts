import type { MetricDeclaration } from '../../core/index.js'

const CHANGE = 'Change or extend the tokenizer, or choose a base trained for these languages.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'tokenizer-efficiency.bytes-per-token.*',
    part: 'text',
    title: 'Bytes per token on *',
    unit: 'bytes/token',
    better: 'higher',
    onFail: CHANGE,
    onRegress:
      'This text takes more tokens than with the baseline: the tokenizer changed, so prompts grow dearer and less fits the context.',
  },
  {
    id: 'tokenizer-efficiency.parity.*',
    part: 'language',
    title: 'Tokens against English, *',
    unit: 'ratio',
    better: 'lower',
    onFail: CHANGE,
    onRegress:
      'This language pays more against English than with the baseline: the tokenizer changed; keep the earlier one where the language matters.',
  },
  {
    id: 'tokenizer-efficiency.gini',
    title: 'Inequality of token cost between languages (Gini, 0 = none)',
    unit: 'Gini',
    better: 'lower',
    onFail: CHANGE,
    onRegress:
      'The tokenizer serves languages less evenly than with the baseline: look at the parities of the languages that matter to you.',
  },
]
