import type { MetricDeclaration } from '../../core/index.js'

const LITTLE =
  'Pre-training buys little here: train from scratch, or choose a base model whose pre-training data is nearer to the task.'
const LESS =
  'Pre-training buys less than in the baseline: compare the base models and their pre-training data.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'pretraining-gain.gain',
    title: 'Pre-training gain',
    unit: 'accuracy',
    better: 'higher',
    onFail: LITTLE,
    onRegress: LESS,
  },
  {
    id: 'pretraining-gain.chance-centred-gain',
    title: 'Pre-training gain of scores above guessing',
    unit: 'share',
    better: 'higher',
    onFail: LITTLE,
    onRegress: LESS,
  },
  {
    id: 'pretraining-gain.retained-share',
    title: 'Share of the score that a model from scratch reaches',
    unit: 'share',
    better: 'lower',
    onFail:
      'A model from scratch fits these tests almost as well: test on items that fitting the training set does not answer.',
    onRegress:
      'A model from scratch comes nearer than with the baseline: pre-training is worth less of the score.',
  },
  {
    id: 'pretraining-gain.ood-gain',
    title: 'Pre-training gain out of distribution',
    unit: 'accuracy',
    better: 'higher',
    onFail:
      'The advantage does not survive out of distribution: widen the pre-training data, or the training set.',
    onRegress:
      'Out of distribution pre-training buys less than in the baseline: look at what the pre-training data lost.',
  },
  {
    id: 'pretraining-gain.id-ood-difference',
    title: 'Pre-training gain in distribution less out of it',
    unit: 'accuracy',
    better: 'lower',
    onFail:
      'Pre-training helps mostly where the training data is: what it adds is fitted faster, not known better.',
    onRegress: 'The gain moved from other distributions to the training set’s own, against the baseline.',
  },
  {
    id: 'pretraining-gain.clean-subset-gain',
    title: 'Pre-training gain on items that are not in the corpus',
    unit: 'accuracy',
    better: 'higher',
    onFail: 'The gain comes from items that stand in the pre-training corpus: test on others.',
    onRegress: 'On items that are not in the corpus pre-training buys less than in the baseline.',
  },
  {
    id: 'pretraining-gain.sample-efficiency',
    title: 'Training examples from scratch for each one with pre-training',
    unit: 'ratio',
    better: 'higher',
    onFail: 'Pre-training saves few examples here: weigh its cost against that of more training data.',
    onRegress: 'Pre-training saves fewer examples than in the baseline.',
  },
  {
    id: 'pretraining-gain.price-per-point',
    title: 'Price of a million tokens for each point that pre-training is worth',
    unit: 'money/point',
    better: 'lower',
    onFail: 'A smaller or cheaper base model may buy the points at less.',
    onRegress: 'Each point costs more to serve than with the baseline: compare prices and gains.',
  },
]
