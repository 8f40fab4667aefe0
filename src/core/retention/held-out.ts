import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../estimate.js'
import { type Random, shuffled } from '../random.js'
import { bootstrap, percentileInterval } from '../stats/bootstrap.js'
import { type BandMean, determination, equalCountBands } from './bands.js'
import { binOf } from './cells.js'
import type { VariantId } from './fits.js'
import type { Weighting } from './line-fit.js'
import type { ModelAnswers, Observations } from './observations.js'
import { cleanFacts } from './pooled-fits.js'
import { CANDIDATES, type Candidate, type Lesson, rangeAmong, usable } from './predictor.js'
import type { Measure } from './variants.js'

const FOLDS = 5
const RESAMPLES = 200

/** How far off a way to predict is on facts, or on a model, that it did not see. */
export interface HeldOutError {
  /** `relation`: the mean of the fact's relation; `mean`: the mean of all facts; the baselines know no counts. */
  readonly variant: VariantId | 'relation' | 'mean'
  readonly measure: Measure | null
  readonly weighting: Weighting | null
  readonly over: 'facts' | 'models'
  /** Mean over models of the mean |predicted − measured| accuracy of frequency bands, bands weighted by facts. */
  readonly error: Estimate
  /** R² over all (model, band) pairs; null when they do not vary. */
  readonly r2: number | null
  readonly bands: number
}

/** Expected accuracies of the facts that a model was asked, NaN where none was predicted. Shape (models)(facts). */
type Predictions = readonly Float64Array[]

interface Contest {
  readonly observations: Observations
  readonly clean: Uint8Array
  /** Frequency band of every fact, −1 outside, shape (facts). */
  readonly band: Int32Array
  /** Fold of every fact, shape (facts). */
  readonly fold: Uint8Array
}

function bandsByPair(observations: Observations, clean: Uint8Array): Int32Array {
  const sizes = new Map<number, number>()
  observations.facts.forEach((fact, i) => {
    if (clean[i] === 1 && fact.pairBin !== null) sizes.set(fact.pairBin, (sizes.get(fact.pairBin) ?? 0) + 1)
  })
  const bins = [...sizes.keys()].sort((a, b) => a - b)
  const bands = equalCountBands(bins.map((bin) => sizes.get(bin) ?? 0))
  const bandOfBin = new Map(bins.map((bin, i) => [bin, bands[i]]))
  return Int32Array.from(observations.facts, (fact, i) =>
    clean[i] === 1 && fact.pairBin !== null ? (bandOfBin.get(fact.pairBin) ?? -1) : -1,
  )
}

/** Predict every model's facts; a learner gets the lessons that it may see. */
function predictAll(
  { observations, clean, fold }: Contest,
  over: 'facts' | 'models',
  learn: (lessons: readonly Lesson[]) => ((fact: number, model: ModelAnswers) => number) | null,
  pools: boolean,
): Predictions {
  const { models, facts } = observations
  const out = models.map(() => new Float64Array(facts.length).fill(Number.NaN))
  const useOf = models.map((m) => usable(m, clean))
  const put = (m: number, keep: (i: number) => boolean, lessons: readonly Lesson[]): void => {
    const predict = learn(lessons)
    if (predict === null) return
    for (let i = 0; i < facts.length; i++) if (useOf[m][i] === 1 && keep(i)) out[m][i] = predict(i, models[m])
  }
  for (let m = 0; m < models.length; m++) {
    if (over === 'models') {
      const others = models.flatMap((model, o) => (o === m ? [] : [{ model, use: useOf[o] }]))
      put(m, () => true, others)
      continue
    }
    for (let f = 0; f < FOLDS; f++) {
      // The same facts are hidden in every model: a pooled form must not have seen them anywhere.
      const shown = (o: number): Uint8Array => useOf[o].map((u, i) => (u === 1 && fold[i] !== f ? 1 : 0))
      const lessons = models.flatMap((model, o) => (pools || o === m ? [{ model, use: shown(o) }] : []))
      put(m, (i) => fold[i] === f, lessons)
    }
  }
  return out
}

/** Band means of one model, facts weighted by `times`. */
function bandMeans(
  contest: Contest,
  m: number,
  predicted: Float64Array,
  times?: ArrayLike<number>,
): BandMean[] {
  const accuracy = contest.observations.models[m].accuracy
  const sums: { facts: number; predicted: number; measured: number }[] = []
  for (let i = 0; i < predicted.length; i++) {
    const band = contest.band[i]
    const n = times === undefined ? 1 : times[i]
    if (band < 0 || n === 0 || Number.isNaN(predicted[i])) continue
    sums[band] ??= { facts: 0, predicted: 0, measured: 0 }
    sums[band].facts += n
    sums[band].predicted += n * predicted[i]
    sums[band].measured += n * accuracy[i]
  }
  return sums
    .filter((s) => s !== undefined)
    .map((s) => ({ facts: s.facts, predicted: s.predicted / s.facts, measured: s.measured / s.facts }))
}

function meanError(contest: Contest, predictions: Predictions, times?: ArrayLike<number>): number {
  let total = 0
  let models = 0
  predictions.forEach((predicted, m) => {
    const bands = bandMeans(contest, m, predicted, times)
    const facts = bands.reduce((s, b) => s + b.facts, 0)
    if (facts === 0) return
    total += bands.reduce((s, b) => s + b.facts * Math.abs(b.predicted - b.measured), 0) / facts
    models++
  })
  return models === 0 ? Number.NaN : total / models
}

function judge(
  contest: Contest,
  names: Pick<HeldOutError, 'variant' | 'measure' | 'weighting' | 'over'>,
  predictions: Predictions,
  random: Random,
): HeldOutError {
  const bands = predictions.flatMap((predicted, m) => bandMeans(contest, m, predicted))
  const value = meanError(contest, predictions)
  const facts = predictions.reduce(
    (n, p) =>
      Math.max(
        n,
        p.reduce((k, v) => k + (Number.isNaN(v) ? 0 : 1), 0),
      ),
    0,
  )
  if (!Number.isFinite(value))
    return { ...names, error: notEstimable('the form could not be fitted'), r2: null, bands: 0 }
  const members = [...contest.clean.keys()].filter((i) => contest.clean[i] === 1)
  const times = new Int32Array(contest.clean.length)
  const draws = bootstrap(
    members.length,
    (drawn) => {
      members.forEach((fact, i) => {
        times[fact] = drawn[i]
      })
      return meanError(contest, predictions, times)
    },
    random,
    RESAMPLES,
  )
  return {
    ...names,
    error: estimate(value, percentileInterval(draws, DEFAULT_LEVEL), 'accuracy', facts),
    r2: bands.length < 2 ? null : determination(bands),
    bands: bands.length,
  }
}

function learnCandidate(candidate: Candidate, { observations, clean }: Contest) {
  const ranges = new Map(
    observations.models.map((m) => [
      m.model,
      rangeAmong(observations.facts, usable(m, clean), candidate.measure),
    ]),
  )
  return (lessons: readonly Lesson[]): ((fact: number, model: ModelAnswers) => number) | null => {
    const predict = candidate.learn(observations.facts, lessons)
    if (predict === null) return null
    return (fact, { model, params }) => {
      const bin = binOf(observations.facts[fact], candidate.measure)
      const range = ranges.get(model) ?? null
      return bin === null || range === null ? Number.NaN : predict(bin, params, range)
    }
  }
}

/** Mean accuracy of the fact's relation among the lessons; of all facts where the relation was not seen. */
function learnMeans({ observations }: Contest, byRelation: boolean) {
  return (lessons: readonly Lesson[]): ((fact: number) => number) | null => {
    const sums = new Map<string, { n: number; sum: number }>()
    const all = { n: 0, sum: 0 }
    for (const { model, use } of lessons)
      for (let i = 0; i < use.length; i++) {
        if (use[i] === 0) continue
        all.n++
        all.sum += model.accuracy[i]
        if (!byRelation) continue
        const key = observations.facts[i].relation
        const own = sums.get(key) ?? { n: 0, sum: 0 }
        own.n++
        own.sum += model.accuracy[i]
        sums.set(key, own)
      }
    if (all.n === 0) return null
    return (fact) => {
      const own = sums.get(observations.facts[fact].relation) ?? all
      return own.sum / own.n
    }
  }
}

/**
 * Error of every form and of both baselines on unseen facts (five folds; the same facts hidden in every model) and,
 * from two models on, on unseen models (each left out in turn). Facts with MI ≤ 0 and leaks take no part.
 * Intervals: bootstrap over facts with the predictions held.
 */
export function heldOutErrors(observations: Observations, random: Random): HeldOutError[] {
  const clean = cleanFacts(observations)
  const ids = [...new Set(observations.facts.map((fact) => fact.fact_id))]
  // By id: a fact that is counted in several corpora is hidden in all of them at once.
  const foldOfId = new Map(shuffled(ids, random.derive('folds')).map((id, rank) => [id, rank % FOLDS]))
  const fold = Uint8Array.from(observations.facts, (fact) => foldOfId.get(fact.fact_id) ?? 0)
  const contest: Contest = { observations, clean, fold, band: bandsByPair(observations, clean) }
  if (!clean.includes(1)) return []
  const overs = observations.models.length > 1 ? (['facts', 'models'] as const) : (['facts'] as const)
  return overs.flatMap((over) => [
    ...CANDIDATES.map((candidate) => {
      const { variant, measure, weighting, pools } = candidate
      const predictions = predictAll(contest, over, learnCandidate(candidate, contest), pools)
      return judge(
        contest,
        { variant, measure, weighting, over },
        predictions,
        random.derive(`${variant}/${measure}/${over}`),
      )
    }),
    ...(['relation', 'mean'] as const).map((variant) => {
      const predictions = predictAll(contest, over, learnMeans(contest, variant === 'relation'), false)
      return judge(
        contest,
        { variant, measure: null, weighting: null, over },
        predictions,
        random.derive(`${variant}/${over}`),
      )
    }),
  ])
}

/** The candidate with the least held-out error: the mean of its errors over facts and over models. */
export function chooseCandidate(errors: readonly HeldOutError[]): Candidate | null {
  let best: { candidate: Candidate; error: number } | null = null
  for (const candidate of CANDIDATES) {
    const own = errors.filter((e) => e.variant === candidate.variant && e.measure === candidate.measure)
    const values = own.map((e) => (e.error.kind === 'estimate' ? e.error.value : Number.POSITIVE_INFINITY))
    if (values.length === 0) continue
    const error = values.reduce((a, b) => a + b, 0) / values.length
    if (Number.isFinite(error) && (best === null || error < best.error)) best = { candidate, error }
  }
  return best?.candidate ?? null
}
