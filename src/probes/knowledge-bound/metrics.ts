import type { MetricDeclaration } from '../../core/index.js'

const RETRIEVE = 'Serve these facts by retrieval: this model will not keep them at this corpus frequency.'
const ERROR_GREW =
  'Corpus counts predict this model less well than the baseline: check that both were asked the same facts against the same counts.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'knowledge-bound.bound',
    title: 'Upper bound on retention, by the published law',
    unit: 'accuracy',
    better: 'higher',
    onFail: RETRIEVE,
    onRegress:
      'The model keeps less of what its corpus states often than the baseline did: compare size, tokens and the share of such text in training.',
  },
  {
    id: 'knowledge-bound.retrieved-share',
    title: 'Facts to serve by retrieval',
    unit: 'share',
    better: 'lower',
    onFail: RETRIEVE,
    onRegress:
      'Retrieval has to serve more facts than with the baseline: keep the baseline, or widen what retrieval serves.',
  },
  {
    id: 'knowledge-bound.held-out-error.facts',
    title: 'Error of predicted retention on unseen facts',
    unit: 'accuracy',
    better: 'lower',
    onFail: 'Ask and count more facts, of more different frequencies, before relying on the predictions.',
    onRegress: ERROR_GREW,
  },
  {
    id: 'knowledge-bound.held-out-error.models',
    title: 'Error of predicted retention on unseen models',
    unit: 'accuracy',
    better: 'lower',
    onFail: 'Ask more models of different sizes before relying on predictions for another one.',
    onRegress: ERROR_GREW,
  },
]
