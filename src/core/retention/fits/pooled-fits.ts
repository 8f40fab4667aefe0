import { groupBy } from '../../collections.js'
import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { Random } from '../../random/index.js'
import { percentileInterval } from '../../stats/bootstrap.js'
import { dispersionWithin, hullOf, scoreInterval } from '../accuracy/share-interval.js'
import { answeredBy, type ModelAnswers, type Observations } from '../counts/observations.js'
import { binOf, type Cell, sumByBin } from './cells.js'
import { WEIGHTINGS, type Weighting } from './line-fit.js'
import { POOLED_FORMS, type PooledFit, type PooledForm, type PooledPoint } from './pooled-form.js'
import {
  bandedDetermination,
  distinctAsked,
  type Fits,
  type NotFitted,
  POOLED,
  type RetentionFit,
} from './published-lines.js'
import type { Measure } from './variants.js'

/** Size is a term of these forms, so SMI, which has it inside, is not one of their measures. */
export const POOLED_MEASURES: readonly Measure[] = ['mi', 'cooccurrence']

/** Draws for the interval of a pooled bound; each refits the form on resampled facts. */
const RESAMPLES = 100

const cleanByFacts = new WeakMap<Observations['facts'], Uint8Array>()

/** 1 for the facts that pooled fits use: they occur together more often than by chance and do not leak. Kept as bins are. */
export function cleanFacts({ facts }: Observations): Uint8Array {
  const clean =
    cleanByFacts.get(facts) ?? Uint8Array.from(facts, (fact) => (fact.miBin !== null && !fact.leaks ? 1 : 0))
  cleanByFacts.set(facts, clean)
  return clean
}

/** Cells of every model, models in their order. */
function cellsOf(observations: Observations, measure: Measure, times: ArrayLike<number>): Cell[][] {
  return observations.models.map((m) => sumByBin(observations.facts, m, measure, times))
}

/** Cells as points for a pooled form. */
function pooledPoints(
  { models }: Observations,
  cells: readonly (readonly Cell[])[],
  weighting: Weighting,
): PooledPoint[] {
  return cells.flatMap((own, m) =>
    own.map((cell) => ({
      bin: cell.bin,
      params: models[m].params,
      documents: models[m].documents,
      accuracy: cell.sum / cell.facts,
      weight: weighting === 'bins' ? 1 : cell.facts,
    })),
  )
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
  readonly of: ModelAnswers
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
    const predicted = fit.predict(cell.bin, cell.of)
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
    r2Banded: bandedDetermination(cells, (cell) => fit.predict(cell.bin, cell.of)),
    facts,
    bins: cells.length,
  }
}

function topBin(cells: readonly Cell[]): number {
  return cells.reduce((top, cell) => Math.max(top, cell.bin), Number.NEGATIVE_INFINITY)
}

/** A fit whose bounds are wanted. */
interface PlannedFit {
  readonly form: PooledForm
  readonly weighting: Weighting
  readonly fit: PooledFit
}

/**
 * Predicted accuracy of each model's most frequent facts under every fit of one measure, with bootstrap intervals
 * over facts; the fits share the draws. Shape (fits)(models).
 */
function boundsOf(
  observations: Observations,
  measure: Measure,
  planned: readonly PlannedFit[],
  cells: readonly (readonly Cell[])[],
  random: Random,
): Estimate[][] {
  const { models } = observations
  const clean = cleanFacts(observations)
  // A fact that is counted in the corpora of several models is drawn in all of them at once.
  const clusters = [
    ...groupBy(
      [...clean.keys()].filter((i) => clean[i] === 1),
      (i) => observations.facts[i].fact_id,
    ).values(),
  ]
  const draws = planned.map(() => models.map((): number[] => []))
  const times = new Int32Array(observations.facts.length)
  const top = cells.map(topBin)
  for (let draw = 0; draw < RESAMPLES; draw++) {
    times.fill(0)
    for (let i = 0; i < clusters.length; i++)
      for (const member of clusters[random.integer(clusters.length)]) times[member]++
    const drawn = cellsOf(observations, measure, times)
    planned.forEach(({ form, weighting, fit }, p) => {
      const again = form.fit(pooledPoints(observations, drawn, weighting), fit)
      if (again !== null)
        models.forEach((m, i) => {
          if (cells[i].length > 0) draws[p][i].push(again.predict(top[i], m))
        })
    })
  }
  return planned.map(({ fit }, p) =>
    models.map((m, i) => {
      if (cells[i].length === 0) return notEstimable('no fact of this model was fitted')
      if (draws[p][i].length < RESAMPLES / 2)
        return notEstimable('the form could be fitted to few resamples alone')
      const drawn = percentileInterval(Float64Array.from(draws[p][i]).sort(), DEFAULT_LEVEL)
      const facts = cells[i].reduce((n, cell) => n + cell.facts, 0)
      const value = fit.predict(top[i], m)
      // Resamples of answers that all agree agree as well; the score interval of as many facts does not.
      const share = Math.min(1, Math.max(0, value))
      const score = scoreInterval(share, facts, dispersionWithin(cells[i]), DEFAULT_LEVEL)
      return estimate(value, hullOf(drawn, score), 'accuracy', facts)
    }),
  )
}

/** `logistic` and `interaction`, fitted on all models at once without the leaks, then held against each model. */
export function fitPooledForms(observations: Observations, random: Random): Fits {
  const fits: RetentionFit[] = []
  const notFitted: NotFitted[] = []
  const clean = cleanFacts(observations)
  const asked = distinctAsked(observations)
  for (const measure of POOLED_MEASURES) {
    const distinct = { asked, fitted: distinctFitted(observations, measure) }
    const cells = cellsOf(observations, measure, clean)
    const severalBins = cells.flat().some((cell) => cell.bin !== cells.flat()[0].bin)
    const planned: PlannedFit[] = []
    for (const form of POOLED_FORMS)
      for (const weighting of WEIGHTINGS) {
        const fit = severalBins ? form.fit(pooledPoints(observations, cells, weighting)) : null
        if (fit !== null) planned.push({ form, weighting, fit })
        else if (weighting === 'bins')
          notFitted.push({
            model: POOLED,
            variant: form.id,
            measure,
            reason: 'no two retained facts differ in frequency',
          })
      }
    if (planned.length === 0) continue
    const bounds = boundsOf(observations, measure, planned, cells, random.derive(measure))
    planned.forEach((plan, p) => {
      fits.push(...modelRows(observations, measure, plan, cells, bounds[p]))
      if (observations.models.length > 1)
        fits.push(pooledRow(observations, measure, plan, cells, bounds[p], distinct))
    })
  }
  return { fits, notFitted }
}

/** Slope per unit of z, and intercept, of a fit at one model's size and corpus. */
function lineAt(
  { parameters }: PooledFit,
  { params, documents }: ModelAnswers,
): { slope: number; intercept: number } {
  const { constant, frequency, size, sizeTimesFrequency, corpus } = parameters
  const n = Math.log10(params)
  return {
    slope: frequency + sizeTimesFrequency * n,
    intercept: constant + size * n + corpus * Math.log10(documents),
  }
}

function modelRows(
  { models }: Observations,
  measure: Measure,
  { form, weighting, fit }: PlannedFit,
  cells: readonly (readonly Cell[])[],
  bounds: readonly Estimate[],
): RetentionFit[] {
  return models.flatMap((of, m) => {
    const { model, params, asked } = of
    if (cells[m].length === 0) return []
    const quality = qualityOf(
      cells[m].map((cell) => ({ ...cell, of })),
      fit,
      weighting,
    )
    return [
      {
        model,
        params,
        variant: form.id,
        measure,
        weighting,
        ...quality,
        ...lineAt(fit, of),
        bound: bounds[m],
        dropped: asked - quality.facts,
      },
    ]
  })
}

/** Clean facts with a bin that at least one model was asked, each once. */
function distinctFitted(observations: Observations, measure: Measure): number {
  const clean = cleanFacts(observations)
  const { facts, models } = observations
  return answeredBy(facts, models, (i) => clean[i] === 1 && binOf(facts[i], measure) !== null).size
}

/** The row over all models; its bound is that of the largest one. */
function pooledRow(
  observations: Observations,
  measure: Measure,
  { form, weighting, fit }: PlannedFit,
  cells: readonly (readonly Cell[])[],
  bounds: readonly Estimate[],
  distinct: { readonly asked: number; readonly fitted: number },
): RetentionFit {
  const placed = cells
    .flatMap((own, m) => {
      const of = observations.models[m]
      return own.map((cell) => ({ ...cell, of, predicted: fit.predict(cell.bin, of) }))
    })
    .sort((a, b) => a.predicted - b.predicted)
  const quality = qualityOf(placed, fit, weighting)
  const largest = observations.models.length - 1
  return {
    model: POOLED,
    params: null,
    variant: form.id,
    measure,
    weighting,
    ...quality,
    ...lineAt(fit, observations.models[largest]),
    facts: distinct.fitted,
    bound: bounds[largest],
    dropped: distinct.asked - distinct.fitted,
  }
}
