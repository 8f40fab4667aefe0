/**
 * One measurement of the tidy table that every reader of result files ends in.
 * `null` = unknown. Accuracy-like values are shares in [0, 1]; `loss` is in nats/token unless the reader says otherwise.
 */
export interface EvaluationRow {
  readonly model: string
  readonly family: string | null
  readonly params: number | null
  readonly tokens: number | null
  readonly flops: number | null
  readonly checkpoint: string | null
  readonly benchmark: string
  readonly metric: string
  readonly value: number
  readonly n_items: number | null
  readonly chance: number | null
  readonly k: number | null
  readonly loss: number | null
  /** Loss on the benchmark's own right answers, where it was measured (task loss). */
  readonly task_loss: number | null
  readonly subset: string | null
  /** Solved examples before each item, where it is told; evidence keeps what is to be said of them in `notes`. */
  readonly shots?: number | null
  /** `file:line` or `file#field` of the measurement. */
  readonly source: string
}

/** What is known of a run apart from its measurements; joined to the rows by model (and checkpoint). */
export interface RunFacts {
  readonly model: string
  readonly family: string | null
  readonly params: number | null
  /** Parameters that a token passes through, where not all do (mixtures of experts). */
  readonly active_params?: number | null
  readonly tokens: number | null
  readonly flops: number | null
  readonly checkpoint: string | null
  readonly loss: number | null
}

/** One problem of a sampled benchmark: `n` samples of which `c` were right; pass@k is made from these. */
export interface ProblemSamples {
  readonly model: string
  readonly family: string | null
  readonly params: number | null
  readonly tokens: number | null
  readonly flops: number | null
  readonly checkpoint: string | null
  readonly benchmark: string
  readonly problem: string
  readonly n: number
  readonly c: number
  readonly source: string
}

/** Evaluation results as one tidy table, and what they tell of the runs. */
export interface EvaluationsEvidence {
  readonly rows: readonly EvaluationRow[]
  /** Rows that were dropped, with the reason. */
  readonly dropped: readonly { source: string; reason: string }[]
  readonly runs?: readonly RunFacts[]
  readonly problems?: readonly ProblemSamples[]
  /** Names of the columns of the tables that were read, where some were chosen by name. */
  readonly columns?: readonly string[]
  /** Sources of rows that a column of their table tells to be from before the decay of the learning rate. */
  readonly undecayed?: readonly string[]
  /** What a reader took a table for where it could be taken otherwise, in words. */
  readonly notes?: readonly string[]
  /** What to forecast, when an audit asks for it. */
  readonly target?: { readonly params: number | null; readonly tokens: number | null; readonly flops: number }
}
