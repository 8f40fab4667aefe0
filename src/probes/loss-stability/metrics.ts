import type { MetricDeclaration } from '../../core/index.js'

const LOOK = 'Look at the marked steps, restart from the last healthy checkpoint with a lower learning rate.'
const RESTLESS =
  'The run is more restless than the baseline: compare learning rate, warm-up, clipping and data order of the two.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'loss-stability.healthy',
    title: 'The training run is healthy',
    unit: 'share',
    better: 'higher',
    onFail: LOOK,
    onRegress:
      'The baseline run was healthy and this one is not: look at the marked steps, and at what was changed between the two runs.',
  },
  {
    id: 'loss-stability.final-loss',
    title: 'Final training loss',
    unit: 'nats/token',
    better: 'lower',
    onFail: LOOK,
    onRegress:
      'The run ends at a higher training loss than the baseline: compare data, tokens and schedule; losses under other tokenizers or data do not compare.',
  },
  {
    id: 'loss-stability.predicted-final-loss',
    title: 'Predicted final training loss',
    unit: 'nats/token',
    better: 'lower',
    onFail: LOOK,
    onRegress:
      'The run is heading for a higher training loss than the baseline: compare data, tokens and schedule before it goes on.',
  },
  {
    id: 'loss-stability.spike-score',
    title: 'Losses that are spikes, as OLMo 2 counts them',
    unit: 'share',
    better: 'lower',
    onFail: LOOK,
    onRegress: RESTLESS,
  },
  {
    id: 'loss-stability.spike-score-gradient-norm',
    title: 'Gradient norms that are spikes, as OLMo 2 counts them',
    unit: 'share',
    better: 'lower',
    onFail: LOOK,
    onRegress: RESTLESS,
  },
  {
    id: 'loss-stability.clipped-share',
    title: 'Gradient norms that an adaptive clipping (ZClip) would cut',
    unit: 'share',
    better: 'lower',
    onFail: LOOK,
    onRegress: RESTLESS,
  },
]
