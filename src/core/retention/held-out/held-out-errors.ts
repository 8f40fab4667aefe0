import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../../estimate.js'
import { type Random, shuffled } from '../../random/index.js'
import { scoreInterval, zOf } from '../accuracy/share-interval.js'
import { attainableDetermination, determination, equalCountBands } from '../counts/bands.js'
import type { ModelAnswers, Observations } from '../counts/observations.js'
import { binsOf } from '../fits/cells.js'
import type { Weighting } from '../fits/line-fit.js'
import { cleanFacts } from '../fits/pooled-fits.js'
import type { VariantId } from '../fits/published-lines.js'
import type { BinRange, Measure } from '../fits/variants.js'
import { bandError, bandMeans, type Predictions } from './band-error.js'
import { CANDIDATES, type Candidate, createLesson, type Lesson, rangeAmong, usable } from './predictor.js'

const FOLDS = 5

/** How far off a way to predict is on facts, or on a model, that it did not see. */
export interface HeldOutError {
  /** `relation`: the mean of the fact's relation; `mean`: the mean of all facts; the baselines know no counts. */
  readonly variant: VariantId | 'relation' | 'mean'
  readonly measure: Measure | null
  readonly weighting: Weighting | null
  readonly over: 'facts' | 'models'
  /** Mean over models of the mean |predicted − measured| accuracy of frequency bands, bands weighted by facts. */
  readonly error: Estimate
  /** R² over all (model, band) pairs, each with its facts; null when they do not vary. */
  readonly r2: number | null
  /** The same with all pairs alike. */
  readonly r2Unweighted: number | null
  /** What is to be expected of `r2` and `r2Unweighted` were the prediction the truth, since measured bands scatter. */
  readonly attainable: { readonly r2: number | null; readonly r2Unweighted: number | null }
  readonly bands: number
}

interface Contest {
  readonly observations: Observations
  readonly clean: Uint8Array
  /** Frequency band of every fact, −1 outside, shape (facts). */
  readonly band: Int32Array
  /** Fold of every fact, shape (facts). */
  readonly fold: Uint8Array
  /** Bins of the facts that are clean, by model. */
  readonly ranges: Readonly<Record<Measure, ReadonlyMap<string, BinRange | null>>>
  /** Everything that one model was asked, shape (models). */
  readonly whole: readonly Lesson[]
  /** The same without one fold, shape (folds)(models). */
  readonly withoutFold: readonly (readonly Lesson[])[]
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

type Predictor = (fact: number, model: ModelAnswers) => number

/** Predict every model's facts; a learner gets the lessons that it may see. */
function predictAll(
  { observations, fold, whole, withoutFold }: Contest,
  over: 'facts' | 'models',
  learn: (lessons: readonly Lesson[]) => Predictor | null,
  pools: boolean,
): Predictions {
  const { models } = observations
  const out = models.map(({ asked }) => new Float64Array(asked).fill(Number.NaN))
  const put = (m: number, predict: Predictor | null, keep: (i: number) => boolean): void => {
    if (predict === null) return
    models[m].positions.forEach((i, p) => {
      if (whole[m].use[i] === 1 && keep(i)) out[m][p] = predict(i, models[m])
    })
  }
  if (over === 'models') {
    models.forEach((_, m) => {
      put(m, learn(whole.filter((_lesson, o) => o !== m)), () => true)
    })
    return out
  }
  for (let f = 0; f < FOLDS; f++) {
    const lessons = withoutFold[f]
    const pooled = pools ? learn(lessons) : null
    models.forEach((_, m) => {
      put(m, pools ? pooled : learn([lessons[m]]), (i) => fold[i] === f)
    })
  }
  return out
}

function judge(
  contest: Contest,
  names: Pick<HeldOutError, 'variant' | 'measure' | 'weighting' | 'over'>,
  predictions: Predictions,
): HeldOutError {
  const byModel = predictions.map((predicted, m) => bandMeans(contest, m, predicted))
  const error = bandError(contest, predictions, byModel)
  if (error === null)
    return {
      ...names,
      error: notEstimable('the form could not be fitted'),
      r2: null,
      r2Unweighted: null,
      attainable: { r2: null, r2Unweighted: null },
      bands: 0,
    }
  const { value, standardError, facts } = error
  const half = zOf(DEFAULT_LEVEL) * standardError
  // Errors that are all alike have no spread; that is no certainty where few facts were seen.
  const alike = standardError < 1e-12
  const bands = byModel.flat().filter((b) => b !== undefined)
  return {
    ...names,
    error: estimate(
      value,
      alike
        ? scoreInterval(Math.min(1, value), facts, 1, DEFAULT_LEVEL)
        : { low: Math.max(0, value - half), high: value + half, level: DEFAULT_LEVEL },
      'accuracy',
      facts,
    ),
    ...(bands.length < 2
      ? { r2: null, r2Unweighted: null, attainable: { r2: null, r2Unweighted: null } }
      : {
          r2: determination(bands),
          r2Unweighted: determination(bands, 'bands'),
          attainable: {
            r2: attainableDetermination(bands, 'facts'),
            r2Unweighted: attainableDetermination(bands, 'bands'),
          },
        }),
    bands: bands.length,
  }
}

function learnCandidate(candidate: Candidate, { observations: { facts }, ranges }: Contest) {
  const bins = binsOf(facts, candidate.measure)
  const rangeOf = ranges[candidate.measure]
  return (lessons: readonly Lesson[]): Predictor | null => {
    const predict = candidate.learn(facts, lessons)
    if (predict === null) return null
    // Facts come model by model, thousands of them in a few dozen bins.
    let last: ModelAnswers | undefined
    let known = new Map<number, number>()
    return (fact, of) => {
      const bin = bins[fact]
      if (of !== last) known = new Map()
      last = of
      const made = known.get(bin)
      if (made !== undefined) return made
      const range = rangeOf.get(of.model) ?? null
      const predicted = Number.isNaN(bin) || range === null ? Number.NaN : predict(bin, of, range)
      known.set(bin, predicted)
      return predicted
    }
  }
}

/** Mean accuracy of the fact's relation among the lessons; of all facts where the relation was not seen. */
function learnMeans({ observations }: Contest, byRelation: boolean) {
  return (lessons: readonly Lesson[]): ((fact: number) => number) | null => {
    const sums = new Map<string, { n: number; sum: number }>()
    const all = { n: 0, sum: 0 }
    for (const { model, use } of lessons)
      for (const i of model.positions) {
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
 * Intervals: over facts, the predictions held.
 */
export function heldOutErrors(observations: Observations, random: Random): HeldOutError[] {
  const clean = cleanFacts(observations)
  const ids = [...new Set(observations.facts.map((fact) => fact.fact_id))]
  // By id: a fact that is counted in several corpora is hidden in all of them at once.
  const foldOfId = new Map(shuffled(ids, random.derive('folds')).map((id, rank) => [id, rank % FOLDS]))
  const fold = Uint8Array.from(observations.facts, (fact) => foldOfId.get(fact.fact_id) ?? 0)
  const uses = observations.models.map((m) => usable(m, clean))
  const among = (measure: Measure) =>
    new Map(
      observations.models.map((m, o) => [
        m.model,
        rangeAmong(
          observations.facts,
          [...m.positions].filter((i) => uses[o][i] === 1),
          measure,
        ),
      ]),
    )
  const information = among('mi')
  const contest: Contest = {
    observations,
    clean,
    fold,
    band: bandsByPair(observations, clean),
    ranges: { mi: information, smi: information, cooccurrence: among('cooccurrence') },
    whole: observations.models.map((m, i) => createLesson(m, uses[i])),
    // The same facts are hidden in every model: a pooled form must not have seen them anywhere.
    withoutFold: Array.from({ length: FOLDS }, (_, f) =>
      observations.models.map((m) =>
        createLesson(
          m,
          usable(m, clean, (i) => fold[i] !== f),
        ),
      ),
    ),
  }
  if (!clean.includes(1)) return []
  const overs = observations.models.length > 1 ? (['facts', 'models'] as const) : (['facts'] as const)
  return overs.flatMap((over) => [
    ...CANDIDATES.map((candidate) => {
      const { variant, measure, weighting, pools } = candidate
      const predictions = predictAll(contest, over, learnCandidate(candidate, contest), pools)
      return judge(contest, { variant, measure, weighting, over }, predictions)
    }),
    ...(['relation', 'mean'] as const).map((variant) => {
      const predictions = predictAll(contest, over, learnMeans(contest, variant === 'relation'), false)
      return judge(contest, { variant, measure: null, weighting: null, over }, predictions)
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
