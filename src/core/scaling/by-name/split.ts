import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { ScalingForm } from '../form.js'
import { stretchedInterval } from './bootstrap.js'
import type { FitContext } from './context.js'
import { optimalSplit, type Split, searchSplit } from './optimum.js'
import { valueAt } from './value.js'

/** Compute-optimal split of a budget, and the law's value there. */
export interface Optimum {
  readonly params: Estimate
  readonly tokens: Estimate
  readonly value: Estimate
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
function slopeOfSplit({ form, fit }: FitContext, row: Float64Array, budget: number): Float64Array {
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

/** The split of a budget with the interval of its refits. */
export function optimumOf(context: FitContext, row: Float64Array, budget: number): Optimum {
  const { form, fit, draws, identifies, level, runs } = context
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
  if (!identifies(slopeOfSplit(context, row, budget)))
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
