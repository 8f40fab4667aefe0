import { type LinearFit, nonNegativeLeastSquares } from '../../linear/index.js'
import { robustDeviation } from '../../stats/quantile.js'
import { LAMBDAS, type Law, type LawPoints, residualsOf } from './law.js'

const HUBER = 1.345
const ALPHA_LOW = 0.05
const ALPHA_HIGH = 1.5

type Terms = Pick<Law, 'L0' | 'A' | 'alpha' | 'C' | 'rise'>

/** Fit for one λ by variable projection: α on a refined grid, the rest linear. */
function fitFor(points: LawPoints, s2: Float64Array | undefined, weights: Float64Array): Terms | undefined {
  const power = new Float64Array(points.loss.length)
  const columns = {
    L0: new Float64Array(points.loss.length).fill(1),
    A: power,
    ...(points.rise === undefined ? {} : { rise: points.rise }),
    ...(s2 === undefined ? {} : { C: s2.map((x) => -x) }),
  }
  const names = Object.keys(columns)
  const basis = Object.values(columns)
  const at = (alpha: number): LinearFit | null => {
    for (let k = 0; k < power.length; k++) power[k] = points.s1[k] ** -alpha
    const fit = nonNegativeLeastSquares(basis, points.loss, weights)
    return fit.rank < basis.length ? null : fit
  }
  let best: { readonly alpha: number; readonly linear: LinearFit } | undefined
  let low = ALPHA_LOW
  let high = ALPHA_HIGH
  for (let round = 0; round < 3; round++) {
    const width = (high - low) / 16
    for (let i = 0; i <= 16; i++) {
      const alpha = low + i * width
      const linear = at(alpha)
      // Where A is 0 every α fits alike, but for rounding: the first one stays.
      if (linear !== null && (best === undefined || linear.squares < best.linear.squares * (1 - 1e-12)))
        best = { alpha, linear }
    }
    if (best === undefined) return undefined
    low = Math.max(ALPHA_LOW, best.alpha - width)
    high = Math.min(ALPHA_HIGH, best.alpha + width)
  }
  if (best === undefined) return undefined
  const { alpha, linear } = best
  const coefficient = (name: keyof Terms): number => linear.coefficients[names.indexOf(name)] ?? 0
  return {
    L0: coefficient('L0'),
    A: coefficient('A'),
    alpha,
    C: coefficient('C'),
    ...(points.rise === undefined ? {} : { rise: coefficient('rise') }),
  }
}

/**
 * Fit the law robustly: two rounds of Huber reweighting, the better λ of the two (and, beside it, the height of a
 * lasting rise where the points carry one).
 * @param learningRate whether S1 and S2 come from a logged learning rate; without it C is 0
 * @returns undefined for fewer than eight points
 */
export function fitLaw(points: LawPoints, learningRate: boolean): Law | undefined {
  const n = points.loss.length
  if (n < 8) return undefined
  const falls = learningRate && points.s2[0].some((x) => x > 0)
  let best: Law | undefined
  for (let l = 0; l < (falls ? LAMBDAS.length : 1); l++) {
    let weights = new Float64Array(n).fill(1)
    let law: Law | undefined
    for (let round = 0; round < 3; round++) {
      const found = fitFor(points, falls ? points.s2[l] : undefined, weights)
      if (found === undefined) break
      law = { ...found, lambda: LAMBDAS[l], deviation: 0, n, learningRate }
      const residuals = residualsOf(law, points)
      const scale = robustDeviation(residuals, 0) || 1e-9
      weights = residuals.map((r) => Math.min(1, (HUBER * scale) / Math.max(1e-12, Math.abs(r))))
      law = { ...law, deviation: scale }
    }
    if (law !== undefined && (best === undefined || law.deviation < best.deviation)) best = law
  }
  return best
}
