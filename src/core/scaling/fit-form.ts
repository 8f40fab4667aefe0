import { boundedLeastSquares } from '../linear/index.js'
import { levenbergMarquardt, type Minimum, multiStart, type Problem } from '../optimise/index.js'
import type { Design, Parameter, ScalingForm } from './form.js'
import { type FitWarning, fitWarnings } from './identifiability.js'

/** A form with its parameters; the status of the search is part of it and is never dropped. */
export interface FormFit {
  readonly form: ScalingForm
  readonly theta: Float64Array
  /** Σ w ρ(r) in the form's response space. */
  readonly cost: number
  readonly converged: boolean
  readonly iterations: number
  /** Share of the polished starts that ended at the same cost; 1 for closed forms and warm starts. */
  readonly agreement: number
  readonly n: number
}

/** How a form is fitted; every field may be left out. */
export interface FitOptions {
  /** Weight of each point, shape (n). */
  readonly weights?: Float64Array
  /** Start here alone (a bootstrap's refits) instead of the form's own grid. */
  readonly warmStart?: ArrayLike<number>
  readonly maxIterations?: number
}

const lowerOf = (parameters: readonly Parameter[]): Float64Array =>
  Float64Array.from(parameters, (q) => q.lower)
const upperOf = (parameters: readonly Parameter[]): Float64Array =>
  Float64Array.from(parameters, (q) => q.upper)

/** The least-squares problem of a form on a design, in the form's response space. */
export function problemOf(form: ScalingForm, design: Design, weights?: Float64Array): Problem {
  const { rows, response } = design
  const p = form.parameters.length
  const gradient = new Float64Array(p)
  return {
    residuals: rows.length,
    weights,
    delta: form.delta,
    lower: lowerOf(form.parameters),
    upper: upperOf(form.parameters),
    vanishing: form.parameters.map((q) => q.vanishes === true),
    evaluate(theta, r, jacobian) {
      for (let i = 0; i < rows.length; i++) {
        if (jacobian === null) r[i] = form.evaluate(theta, rows[i], null) - response[i]
        else {
          r[i] = form.evaluate(theta, rows[i], gradient) - response[i]
          for (let a = 0; a < p; a++) jacobian[i * p + a] = gradient[a]
        }
      }
    },
  }
}

/** One least-squares solve, inside the bounds, for a form whose gradient does not depend on theta. */
function fitLinear(form: ScalingForm, design: Design, weights: Float64Array | undefined): Minimum {
  const { parameters } = form
  const n = design.rows.length
  const columns = parameters.map(() => new Float64Array(n))
  const gradient = new Float64Array(parameters.length)
  const zero = new Float64Array(parameters.length)
  const y = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    y[i] = design.response[i] - form.evaluate(zero, design.rows[i], gradient)
    for (let a = 0; a < parameters.length; a++) columns[a][i] = gradient[a]
  }
  const bounds = { lower: lowerOf(parameters), upper: upperOf(parameters) }
  const fit = boundedLeastSquares(columns, y, bounds, weights)
  const found = fit.converged && fit.rank === parameters.length
  return {
    theta: fit.coefficients,
    cost: fit.squares / 2,
    converged: found,
    reason: found ? 'gradient' : 'stuck',
    iterations: 1,
  }
}

/**
 * Fit one form by robust least squares: closed form where it is linear, else Levenberg–Marquardt from the
 * form's starts (or from `warmStart` alone).
 *
 * @throws {RangeError} for a design without points or with a response that is not finite
 */
export function fitForm(form: ScalingForm, design: Design, options: FitOptions = {}): FormFit {
  const n = design.rows.length
  if (n === 0) throw new RangeError(`form ${form.id}: no points to fit`)
  for (let i = 0; i < n; i++)
    if (!Number.isFinite(design.response[i]))
      throw new RangeError(`form ${form.id}: response ${i} is not finite`)
  const { weights, warmStart, maxIterations } = options
  if (form.linear) {
    const m = fitLinear(form, design, weights)
    return { form, theta: m.theta, cost: m.cost, converged: m.converged, iterations: 1, agreement: 1, n }
  }
  const problem = problemOf(form, design, weights)
  if (warmStart !== undefined) {
    const m = levenbergMarquardt(problem, warmStart, maxIterations)
    return {
      form,
      theta: m.theta,
      cost: m.cost,
      converged: m.converged,
      iterations: m.iterations,
      agreement: 1,
      n,
    }
  }
  const { best, agreeing, polished } = multiStart(problem, form.starts(design))
  return {
    form,
    theta: best.theta,
    cost: best.cost,
    converged: best.converged,
    iterations: best.iterations,
    agreement: agreeing / polished,
    n,
  }
}

/** What a reader must know before trusting the parameters. */
export function warningsOf(fit: FormFit, design: Design): FitWarning[] {
  return fitWarnings(fit, design, problemOf(fit.form, design))
}
