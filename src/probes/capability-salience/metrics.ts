import type { MetricDeclaration } from '../../core/index.js'

const RUN_IT =
  'Run the benchmark itself before you decide: this is read from losses. If it agrees, train on, or move the data mix toward the domains that carry the capability and measure again.'
const WORSE =
  'Its losses foretell less of this capability than those of the baseline: run the benchmark on both, and look which domains’ losses moved.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'capability-salience.score.*',
    title: 'Foretold from losses, *',
    unit: 'score',
    better: 'higher',
    part: 'benchmark',
    onFail: RUN_IT,
    onRegress: WORSE,
  },
  {
    id: 'capability-salience.error.*',
    title: 'Foretold from losses, * (lower is better)',
    unit: 'score',
    better: 'lower',
    part: 'benchmark',
    onFail: RUN_IT,
    onRegress: WORSE,
  },
]
