import type { Random } from '../../random/index.js'
import { percentileInterval, quantile, studentFactor } from '../../stats/index.js'
import { type FormFit, fitForm } from '../fit-form.js'
import type { Design, ScalingForm } from '../form.js'

/** Refits start at the full fit; flat valleys need more steps than a first search's polish. */
const REFIT_ITERATIONS = 300

export interface Refits {
  /** Parameters of the refits that converged, each of shape (parameters). */
  readonly thetas: readonly Float64Array[]
  readonly made: number
  /** Independent runs beyond the parameters: what Student's t is taken at. */
  readonly degrees: number
}

/** Residuals of rows, as a level of their run and what is left: checkpoints of one run are not independent. */
function levelsOf(residuals: Float64Array, runs: Int32Array, count: number): [Float64Array, Float64Array] {
  const level = new Float64Array(count)
  const size = new Float64Array(count)
  residuals.forEach((r, i) => {
    level[runs[i]] += r
    size[runs[i]]++
  })
  level.forEach((sum, c) => {
    level[c] = sum / size[c]
  })
  return [level, residuals.map((r, i) => r - level[runs[i]])]
}

/**
 * Bootstrap of a fit on fixed inputs: each resample adds residuals drawn from all of them to the fitted values and
 * fits again from the fit. Residuals are made larger by √(n/(n − p)), what the fit hid of them (Davison & Hinkley 1997,
 * §6.2.3); of runs with several rows, a run's level is drawn as a whole.
 *
 * @param runs run of each row, numbered from 0, shape (n)
 */
export function refits(
  fit: FormFit,
  design: Design,
  runs: Int32Array,
  random: Random,
  resamples: number,
): Refits {
  const { form, theta } = fit
  const { rows, response } = design
  const n = rows.length
  const p = form.parameters.length
  const count = runs.reduce((most, r) => Math.max(most, r + 1), 0)
  const fitted = Float64Array.from(rows, (row) => form.evaluate(theta, row, null))
  const residuals = response.map((y, i) => y - fitted[i])
  const mean = residuals.reduce((a, b) => a + b, 0) / n
  const centred = residuals.map((r) => r - mean)
  const [level, within] = levelsOf(centred, runs, count)
  const degrees = Math.max(1, count - p)
  const levelGain = Math.sqrt(count / degrees)
  const withinGain = Math.sqrt(n / Math.max(1, n - p))
  const thetas: Float64Array[] = []
  const drawn = new Float64Array(count)
  const width = bandwidth(form, centred)
  for (let r = 0; r < resamples; r++) {
    for (let c = 0; c < count; c++)
      drawn[c] = levelGain * (level[random.integer(count)] + width * random.normal())
    const shaken = fitted.map((v, i) => v + drawn[runs[i]] + withinGain * within[random.integer(n)])
    const refit = fitForm(
      form,
      { rows, response: shaken },
      { warmStart: theta, maxIterations: REFIT_ITERATIONS },
    )
    if (refit.converged) thetas.push(refit.theta)
  }
  return { thetas, made: resamples, degrees }
}

/**
 * Bandwidth of a Gaussian kernel over residuals (Silverman 1986, Eq. 3.31); 0 for least squares. A robust fit runs
 * through as many points as it has parameters: drawn as they are, their zeros make every refit run through the same
 * points, and 80 % intervals hold 65 %.
 */
function bandwidth(form: ScalingForm, residuals: Float64Array): number {
  if (form.delta === Infinity) return 0
  const n = residuals.length
  const deviation = Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / n)
  const quartiles = quantile(residuals, 0.75) - quantile(residuals, 0.25)
  return 0.9 * Math.min(deviation, quartiles / 1.349) * n ** -0.2
}

/** Fewer draws tell no tail. */
const LEAST_DRAWS = 50

/** Percentile interval of draws, its ends stretched from the value by Student's factor for few runs; null for too few draws. */
export function stretchedInterval(
  value: number,
  draws: readonly number[],
  degrees: number,
  level: number,
): { low: number; high: number } | null {
  if (draws.length < LEAST_DRAWS) return null
  const sorted = Float64Array.from(draws).sort()
  const { low, high } = percentileInterval(sorted, level)
  const factor = studentFactor(degrees, level)
  // Of a fit on its bound all draws lie on one side; the value itself is always inside.
  return {
    low: Math.min(value, value + factor * (low - value)),
    high: Math.max(value, value + factor * (high - value)),
  }
}
