import { levenbergMarquardt, type Minimum, multiStart, type Problem, solveLinear } from '../optimise/index.js'
import type { Design, ScalingForm } from './form.js'
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

export interface FitOptions {
  /** Weight of each point, shape (n). */
  readonly weights?: Float64Array
  /** Start here alone (a bootstrap's refits) instead of the form's own grid. */
  readonly warmStart?: ArrayLike<number>
  readonly maxIterations?: number
}

/** A further term that lowers the cost by less than 2 % is not seen by the data: the law without it is kept. */
const NO_GAIN = 1.02

/** The least-squares problem of a form on a design, in the form's response space. */
export function problemOf(form: ScalingForm, design: Design, weights?: Float64Array): Problem {
  const { rows, response } = design
  const p = form.parameters.length
  const gradient = new Float64Array(p)
  return {
    residuals: rows.length,
    weights,
    delta: form.delta,
    lower: Float64Array.from(form.parameters, (q) => q.lower),
    upper: Float64Array.from(form.parameters, (q) => q.upper),
    evaluate(theta, r, jacobian) {
      for (let i = 0; i < rows.length; i++) {
        if (jacobian === null) r[i] = form.evaluate(theta, rows[i], null) - response[i]
        else {
          r[i] = form.evaluate(theta, rows[i], gradient) - response[i]
          jacobian.set(gradient, i * p)
        }
      }
    },
  }
}

/** One least-squares solve for a form whose gradient does not depend on theta. */
function fitLinear(form: ScalingForm, design: Design, weights: Float64Array | undefined): Minimum {
  const p = form.parameters.length
  const n = design.rows.length
  const X = new Float64Array(n * p)
  const gradient = new Float64Array(p)
  const zero = new Float64Array(p)
  const y = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    y[i] = design.response[i] - form.evaluate(zero, design.rows[i], gradient)
    X.set(gradient, i * p)
  }
  const { theta, rankDeficient, squares } = solveLinear(X, y, p, weights)
  return {
    theta,
    cost: squares / 2,
    converged: !rankDeficient,
    reason: rankDeficient ? 'stuck' : 'gradient',
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
  if (form.simpler !== undefined) {
    const simple = fitForm(form.simpler.form, design, { weights })
    if (simple.cost <= best.cost * NO_GAIN) {
      const theta = Float64Array.from(form.simpler.embed(simple.theta))
      return { ...simple, form, theta }
    }
  }
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
