import type { ScalingForm } from '../form.js'
import { decadesText } from '../identifiability.js'
import { stretchedInterval } from './bootstrap.js'
import type { FitContext } from './context.js'

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

/** Width of an interval of an amplitude, as a factor, beyond which the rows do not tell it. */
const DECADES = Math.log(100)

function isLogarithm(unit: string): boolean {
  return unit.startsWith('ln')
}

/** Whether the fit has a parameter at one of its bounds. */
export function onBound(form: ScalingForm, theta: ArrayLike<number>, a: number): boolean {
  const { lower, upper } = form.parameters[a]
  const slack = 1e-9 * (1 + Math.abs(theta[a]))
  return theta[a] <= lower + slack || theta[a] >= upper - slack
}

/** One parameter of a fit with its interval, and whether the rows pin it down. */
export function parameterReport(context: FitContext, a: number): ParameterReport {
  const { form, fit, draws, identifies, level } = context
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
  if (!identifies(direction)) return report('the rows do not vary what would tell it from the others')
  if (low === null || high === null)
    return report(`${draws.thetas.length} of ${draws.made} refits converged, too few for an interval`)
  if (low <= lower || high >= upper) return report('its interval reaches its bound')
  if (isLogarithm(unit) && high - low > DECADES)
    return report(`its interval spans ${decadesText(high - low)}`)
  return report(null)
}
