import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import { stretchedInterval } from './bootstrap.js'
import type { FitContext } from './context.js'
import { inputQuantity } from './quantities.js'

/** Value of the law at a row, with the interval of its refits. */
export function valueAt(context: FitContext, row: Float64Array): Estimate {
  const { form, fit, draws, identifies, quantity, table, level, runs } = context
  if (draws === null) return notEstimable(context.nothing)
  const gradient = new Float64Array(form.parameters.length)
  const value = form.evaluate(fit.theta, row, gradient)
  if (!identifies(gradient))
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
