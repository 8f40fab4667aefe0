import type { EvaluationRow, RunFacts } from '../../../core/index.js'

/**
 * A result file as its tool writes it, and the rows that a person reads off it. A format's folder exports its own as
 * `samples`; the contract of evaluation readers tests every reader by them. They are no part of the package.
 */
export interface EvaluationsSample {
  readonly name: string
  /** The reader that must be the surest of it. */
  readonly format: string
  /** The file's name, where it tells something. */
  readonly file?: string
  readonly text: string
  /** Files beside it, by name. */
  readonly beside?: Readonly<Record<string, string>>
  /** The rows; what a row does not name is unknown in it. `source` is the place behind the path: `:2`, `#results.arc`. */
  readonly rows: readonly (Pick<EvaluationRow, 'model' | 'benchmark' | 'metric' | 'value' | 'source'> &
    Partial<EvaluationRow>)[]
  /** Places behind the path of what is left out with a reason. */
  readonly dropped?: readonly string[]
  readonly runs?: readonly (Pick<RunFacts, 'model'> & Partial<RunFacts>)[]
  readonly problems?: readonly { readonly problem: string; readonly n: number; readonly c: number }[]
}
