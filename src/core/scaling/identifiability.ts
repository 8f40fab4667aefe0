import { inverseGram } from '../linear/index.js'
import type { Problem } from '../optimise/index.js'
import { counted } from '../text/counted.js'
import type { FormFit } from './fit-form.js'
import type { Design } from './form.js'

/** Why the parameters of a fit should not be read as they stand. */
export interface FitWarning {
  readonly code:
    | 'not-converged'
    | 'starts-disagree'
    | 'at-bound'
    | 'not-identified'
    | 'spans-decades'
    | 'too-few-points'
  /** Name of the parameter, where the warning is about one. */
  readonly parameter?: string
  readonly text: string
}

/** Two-sided 80 % of a normal, the level that forecasts use. */
const Z80 = 1.2815515594600038
/** Width of an 80 % interval, as a factor, beyond which an amplitude is called unknown. */
const DECADES = Math.log(100)
const AGREEMENT_WANTED = 0.34

function isLogarithm(unit: string): boolean {
  return unit.startsWith('ln')
}

/**
 * Warnings of a fit: search status, parameters on a bound, directions that the design cannot see (singular
 * information matrix), and logarithmic amplitudes whose 80 % interval spans more than two decades.
 *
 * Intervals are the linear ones, s²·(JᵀJ)⁻¹ with s² = RSS/(n − p); good enough to warn, not to report.
 */
export function fitWarnings(fit: FormFit, design: Design, problem: Problem): FitWarning[] {
  const { form, theta } = fit
  const p = theta.length
  const n = design.rows.length
  const out: FitWarning[] = []
  if (!fit.converged)
    out.push({
      code: 'not-converged',
      text: `the search of ${form.id} did not converge; its parameters are not final`,
    })
  if (fit.agreement < AGREEMENT_WANTED)
    out.push({
      code: 'starts-disagree',
      text: `only ${Math.round(100 * fit.agreement)} % of the starts of ${form.id} reached the best fit`,
    })
  const free: number[] = []
  for (let a = 0; a < p; a++) {
    const { name, lower, upper } = form.parameters[a]
    const slack = 1e-9 * (1 + Math.abs(theta[a]))
    if (theta[a] <= lower + slack || theta[a] >= upper - slack)
      out.push({
        code: 'at-bound',
        parameter: name,
        text: `${form.id}: ${name} = ${theta[a].toPrecision(3)} is at its bound`,
      })
    else free.push(a)
  }
  if (n <= p) {
    out.push({
      code: 'too-few-points',
      text: `${counted(n, 'point')} for ${counted(p, 'parameter')} of ${form.id}`,
    })
    return out
  }
  const r = new Float64Array(n)
  const J = new Float64Array(n * p)
  problem.evaluate(theta, r, J)
  const q = free.length
  const slopes = free.map((a) => Float64Array.from(r, (_, i) => J[i * p + a]))
  const { inverse, blind } = inverseGram(slopes)
  if (inverse === null) {
    const { name } = form.parameters[free[blind]]
    out.push({
      code: 'not-identified',
      parameter: name,
      text: `the design cannot identify ${name} of ${form.id}`,
    })
    return out
  }
  const s2 = r.reduce((s, v) => s + v * v, 0) / (n - p)
  for (let a = 0; a < q; a++) {
    const parameter = form.parameters[free[a]]
    const width = 2 * Z80 * Math.sqrt(s2 * inverse[a * q + a])
    if (isLogarithm(parameter.unit) && width > DECADES)
      out.push({
        code: 'spans-decades',
        parameter: parameter.name,
        text: `the 80 % interval of ${parameter.name} of ${form.id} spans ${decadesText(width)}`,
      })
  }
  return out
}

/** Beyond it a parameter is free, and its interval a matter of arithmetic. */
const MOST_DECADES = 20

/** Width of a logarithm's interval, in nats, as decades. */
export function decadesText(width: number): string {
  const decades = width / Math.LN10
  return decades > MOST_DECADES ? `more than ${MOST_DECADES} decades` : `${decades.toFixed(1)} decades`
}
