/**
 * One training run as its log tells it: columns of one length, a row per logged step, in the order of the
 * log (steps may go backwards after a roll-back). A value that the log does not give is `NaN` in its column
 * with no entry in `nonFinite`; a value that the log gives as NaN or infinite is listed in `nonFinite`.
 */
export interface TrainingRun {
  readonly id: string
  readonly format: string
  readonly source: string
  readonly step: Float64Array
  readonly tokens: Float64Array
  readonly loss: Float64Array
  readonly validationLoss: Float64Array
  readonly gradNorm: Float64Array
  readonly learningRate: Float64Array
  readonly seconds: Float64Array
  /** Line (or record) of the source that each row was read from, from 1. */
  readonly line: Float64Array
  readonly nonFinite: readonly { row: number; column: 'loss' | 'validationLoss' | 'gradNorm'; found: string }[]
  /** Steps that the trainer said it would take, where the log tells. */
  readonly plannedSteps?: number
  /** Things the reader noticed that a judge must know (cut last line, interrupted, skipped steps…). */
  readonly notes: readonly { code: string; line: number; text: string }[]
}

export interface TrainingLogEvidence {
  readonly runs: readonly TrainingRun[]
  /** Run that the others are held against (`--reference`), by id. */
  readonly reference?: string
}
