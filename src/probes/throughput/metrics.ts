import type { MetricDeclaration } from '../../core/index.js'

const LOOK = 'Look for slow nodes, storage and the data loader, or plan more time for the run.'
const SLOWER =
  'Training goes slower than in the baseline run: compare hardware, batch and sequence length first, then look for slow nodes and a data loader that falls behind.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'throughput.seconds-per-step',
    title: 'Seconds per training step',
    unit: 's/step',
    better: 'lower',
    onFail: LOOK,
    onRegress: SLOWER,
  },
  {
    id: 'throughput.tokens-per-second',
    title: 'Training tokens per second',
    unit: 'tokens/s',
    better: 'higher',
    onFail: LOOK,
    onRegress: SLOWER,
  },
]
