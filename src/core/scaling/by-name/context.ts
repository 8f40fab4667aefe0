import type { FormFit } from '../fit-form.js'
import type { ScalingForm } from '../form.js'
import type { Refits } from './bootstrap.js'
import type { Identifies } from './identified.js'
import type { Measured } from './quantities.js'

/** A user's table, as a form sees it. */
export interface FitTable {
  /** Values of the form's inputs in their own units, shape (n) of shape (inputs). */
  readonly inputs: readonly Float64Array[]
  /** What was measured, in its own unit, shape (n). */
  readonly measured: Float64Array
  /** Run of each row, numbered from 0, shape (n). */
  readonly runs: Int32Array
  /** Level of chance, for accuracies that a form takes normalised; else 0. */
  readonly chance: number
}

/** A fit with everything that its estimates rest on. */
export interface FitContext {
  readonly form: ScalingForm
  readonly table: FitTable
  readonly fit: FormFit
  readonly identifies: Identifies
  readonly quantity: Measured
  /** null where nothing can be estimated, for the reason in `nothing`. */
  readonly draws: Refits | null
  readonly nothing: string
  readonly level: number
  readonly runs: number
}
