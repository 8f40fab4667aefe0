import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random.js'
import { bootstrap, percentileInterval } from '../stats/bootstrap.js'
import { type Cell, sumByBin } from './cells.js'
import { bandedDetermination, type Fits, type NotFitted, POOLED, type RetentionFit } from './fits.js'
import { WEIGHTINGS, type Weighting } from './line-fit.js'
import type { Observations } from './observations.js'
import { POOLED_FORMS, type PooledFit, type PooledForm, type PooledPoint } from './pooled-form.js'
import type { Measure } from './variants.js'

/** Size is a term of these forms, so SMI, which has it inside, is not one of their measures. */
export const POOLED_MEASURES: readonly Measure[] = ['mi', 'cooccurrence']

/** Draws for the interval of a pooled bound; each refits the form on resampled facts. */
const RESAMPLES = 200

/** 1 for the facts that pooled fits use: they occur together more often than by chance and do not leak. */
export function cleanFacts(observations: Observations): Uint8Array {
  return Uint8Array.from(observations.facts, (fact) => (fact.miBin !== null && !fact.leaks ? 1 : 0))
}

/** Cells of every model, models in their order, and the same as points for a pooled form. */
export function pooledPoints(
  observations: Observations,
  measure: Measure,
  times: ArrayLike<number>,
  weighting: Weighting,
): { cells: Cell[][]; points: PooledPoint[] } {
  const cells = observations.models.map((m) => sumByBin(observations.facts, m.accuracy, measure, times))
  const points = cells.flatMap((own, m) =>
    own.map((cell) => ({
      bin: cell.bin,
      params: observations.models[m].params,
      accuracy: cell.sum / cell.facts,
      weight: weighting === 'bins' ? 1 : cell.facts,
    })),
  )
  return { cells, points }
}

interface Quality {
  readonly r2: number | null
  readonly mse: number
  readonly r2PerFact: number | null
  readonly r2Banded: number | null
  readonly facts: number
  readonly bins: number
}

interface PlacedCell extends Cell {
  readonly params: number
}

function qualityOf(cells: readonly PlacedCell[], fit: PooledFit, weighting: Weighting): Quality {
  let facts = 0
  let sum = 0
  let sumOfSquares = 0
  let squares = 0
  let meanSquares = 0
  let residual = 0
  let weights = 0
  let centre = 0
  for (const cell of cells) {
    const w = weighting === 'bins' ? 1 : cell.facts
    const predicted = fit.predict(cell.bin, cell.params)
    const inCell = cell.sumOfSquares - 2 * predicted * cell.sum + cell.facts * predicted * predicted
    facts += cell.facts
    sum += cell.sum
    sumOfSquares += cell.sumOfSquares
    squares += inCell
    meanSquares += inCell / cell.facts
    residual += w * (cell.sum / cell.facts - predicted) ** 2
    weights += w
    centre += (w * cell.sum) / cell.facts
  }
  centre /= weights
  let spread = 0
  for (const cell of cells)
    spread += (weighting === 'bins' ? 1 : cell.facts) * (cell.sum / cell.facts - centre) ** 2
  const perFact = sumOfSquares - (sum * sum) / facts
  return {
    r2: spread > 1e-12 ? 1 - residual / spread : null,
    mse: weighting === 'bins' ? meanSquares / cells.length : squares / facts,
    r2PerFact: perFact > 1e-12 * facts ? 1 - squares / perFact : null,
    r2Banded: bandedDetermination(cells, (cell) => fit.predict(cell.bin, cell.params)),
    facts,
    bins: cells.length,
  }
}

function topBin(cells: readonly Cell[]): number {
  return cells.reduce((top, cell) => Math.max(top, cell.bin), Number.NEGATIVE_INFINITY)
}

/** Predicted accuracy of each model's most frequent facts, with a bootstrap interval over facts. */
function boundsOf(
  observations: Observations,
  form: PooledForm,
  measure: Measure,
  weighting: Weighting,
  fit: PooledFit,
  cells: readonly (readonly Cell[])[],
  random: Random,
): Estimate[] {
  const clean = cleanFacts(observations)
  const members = [...clean.keys()].filter((i) => clean[i] === 1)
  const draws = observations.models.map((): number[] => [])
  const times = new Int32Array(observations.facts.length)
  bootstrap(
    members.length,
    (drawn) => {
      members.forEach((fact, i) => {
        times[fact] = drawn[i]
      })
      const again = form.fit(pooledPoints(observations, measure, times, weighting).points)
      if (again === null) return Number.NaN
      observations.models.forEach((m, i) => {
        if (cells[i].length > 0) draws[i].push(again.predict(topBin(cells[i]), m.params))
      })
      return 0
    },
    random,
    RESAMPLES,
  )
  return observations.models.map((m, i) => {
    if (cells[i].length === 0) return notEstimable('no fact of this model was fitted')
    const interval = percentileInterval(Float64Array.from(draws[i]).sort(), DEFAULT_LEVEL)
    const facts = cells[i].reduce((n, cell) => n + cell.facts, 0)
    return estimate(fit.predict(topBin(cells[i]), m.params), interval, 'accuracy', facts)
  })
}

/** `logistic` and `interaction`, fitted on all models at once without the leaks, then held against each model. */
export function fitPooledForms(observations: Observations, random: Random): Fits {
  const fits: RetentionFit[] = []
  const notFitted: NotFitted[] = []
  const clean = cleanFacts(observations)
  for (const form of POOLED_FORMS)
    for (const measure of POOLED_MEASURES)
      for (const weighting of WEIGHTINGS) {
        const { cells, points } = pooledPoints(observations, measure, clean, weighting)
        const fit = form.fit(points)
        if (fit === null || points.every((p) => p.bin === points[0].bin)) {
          if (weighting === 'bins')
            notFitted.push({
              model: POOLED,
              variant: form.id,
              measure,
              reason: 'no two retained facts differ in frequency',
            })
          continue
        }
        const label = `${form.id}/${measure}/${weighting}`
        const bounds = boundsOf(observations, form, measure, weighting, fit, cells, random.derive(label))
        const { constant, frequency, size, sizeTimesFrequency } = fit.parameters
        observations.models.forEach(({ model, params, asked }, m) => {
          if (cells[m].length === 0) return
          const n = Math.log10(params)
          const quality = qualityOf(
            cells[m].map((cell) => ({ ...cell, params })),
            fit,
            weighting,
          )
          fits.push({
            model,
            params,
            variant: form.id,
            measure,
            weighting,
            ...quality,
            slope: frequency + sizeTimesFrequency * n,
            intercept: constant + size * n,
            bound: bounds[m],
            dropped: asked - quality.facts,
          })
        })
        if (observations.models.length > 1)
          fits.push(pooledRow(observations, form, measure, weighting, fit, cells, bounds))
      }
  return { fits, notFitted }
}

/** The row over all models; its bound is that of the largest one. */
function pooledRow(
  observations: Observations,
  form: PooledForm,
  measure: Measure,
  weighting: Weighting,
  fit: PooledFit,
  cells: readonly (readonly Cell[])[],
  bounds: readonly Estimate[],
): RetentionFit {
  const placed = cells
    .flatMap((own, m) => own.map((cell) => ({ ...cell, params: observations.models[m].params })))
    .sort((a, b) => fit.predict(a.bin, a.params) - fit.predict(b.bin, b.params))
  const quality = qualityOf(placed, fit, weighting)
  const { constant, frequency, size, sizeTimesFrequency } = fit.parameters
  const largest = observations.models.length - 1
  const n = Math.log10(observations.models[largest].params)
  return {
    model: POOLED,
    params: null,
    variant: form.id,
    measure,
    weighting,
    ...quality,
    slope: frequency + sizeTimesFrequency * n,
    intercept: constant + size * n,
    bound: bounds[largest],
    dropped: observations.models.reduce((s, m) => s + m.asked, 0) - quality.facts,
  }
}
