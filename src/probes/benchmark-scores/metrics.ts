import type { MetricDeclaration } from '../../core/index.js'

const MORE =
  'Look at the items that it gets wrong, continue pre-training on text of the task’s kind, or choose a larger model; `assay forecast` says what one would score.'
const WORSE =
  'Compare the two item by item (`assay compare`) before you ship: prompts, shots and items must be the same.'

export const METRICS: readonly MetricDeclaration[] = [
  {
    id: 'benchmark-scores.score.*',
    title: 'Score on *',
    unit: 'accuracy',
    better: 'higher',
    part: 'task',
    onFail: MORE,
    onRegress: WORSE,
  },
  {
    id: 'benchmark-scores.above-chance.*',
    title: 'Score on * above guessing',
    unit: 'share',
    better: 'higher',
    part: 'task',
    onFail: MORE,
    onRegress: WORSE,
  },
  {
    id: 'benchmark-scores.margin.*',
    title: 'Margin of the right answer, *',
    unit: 'nats',
    better: 'higher',
    part: 'task',
    onFail: MORE,
    onRegress: WORSE,
  },
  {
    id: 'benchmark-scores.bits-per-byte.*',
    title: 'Bits per byte of the right answer, *',
    unit: 'bits/byte',
    better: 'lower',
    part: 'task',
    onFail: MORE,
    onRegress: WORSE,
  },
]
