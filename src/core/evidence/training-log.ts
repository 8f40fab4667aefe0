/** A stretch of rows in which the log gives a value that is no finite number. */
export interface NonFiniteRange {
  /** First and last row of the stretch, from 0. */
  readonly row: number
  readonly toRow: number
  readonly column: 'loss' | 'validationLoss' | 'gradNorm'
  /** As the log wrote it: `nan`, `inf`, … */
  readonly found: string
}

/** Something that a reader noticed beside the numbers. Codes are permanent. */
export interface LogNote {
  readonly code:
    | 'interrupted' // a traceback, a signal or a scheduler's message
    | 'completed' // the trainer said that it finished
    | 'cut-line' // the last line stops half-way
    | 'cut-file' // the file stops before its JSON ends
    | 'skipped-step' // a step without a loss (overflow, skipped by the optimiser)
    | 'loss-scale' // the loss scaler overflowed step after step, to the end of the log
    | 'no-final-evaluation' // this trainer always evaluates its last step, and here it did not
    | 'padding' // trailing non-values that fill a table
    | 'damaged' // bytes that could not be read and were left out
    | 'other-rank' // rows of a second process, left out
    | 'left-out-files' // files of a folder that were read for logs and are none
    | 'no-step' // the log numbers no steps: rows are counted
    | 'bad-step' // rows whose step is no count, left out
    | 'no-loss' // rows with a step in which the log says that there is no loss
    | 'repeated-steps' // steps whose loss is given again, with another value
    | 'newest-first' // the last step stands first: the log was read from its end
    | 'unordered' // the rows stand in no order of steps: they were sorted
    | 'same-file' // files that were given more than once
    | 'joined' // several files were taken for pieces of one run
    | 'branch' // the run begins inside another one that was given
  readonly line: number
  readonly text: string
  /** How many lines the note stands for. */
  readonly count: number
}

/** What a log says of a whole run rather than of a step. */
export interface LogFacts {
  /** Steps that the trainer said it would take, where the log tells. */
  readonly plannedSteps?: number
  /** Parameters of the model, where the log tells. */
  readonly params?: number
  readonly tokensPerStep?: number
  readonly flopsPerStep?: number
  /** Last step that the log shows as done, where that lies behind the last row (a progress bar). */
  readonly reachedStep?: number
}

/** Ways down of a decay; `exp` is exponential, `sqrt` is 1 − √. */
export type DecayKind = 'linear' | 'cosine' | 'exp' | 'sqrt'

/** What is planned for the learning rate of a run, beyond what its log shows. */
export interface RatePlan {
  /** Step at which training is to end. */
  readonly untilStep?: number
  /** A decay over the last `steps` steps, down to `end`, a share of the peak rate. */
  readonly decay?: { readonly kind: DecayKind; readonly steps: number; readonly end: number }
  /** Rates at ascending steps, along a line between them. Shapes (n). */
  readonly points?: { readonly step: Float64Array; readonly rate: Float64Array }
}

/** A fact with the row that the log stood at when it gave it (the next one to be written). */
export interface FactSeen {
  readonly name: keyof LogFacts
  readonly value: number
  readonly row: number
}

/**
 * One training run as its log tells it: columns in the order of the log (steps may go backwards after a
 * roll-back). A column has one value a row, or none at all (length 0) when the log never gives it. A value that
 * a row does not give is `NaN` with no entry in `nonFinite`; one that the log gives as NaN or infinite is `NaN`
 * and listed there.
 */
export interface TrainingRun extends LogFacts {
  readonly id: string
  readonly format: string
  readonly source: string
  readonly step: Float64Array
  /** Tokens seen so far. */
  readonly tokens: Float64Array
  /** Training loss, nats/token. */
  readonly loss: Float64Array
  readonly validationLoss: Float64Array
  readonly gradNorm: Float64Array
  readonly learningRate: Float64Array
  /** Scale of the loss under half precision, where the log tells. */
  readonly lossScale?: Float64Array
  /** Seconds that one step took. */
  readonly seconds: Float64Array
  /** The log gives a clock: `seconds` are its differences, with all that went on between two rows in them. */
  readonly hasClock?: boolean
  /** Line (or record) of the source that each row was read from, from 1. */
  readonly line: Float64Array
  readonly nonFinite: readonly NonFiniteRange[]
  /** Where the log gives a fact more than one value: all of them, so that appended runs each get their own. */
  readonly factsSeen?: readonly FactSeen[]
  readonly notes: readonly LogNote[]
  /** What the user, or the log itself, says of the rates to come. */
  readonly plan?: RatePlan
  /** The source of the run that this one leaves, and the step where it does. */
  readonly branchOf?: { readonly source: string; readonly step: number }
}

/** What a run has a value a row of, or none at all. */
export const RUN_COLUMNS = [
  'step',
  'line',
  'tokens',
  'loss',
  'validationLoss',
  'gradNorm',
  'learningRate',
  'seconds',
  'lossScale',
] as const

/** Training runs as their logs tell them. */
export interface TrainingLogEvidence {
  readonly runs: readonly TrainingRun[]
  /** Run that the others are held against (`--reference`), by id. */
  readonly reference?: string
  /** All are runs of one model on one data: the law of their loss is fitted to all of them at once. */
  readonly joint?: boolean
}
