import type { MetricDeclaration, Reading } from '../../core/index.js'

const SERVE = 'Serve these facts by retrieval, or continue pre-training on text that holds them.'
const READINGS: readonly Reading[] = ['ranking', 'ranking-summed', 'generation', 'sampled']

export const METRICS: readonly MetricDeclaration[] = [
  ...READINGS.map(
    (reading): MetricDeclaration => ({
      id: `knowledge-retention.accuracy.${reading}`,
      title: `Retention, mean of relations (${reading})`,
      unit: 'accuracy',
      better: 'higher',
      onFail: SERVE,
      onRegress:
        'The model lost facts that the baseline answered: keep the baseline, or serve the relations that fell by retrieval; training on a narrow mix is the usual cause.',
    }),
  ),
  {
    id: 'knowledge-retention.relation.*',
    part: 'relation',
    title: 'Retention of *',
    unit: 'accuracy',
    better: 'higher',
    onFail: SERVE,
    onRegress:
      'The model lost facts of this relation that the baseline answered: serve it by retrieval, or put text that states it back into the training mix.',
  },
  {
    id: 'knowledge-retention.calibration-error',
    title: 'Calibration error of ranked answers',
    unit: 'accuracy',
    better: 'lower',
    onFail: 'Do not use its probabilities as they are to decide between trusting and retrieving.',
    onRegress:
      'Its confidence says less about its answers than with the baseline: set the threshold between trusting and retrieving anew.',
  },
]
