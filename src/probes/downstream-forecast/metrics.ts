import type { MetricDeclaration } from '../../core/index.js'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'downstream-forecast.accuracy.*',
    part: 'benchmark',
    title: 'Forecast accuracy, *',
    unit: 'accuracy',
    better: 'higher',
    onFail: 'Spend more compute, change the token-to-parameter ratio, or lower the target.',
    onRegress:
      'The planned run is expected to score less than under the earlier evaluations: compare recipe, data mix and target of the two, and look which runs moved the forecast, before any compute is spent.',
  },
]
