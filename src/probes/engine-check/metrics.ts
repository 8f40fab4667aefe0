import type { MetricDeclaration } from '../../core/index.js'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'engine-check.passed',
    title: 'Engine self-checks passed',
    unit: 'share',
    better: 'higher',
    onFail: 'Do not use the numbers of this engine; try another engine or version, then audit again.',
    onRegress:
      'The engine fails self-checks that it passed before: go back to the engine, version and settings of the baseline, then audit again.',
  },
]
