import type { MetricDeclaration } from '../../core/index.js'

const CHOOSE =
  'It predicts unseen text too poorly to build on. Do not fine-tune yet: train on more tokens, or build on a stronger or larger model.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'held-out-loss.macro',
    title: 'Held-out loss, mean of domains',
    unit: 'bits/byte',
    better: 'lower',
    onFail: CHOOSE,
    onRegress:
      'The model predicts held-out text worse than the baseline did: keep the baseline, and look at what lies between the two (data mix, learning rate, quantisation, a damaged checkpoint); the domains that moved most say where.',
  },
  {
    id: 'held-out-loss.domain.*',
    part: 'domain',
    title: 'Held-out loss on *',
    unit: 'bits/byte',
    better: 'lower',
    onFail: CHOOSE,
    onRegress:
      'The model predicts this domain worse than the baseline did: keep the baseline where the domain matters, or put such text back into the training mix.',
  },
  {
    id: 'held-out-loss.against.*',
    part: 'reference',
    title: 'Held-out loss, more than *',
    unit: 'bits/byte',
    better: 'lower',
    onFail: CHOOSE,
    onRegress:
      'Against this reference the model lost ground since the baseline: keep the baseline, and look at what lies between the two.',
  },
]
