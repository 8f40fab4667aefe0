import type { MetricDeclaration } from '../../core/index.js'

const MIX_CHANGED =
  'Compare the mixes of the two runs (`assay corpus profile`): a smaller share of such text is the usual cause.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'domain-coverage.lacking',
    title: 'Domains predicted badly because the corpus lacks them',
    unit: 'domains',
    better: 'lower',
    onFail: 'Add text of the domains that are named to the corpus, and continue pre-training on it.',
    onRegress: `More domains suffer from what their corpus lacks. ${MIX_CHANGED}`,
  },
  {
    id: 'domain-coverage.excess.*',
    title: 'Loss on * beside what the other domains make expect',
    unit: 'ratio',
    better: 'lower',
    part: 'domain',
    onFail:
      'Where the corpus has little of such text, add it; where it has plenty, look at the text itself and the tokenizer.',
    onRegress: `It falls behind the other domains more than in the baseline. ${MIX_CHANGED}`,
  },
  {
    id: 'domain-coverage.need.*',
    title: 'Text that halves what * is behind',
    unit: 'MB',
    better: 'lower',
    part: 'domain',
    onFail: 'Gather so much text of this domain, or take a base model whose corpus has it.',
    onRegress: `More text is needed than in the baseline. ${MIX_CHANGED}`,
  },
]
