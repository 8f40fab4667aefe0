import { type Estimate, notEstimable } from '../../estimate.js'
import type { Random } from '../../random/index.js'
import { counted } from '../../text/counted.js'
import { fitForm, warningsOf } from '../fit-form.js'
import type { Design, Input, ScalingForm } from '../form.js'
import type { FitWarning } from '../identifiability.js'
import { refits } from './bootstrap.js'
import type { FitContext, FitTable } from './context.js'
import { identifiedBy } from './identified.js'
import { onBound, type ParameterReport, parameterReport } from './parameters.js'
import { measuredQuantity, toRow } from './quantities.js'
import { type Optimum, optimumOf } from './split.js'
import { valueAt } from './value.js'

/** Which form is fitted, and what is asked of the fit. */
export interface FitRequest {
  /** Where a value is asked for, in the inputs' own units: all of them, or those that a split leaves alone; null for none. */
  readonly at: ReadonlyMap<Input, number> | null
  /** Training FLOPs to split between parameters and tokens; null when no split is asked for. */
  readonly budget: number | null
  readonly level: number
  readonly resamples: number
}

/** A form fitted to a user's table: parameters with intervals, values at the points asked for, what was not pinned down. */
export interface FitByName {
  readonly form: ScalingForm
  readonly parameters: readonly ParameterReport[]
  /** The law's value where it was asked for, without the noise of a single run. */
  readonly at: Estimate
  /** Compute-optimal split of the budget, and the law's value there; null when none was asked for. */
  readonly optimum: Optimum | null
  /** Share of the response's variance that the law explains; null where the response does not vary. */
  readonly r2: number | null
  /** Standard deviation of the residuals in the response space, by n − p; null for n ≤ p. */
  readonly deviation: number | null
  readonly converged: boolean
  readonly warnings: readonly FitWarning[]
  readonly rows: number
  readonly runs: number
  /** In the response space, shape (n) each. */
  readonly fitted: Float64Array
  readonly residuals: Float64Array
  /** Law and measurement in their own unit, shape (n) each. */
  readonly predicted: Float64Array
  readonly measured: Float64Array
}

/** Why a table can tell nothing of a form, or null. */
function tellsNothing(form: ScalingForm, rows: number, isConstant: boolean): string | null {
  const p = form.parameters.length
  if (rows <= p)
    return `${counted(rows, 'row')} for ${counted(p, 'parameter')}: nothing is left to tell the noise from`
  return isConstant ? `${measuredQuantity(form.response).name} is the same in every row` : null
}

/** The row that the form sees at a place; NaN for inputs that were not named, which a split's closed form does not read. */
function rowAt(form: ScalingForm, at: ReadonlyMap<Input, number>): Float64Array {
  return Float64Array.from(form.inputs, (input) => {
    const value = at.get(input)
    return value === undefined ? Number.NaN : toRow(input, value)
  })
}

function squares(values: Float64Array, centre: number): number {
  return values.reduce((sum, v) => sum + (v - centre) ** 2, 0)
}

/**
 * Fit any scaling form to a table: parameters with bootstrap intervals and whether the rows pin them down, the law's
 * value at a place, and the compute-optimal split of a budget (C = 6·N·D).
 *
 * @throws {RangeError} for a table without rows, or with a value that the form's response space does not hold
 */
export function fitByName(
  form: ScalingForm,
  table: FitTable,
  request: FitRequest,
  random: Random,
): FitByName {
  const quantity = measuredQuantity(form.response)
  const design: Design = {
    rows: table.inputs.map((row) => Float64Array.from(row, (v, i) => toRow(form.inputs[i], v))),
    response: Float64Array.from(table.measured, (v) => quantity.toResponse(v, table.chance) ?? Number.NaN),
  }
  const n = design.rows.length
  const p = form.parameters.length
  const fit = fitForm(form, design)
  const runs = new Set(table.runs).size
  const mean = design.response.reduce((a, b) => a + b, 0) / n
  const total = squares(design.response, mean)
  const isConstant = !(total > 1e-24 * n * (1 + mean * mean))
  const nothing = tellsNothing(form, n, isConstant)
  const context: FitContext = {
    form,
    table,
    fit,
    identifies: identifiedBy(
      form,
      fit.theta,
      design.rows,
      form.parameters.map((_, a) => !onBound(form, fit.theta, a)),
    ),
    quantity,
    draws: nothing === null ? refits(fit, design, table.runs, random, request.resamples) : null,
    nothing: nothing ?? '',
    level: request.level,
    runs,
  }
  const fitted = Float64Array.from(design.rows, (row) => form.evaluate(fit.theta, row, null))
  const residuals = design.response.map((y, i) => y - fitted[i])
  const row = rowAt(form, request.at ?? new Map())
  return {
    form,
    parameters: form.parameters.map((_, a) => parameterReport(context, a)),
    at: form.inputs.every((input) => request.at?.has(input) === true)
      ? valueAt(context, row)
      : notEstimable('no place was asked for (--at)'),
    optimum: request.budget === null ? null : optimumOf(context, row, request.budget),
    r2: isConstant ? null : 1 - squares(residuals, 0) / total,
    deviation: n > p ? Math.sqrt(squares(residuals, 0) / (n - p)) : null,
    converged: fit.converged,
    warnings: warningsOf(fit, design),
    rows: n,
    runs,
    fitted,
    residuals,
    predicted: fitted.map((v) => quantity.fromResponse(v, table.chance)),
    measured: table.measured,
  }
}
