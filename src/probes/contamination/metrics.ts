import type { MetricDeclaration } from '../../core/index.js'

const AFTER_CLEANING =
  'Judge by the clean part, and take these items out of the corpus (or off the benchmark) before the next run.'
const CHANGED =
  'Both audits must be held against the corpus of their own model: look up the items in each anew.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'contamination.share',
    title: 'Measured items that stand in the training corpus',
    unit: 'share',
    better: 'lower',
    onFail: AFTER_CLEANING,
    onRegress: `More of what is measured stands in the training corpus. ${CHANGED}`,
  },
  {
    id: 'contamination.clean-loss',
    title: 'Held-out loss on text that is not in the corpus, mean of domains',
    unit: 'bits/byte',
    better: 'lower',
    onFail:
      'Continue pre-training, or choose another base model: the loss on text that it cannot have read is too high.',
    onRegress: `Text that it cannot have read is predicted worse. ${CHANGED}`,
  },
  {
    id: 'contamination.clean-domain.*',
    title: 'Held-out loss on *, clean part',
    unit: 'bits/byte',
    better: 'lower',
    part: 'domain',
    onFail: 'Continue pre-training on such text, or choose another base model.',
    onRegress: `Such text is predicted worse where it cannot have been read. ${CHANGED}`,
  },
  {
    id: 'contamination.clean-score.*',
    title: 'Score on *, clean items',
    unit: 'accuracy',
    better: 'higher',
    part: 'task',
    onFail: 'Do not ship on the score of all items: what it has not read it answers worse than this.',
    onRegress: `Items that it cannot have read are answered worse. ${CHANGED}`,
  },
  {
    id: 'contamination.clean-facts',
    title: 'Retention of facts whose item is not in the corpus',
    unit: 'accuracy',
    better: 'higher',
    onFail: 'Serve these facts by retrieval: it knows them where their question was read, not otherwise.',
    onRegress: `Facts whose question it cannot have read are answered worse. ${CHANGED}`,
  },
]
