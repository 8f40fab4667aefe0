import type { Gate } from '../../core/index.js'

/**
 * What an audit asks when the user asks nothing: modest, and documented in docs/gates.md. A small published base
 * model stands at 1.13 bits/byte on the same passages (docs/decisions/0006); below 1.2 fine-tuning has something to
 * build on. The supporting and advisory gates inform; only critical ones decide.
 */
export const DEFAULT_GATES: readonly Gate[] = [
  { metric: 'engine-check.passed', tier: 'critical', min: 1 },
  {
    metric: 'held-out-loss.macro',
    tier: 'critical',
    max: 1.2,
    why: 'SmolLM2-135M, a small published model, reads 1.13 on the same passages: what is far above it offers a fine-tune less to build on than that model',
  },
  { metric: 'tokenizer-efficiency.gini', tier: 'advisory', max: 0.4 },
]

/** Asked on top of the defaults when the audit is given the log of the model's own training. */
export const TRAINING_LOG_GATE: Gate = { metric: 'loss-stability.healthy', tier: 'critical', min: 1 }
