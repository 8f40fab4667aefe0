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

/** What to do when a gate is not passed, by the probe that measured it. */
export const GATE_ACTIONS: Readonly<Record<string, string>> = {
  'engine-check': 'Do not use the numbers of this engine; try another engine or version, then audit again.',
  'held-out-loss':
    'Do not fine-tune yet: continue pre-training (more tokens or a larger model), or choose a stronger base.',
  'tokenizer-efficiency': 'Change or extend the tokenizer, or choose a base trained for these languages.',
  'inference-cost': 'Choose a smaller or more strongly quantised model, or faster hardware.',
  'knowledge-retention': 'Serve these facts by retrieval, or continue pre-training on text that holds them.',
  'knowledge-bound':
    'Serve these facts by retrieval: this model will not keep them at this corpus frequency.',
  'downstream-forecast': 'Spend more compute, change the token-to-parameter ratio, or lower the target.',
  'loss-stability':
    'Look at the marked steps, restart from the last healthy checkpoint with a lower learning rate.',
  'learning-rate-schedule': 'Finish the decay, or plan the schedule for the run that is really made.',
}
