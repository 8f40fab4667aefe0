import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { Random } from '../../random/index.js'
import { type FormFit, fitForm, warningsOf } from '../fit-form.js'
import type { Design, Input, ScalingForm } from '../form.js'
import type { FitWarning } from '../identifiability.js'
import { type Refits, refits, stretchedInterval } from './bootstrap.js'
import { optimalSplit, type Split, searchSplit } from './optimum.js'
import { inputQuantity, type Measured, measuredQuantity, toRow } from './quantities.js'
import { type Tells, toldBy } from './told.js'

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

/** Which form is fitted, and what is asked of the fit. */
export interface FitRequest {
  /** Where a value is asked for, in the inputs' own units: all of them, or those that a split leaves alone; null for none. */
  readonly at: ReadonlyMap<Input, number> | null
  /** Training FLOPs to split between parameters and tokens; null when no split is asked for. */
  readonly budget: number | null
  readonly level: number
  readonly resamples: number
}

/** One parameter; its interval is null where there is none. */
export interface ParameterReport {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly low: number | null
  readonly high: number | null
  /** Whether the rows pin it down; else `reason` says why not. */
  readonly identified: boolean
  readonly reason: string | null
}

/** A form fitted to a user's table: parameters with intervals, values at the points asked for, what was not pinned down. */
export interface FitByName {
  readonly form: ScalingForm
  readonly parameters: readonly ParameterReport[]
  /** The law's value where it was asked for, without the noise of a single run. */
  readonly at: Estimate
  /** Compute-optimal split of the budget, and the law's value there; null when none was asked for. */
  readonly optimum: { readonly params: Estimate; readonly tokens: Estimate; readonly value: Estimate } | null
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

/** Width of an interval of an amplitude, as a factor, beyond which the rows do not tell it. */
const DECADES = Math.log(100)

function isLogarithm(unit: string): boolean {
  return unit.startsWith('ln')
}

interface Context {
  readonly form: ScalingForm
  readonly table: FitTable
  readonly fit: FormFit
  readonly tells: Tells
  readonly quantity: Measured
  /** null where nothing can be estimated, for the reason in `nothing`. */
  readonly draws: Refits | null
  readonly nothing: string
  readonly level: number
  readonly runs: number
}

/** Why a table can tell nothing of a form, or null. */
function tellsNothing(form: ScalingForm, rows: number, isConstant: boolean): string | null {
  const p = form.parameters.length
  if (rows <= p)
    return `${rows} ${rows === 1 ? 'row' : 'rows'} for ${p} parameters: nothing is left to tell the noise from`
  return isConstant ? `${measuredQuantity(form.response).name} is the same in every row` : null
}

function onBound(form: ScalingForm, theta: ArrayLike<number>, a: number): boolean {
  const { lower, upper } = form.parameters[a]
  const slack = 1e-9 * (1 + Math.abs(theta[a]))
  return theta[a] <= lower + slack || theta[a] >= upper - slack
}

function parameterReport(context: Context, a: number): ParameterReport {
  const { form, fit, draws, tells, level } = context
  const { name, unit, lower, upper } = form.parameters[a]
  const value = fit.theta[a]
  const interval =
    draws === null
      ? null
      : stretchedInterval(
          value,
          draws.thetas.map((t) => t[a]),
          draws.degrees,
          level,
        )
  const low = interval === null ? null : Math.max(lower, interval.low)
  const high = interval === null ? null : Math.min(upper, interval.high)
  const report = (reason: string | null): ParameterReport => ({
    name,
    unit,
    value,
    low,
    high,
    identified: reason === null,
    reason,
  })
  if (draws === null) return report(context.nothing)
  if (onBound(form, fit.theta, a))
    return report(`the best fit has it at its bound, ${value.toPrecision(4)}: the rows want no value inside`)
  const direction = new Float64Array(form.parameters.length)
  direction[a] = 1
  if (!tells(direction)) return report('the rows do not vary what would tell it from the others')
  if (low === null || high === null)
    return report(`${draws.thetas.length} of ${draws.made} refits converged, too few for an interval`)
  if (low <= lower || high >= upper) return report('its interval reaches its bound')
  if (isLogarithm(unit) && high - low > DECADES)
    return report(`its interval spans ${((high - low) / Math.LN10).toFixed(1)} decades`)
  return report(null)
}

/** Value of the law at a row, with the interval of its refits. */
function valueAt(context: Context, row: Float64Array): Estimate {
  const { form, fit, draws, tells, quantity, table, level, runs } = context
  if (draws === null) return notEstimable(context.nothing)
  const gradient = new Float64Array(form.parameters.length)
  const value = form.evaluate(fit.theta, row, gradient)
  if (!tells(gradient))
    return notEstimable(
      `the rows do not vary what the value there rests on (${form.inputs
        .filter((_, i) => table.inputs.every((r) => r[i] === table.inputs[0][i]))
        .map((input) => `${inputQuantity(input).name} is the same in every row`)
        .join(', ')})`.replace(' ()', ''),
    )
  const interval = stretchedInterval(
    value,
    draws.thetas.map((theta) => form.evaluate(theta, row, null)),
    draws.degrees,
    level,
  )
  if (interval === null)
    return notEstimable(`${draws.thetas.length} of ${draws.made} refits converged, too few for an interval`)
  const own = (response: number): number => quantity.fromResponse(response, table.chance)
  const ends = [own(interval.low), own(interval.high)]
  return estimate(own(value), { low: Math.min(...ends), high: Math.max(...ends), level }, quantity.unit, runs)
}

/** The inputs of a form that are its parameters and its tokens, or null for a law without both. */
function sizeAndData(form: ScalingForm): { size: number; data: number } | null {
  const size = form.inputs.findIndex((input) => input === 'params' || input === 'activeParams')
  const data = form.inputs.indexOf('tokens')
  return size < 0 || data < 0 ? null : { size, data }
}

function isLoss(form: ScalingForm): boolean {
  return form.response === 'loss' || form.response === 'lnLoss'
}

/** Whether a budget can be split by this form. */
export function splitsBudget(form: ScalingForm): boolean {
  return sizeAndData(form) !== null && (form.powers !== undefined || isLoss(form))
}

function splitOf(
  form: ScalingForm,
  theta: ArrayLike<number>,
  row: Float64Array,
  budget: number,
): Split | null {
  if (form.powers !== undefined) return optimalSplit(form.powers(theta), budget)
  const place = sizeAndData(form)
  if (place === null) return null
  const moved = row.slice()
  return searchSplit((lnN, lnD) => {
    moved[place.size] = lnN
    moved[place.data] = lnD
    return form.evaluate(theta, moved, null)
  }, budget)
}

/** d ln N / d theta of the best split, by central differences. */
function slopeOfSplit({ form, fit }: Context, row: Float64Array, budget: number): Float64Array {
  const lnN = (a: number, shift: number): number => {
    const theta = fit.theta.slice()
    theta[a] += shift
    return Math.log(splitOf(form, theta, row, budget)?.params ?? Number.NaN)
  }
  return fit.theta.map((value, a) => {
    const h = 1e-5 * (1 + Math.abs(value))
    const slope = (lnN(a, h) - lnN(a, -h)) / (2 * h)
    // Where a step ends the optimum itself, the refits tell it.
    return Number.isFinite(slope) ? slope : 0
  })
}

function optimumOf(context: Context, row: Float64Array, budget: number): NonNullable<FitByName['optimum']> {
  const { form, fit, draws, tells, level, runs } = context
  const none = (reason: string) => ({
    params: notEstimable(reason),
    tokens: notEstimable(reason),
    value: notEstimable(reason),
  })
  if (draws === null) return none(context.nothing)
  const best = splitOf(form, fit.theta, row, budget)
  const place = sizeAndData(form)
  if (best === null || place === null)
    return none('the fitted law falls in parameters or in tokens alone: it has no optimum')
  if (!tells(slopeOfSplit(context, row, budget)))
    return none('the rows do not vary what would tell parameters from tokens')
  const splits = draws.thetas.map((theta) => splitOf(form, theta, row, budget))
  const there = row.slice()
  there[place.size] = Math.log(best.params)
  there[place.data] = Math.log(best.tokens)
  const amount = (unit: string, of: (split: Split) => number): Estimate => {
    // A refit without an optimum puts all compute into one of the two: an end of the interval may be missing then.
    const logs = splits.map((split) => (split === null ? Infinity : Math.log(of(split))))
    const lost = logs.filter((v) => v === Infinity).length
    const interval =
      lost > (logs.length * (1 - level)) / 2
        ? null
        : stretchedInterval(
            Math.log(of(best)),
            logs.filter((v) => v !== Infinity),
            draws.degrees,
            level,
          )
    if (interval === null)
      return notEstimable(
        `${lost} of ${logs.length} refits have no optimum: the rows do not tell parameters from tokens`,
      )
    return estimate(
      of(best),
      { low: Math.exp(interval.low), high: Math.exp(interval.high), level },
      unit,
      runs,
    )
  }
  const params = amount('parameters', (split) => split.params)
  if (params.kind === 'notEstimable') return none(params.reason)
  return { params, tokens: amount('tokens', (split) => split.tokens), value: valueAt(context, there) }
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
  const context: Context = {
    form,
    table,
    fit,
    tells: toldBy(
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
