import type { Gate } from '../../core/index.js'

/**
 * What an audit asks when the user asks nothing: modest, and documented in docs/gates.md. 1.2 bits a byte is
 * roughly where published base models of 100M parameters stand on mixed text; below it fine-tuning has something
 * to build on. The supporting and advisory gates inform; only critical ones decide.
 */
export const DEFAULT_GATES: readonly Gate[] = [
  { metric: 'engine-check.passed', tier: 'critical', min: 1 },
  { metric: 'held-out-loss.macro', tier: 'critical', max: 1.2 },
  { metric: 'tokenizer-efficiency.gini', tier: 'advisory', max: 0.4 },
]

/** Asked on top of the defaults when the audit is given the log of the model's own training. */
export const TRAINING_LOG_GATE: Gate = { metric: 'loss-stability.healthy', tier: 'critical', min: 1 }
