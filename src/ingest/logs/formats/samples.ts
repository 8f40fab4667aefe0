/** A run's columns as a person reads them off a log; null where a row has no such value. */
export type SampleColumns = Partial<
  Record<
    'step' | 'loss' | 'validationLoss' | 'learningRate' | 'gradNorm' | 'seconds' | 'tokens' | 'lossScale',
    readonly (number | null)[]
  >
>

/**
 * A log of one run as a trainer prints it, and what it says. A format's folder exports its own as `samples`; the
 * contract of log readers tests every reader by them. They are no part of the package.
 */
export interface LogSample {
  /** What printed it, where the format's name does not say. */
  readonly name: string
  /** The reader that must be the surest of it. */
  readonly format: string
  /** Bytes where the format is no text. */
  readonly text: string | Uint8Array
  /** Read off the text by hand, units changed: losses in nats, times in seconds. A column that is absent here is empty. */
  readonly columns: SampleColumns
  readonly plannedSteps?: number
  /** The run's own format, where one reader tells several apart. */
  readonly runFormat?: string
  /** Its lines also come with what launchers and loggers print before them. */
  readonly isLaunched?: true
}
