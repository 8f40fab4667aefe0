import { groupBy } from '../../collections.js'
import type { Estimate } from '../../estimate.js'
import { meanOrNull } from '../../stats/index.js'
import {
  type CountedFact,
  concerns,
  countFact,
  type ModelAnswers,
  type Observations,
} from '../counts/observations.js'
import { binOf } from '../fits/cells.js'
import { cleanFacts } from '../fits/pooled-fits.js'
import type { Setting } from '../fits/pooled-form.js'
import { type Candidate, createLesson, rangeAmong, usable } from '../held-out/predictor.js'
import { documentsFor, sizeFor } from './kept-at.js'
import { type CellForecast, retrievedShare } from './retrieved-share.js'

/** A fact is served by retrieval when the model is expected to be wrong about it more often than this. */
export const DEFAULT_MAX_ERROR = 0.5

/** What to do with a fact; one whose subject gives its object away tells nothing, and is in neither. */
export type AdvisedAction = 'trust' | 'retrieve' | 'given-away'

/** A model that is not trained yet. */
export interface PlannedModel {
  readonly params: number
  /** Documents that it will read; as many as were counted when left out. */
  readonly documents?: number
}

/** Facts of one relation in one frequency band, and what to do with them. A row of `assay bound --json`. */
export interface AdviceRow {
  readonly model: string
  readonly relation: string
  /** `n_so 10–31`, or `never together`. */
  readonly band: string
  /** Facts whose subject gives the object away, in a row of their own: their answers tell nothing of the model. */
  readonly leaks: boolean
  readonly facts: number
  /** Expected accuracy: the chosen form, corrected by what clean facts of the cell gave; null when nothing tells. */
  readonly predicted: number | null
  /** Mean measured accuracy of the cell; null when none of its facts was asked, and for leaks. */
  readonly measured: number | null
  readonly action: AdvisedAction
  /** Smallest size that would keep these facts, by the form alone; null when unknown, out of reach or promised already. */
  readonly keptAtParams: number | null
  /** Documents that would have to state such a fact for this model to keep it; null when out of reach or promised already. */
  readonly keptAtDocuments: number | null
  readonly examples: readonly string[]
}

/** Expected accuracy and action of one fact. */
export interface FactAdvice {
  /** Where the fact stands in the observations. */
  readonly position: number
  readonly fact_id: string
  readonly predicted: number | null
  readonly action: AdvisedAction
  /** Its subject gives the object away: left out of what is claimed of the model. */
  readonly leaks: boolean
}

/** Leaks left out. Trusting the facts predicted at `threshold` or above: their share and expected error; the rest is retrieved. */
export interface TradeOffPoint {
  readonly threshold: number
  readonly retrieved: number
  readonly expectedError: number
  /** Measured error of the trusted facts that were asked; null when none was. */
  readonly measuredError: number | null
}

/** Which facts a model of this size is expected to know, and which retrieval should serve (docs/methods/smi.md). */
export interface Advice {
  readonly model: string
  readonly params: number
  readonly form: Pick<Candidate, 'variant' | 'measure' | 'weighting'>
  readonly maxError: number
  readonly rows: readonly AdviceRow[]
  readonly facts: readonly FactAdvice[]
  readonly tradeOff: readonly TradeOffPoint[]
  /** Share of facts to retrieve, leaks left out; a forecast, so with an interval. */
  readonly retrieved: Estimate
  /** What the form is worth between cells, in facts. */
  readonly formWeight: number
  /** Sizes among the answers: with one, no other size can be predicted. */
  readonly sizes: number
  /** What the form alone expects of a fact at a size; null without mutual information. */
  readonly expect: (fact: CountedFact, setting: Setting) => number | null
}

/**
 * A planned model as one that was asked nothing, and the facts as its corpus would have them: the counts of the largest
 * corpus, in proportion to its documents.
 */
function plannedOn(
  { facts, models, documents }: Observations,
  planned: PlannedModel,
): {
  readonly model: ModelAnswers
  readonly facts: readonly CountedFact[]
  readonly countedFor: string
} | null {
  const largest = models.reduce<ModelAnswers | null>(
    (top, m) => (top === null || m.documents >= top.documents ? m : top),
    null,
  )
  if (largest === null) return null
  const size = planned.documents ?? largest.documents
  const scaled = (fact: CountedFact): CountedFact => {
    const own = fact.documents ?? documents
    const times = (n: number): number => (size === own ? n : Math.round((n * size) / own))
    const [n_s, n_o, n_so] = [fact.n_s, fact.n_o, fact.n_so].map(times)
    return countFact({ ...fact, n_s, n_o, n_so, documents: size }, size)
  }
  const unknown = new Float64Array(facts.length).fill(Number.NaN)
  return {
    countedFor: largest.model,
    facts: facts.map((fact) => (concerns(fact, largest.model) ? scaled(fact) : fact)),
    model: {
      model: `planned model of ${planned.params.toPrecision(3)} parameters`,
      params: planned.params,
      documents: size,
      accuracy: unknown,
      positions: new Int32Array(0),
      asked: 0,
      leaked: unknown,
      rows: [],
    },
  }
}

/** Half-decades of n_so: 1–3, 4–9, 10–31, 32–99 … */
export function frequencyBand(pairs: number): { readonly order: number; readonly label: string } {
  if (pairs === 0) return { order: -1, label: 'never together' }
  if (pairs < 1) return { order: -0.5, label: 'n_so below 1' }
  const order = Math.floor(2 * Math.log10(pairs) + 1e-9)
  const low = Math.ceil(10 ** (order / 2) - 1e-9)
  const high = Math.ceil(10 ** ((order + 1) / 2) - 1e-9) - 1
  return { order, label: `n_so ${low}–${high}` }
}

/** Weight, in facts, of the form's prediction against what a cell measured: between-cell variance by moments. */
function priorWeight(cells: readonly { n: number; mean: number; predicted: number }[]): number {
  let between = 0
  let within = 0
  let n = 0
  for (const cell of cells) {
    if (cell.n < 3) continue
    const variance = Math.max(0.01, cell.predicted * (1 - cell.predicted))
    between += (cell.mean - cell.predicted) ** 2 - variance / cell.n
    within += variance
    n++
  }
  // Cells that differ from the form no more than chance allows lean on the form alone (up to a cap).
  return n === 0 ? 100 : Math.min(100, Math.max(1, within / Math.max(between, 1e-9)))
}

/** Shares retrieved and errors left for thresholds of 0, .05 … .95: none is expected at 1. */
function tradeOff(facts: readonly FactAdvice[], model: ModelAnswers): TradeOffPoint[] {
  return Array.from({ length: 20 }, (_, i) => i / 20).flatMap((threshold) => {
    const trusted = facts.flatMap((f) =>
      f.predicted !== null && f.predicted >= threshold
        ? [{ expected: f.predicted, measured: model.accuracy[f.position] }]
        : [],
    )
    const expected = meanOrNull(trusted.map((t) => 1 - t.expected))
    if (expected === null) return []
    const measuredError = meanOrNull(
      trusted.flatMap((t) => (Number.isNaN(t.measured) ? [] : [1 - t.measured])),
    )
    return [
      { threshold, retrieved: 1 - trusted.length / facts.length, expectedError: expected, measuredError },
    ]
  })
}

/**
 * Which facts one model will not keep, by relation and frequency band, and what would make it keep them.
 *
 * The chosen form predicts a fact from its counts and the model's size; a cell (relation × band) is corrected
 * towards its measured mean with a weight that follows from how far cells stray from the form (empirical Bayes).
 * Facts with MI ≤ 0 have no place on the form's axis: they are predicted by the measured mean of such facts.
 *
 * @param model     the model to advise on
 * @param maxError  largest expected share of wrong answers at which the model is still trusted, in (0, 1)
 * @param planned   a model that is advised on instead, by the form alone: answers to these facts by it there are none
 */
export function adviseRetrieval(
  observations: Observations,
  candidate: Candidate,
  asked: ModelAnswers,
  maxError: number = DEFAULT_MAX_ERROR,
  planned?: PlannedModel,
): Advice | null {
  const { models } = observations
  // A form of one model alone says nothing of another size.
  const plan = planned === undefined || !candidate.pools ? null : plannedOn(observations, planned)
  if (planned !== undefined && plan === null) return null
  const { model, facts, countedFor } = plan ?? {
    model: asked,
    facts: observations.facts,
    countedFor: asked.model,
  }
  const own = [...facts.keys()].filter((i) => concerns(facts[i], countedFor))
  const clean = cleanFacts(observations)
  const learners = candidate.pools ? models : [model]
  const predict = candidate.learn(
    observations.facts,
    learners.map((m) => createLesson(m, usable(m, clean))),
  )
  const range = rangeAmong(
    observations.facts,
    own.filter((i) => clean[i] === 1),
    candidate.measure,
  )
  if (predict === null || range === null) return null
  const dropped = own.filter(
    (i) => facts[i].miBin === null && !facts[i].leaks && !Number.isNaN(asked.accuracy[i]),
  )
  const droppedMean = meanOrNull(dropped.map((i) => asked.accuracy[i]))
  const expect = (fact: CountedFact, setting: Setting): number | null => {
    const bin = fact.miBin === null ? null : binOf(fact, candidate.measure)
    return bin === null ? null : predict(bin, setting, range)
  }
  const byForm = facts.map((fact) => expect(fact, model) ?? droppedMean)
  const cells = [
    ...groupBy(own, (i) => `${facts[i].relation}\t${frequencyBand(facts[i].n_so).order}`).values(),
  ].map((members) => {
    const plain = members.filter((i) => !facts[i].leaks)
    const leaks = members.filter((i) => facts[i].leaks)
    const asked = plain.filter((i) => !Number.isNaN(model.accuracy[i]))
    return {
      plain: plain.length,
      rows: [plain, leaks].filter((own) => own.length > 0),
      n: asked.length,
      measured: meanOrNull(asked.map((i) => model.accuracy[i])),
      form: meanOrNull((plain.length > 0 ? plain : leaks).flatMap((i) => byForm[i] ?? [])),
    }
  })
  const weight = priorWeight(
    cells.flatMap(({ n, measured, form }) =>
      measured === null || form === null ? [] : [{ n, mean: measured, predicted: form }],
    ),
  )
  const wanted = 1 - maxError
  // However well cells agree with the form, it is worth no more than the answers that it was learned from.
  const formWeight = Math.min(
    // Of a planned model, as far as the cells of the one that was asked stray from it.
    plan === null ? weight : (adviseRetrieval(observations, candidate, asked, maxError)?.formWeight ?? 1),
    learners.reduce((n, m) => n + m.asked, 0),
  )
  const sizes = new Set(models.map((m) => m.params)).size
  const perFact = new Map<number, FactAdvice>()
  const forecasts: CellForecast[] = []
  const rows = cells.flatMap((cell) => {
    const { n, measured, form } = cell
    const predicted =
      form === null ? measured : measured === null ? form : (weight * form + n * measured) / (weight + n)
    const cellAction = predicted !== null && predicted >= wanted ? 'trust' : 'retrieve'
    forecasts.push({ facts: cell.plain, predicted, evidence: (form === null ? 0 : formWeight) + n })
    return cell.rows.map((members): AdviceRow & { order: number } => {
      const middle = [...members].sort((a, b) => facts[a].mi - facts[b].mi || facts[a].n_so - facts[b].n_so)[
        members.length >> 1
      ]
      const typical = facts[middle]
      const { leaks } = typical
      const action = leaks ? 'given-away' : cellAction
      for (const i of members)
        perFact.set(i, { position: i, fact_id: facts[i].fact_id, predicted, action, leaks })
      const bin = typical.miBin === null ? null : binOf(typical, candidate.measure)
      const { order, label } = frequencyBand(typical.n_so)
      const isKept = action !== 'retrieve'
      return {
        order,
        model: model.model,
        relation: typical.relation,
        band: label,
        leaks,
        facts: members.length,
        predicted,
        measured: leaks ? null : measured,
        action,
        keptAtParams:
          isKept || sizes < 2 || bin === null ? null : sizeFor(predict, bin, range, wanted, model),
        keptAtDocuments: isKept
          ? null
          : documentsFor(
              typical,
              typical.documents ?? observations.documents,
              candidate,
              wanted,
              (b) => predict(b, model, range),
              range.highest,
            ),
        examples: members.slice(0, 3).map((i) => facts[i].fact_id),
      }
    })
  })
  rows.sort((a, b) => (a.relation < b.relation ? -1 : a.relation > b.relation ? 1 : a.order - b.order))
  const perOwnFact = own.flatMap((i) => perFact.get(i) ?? [])
  return {
    model: model.model,
    params: model.params,
    form: { variant: candidate.variant, measure: candidate.measure, weighting: candidate.weighting },
    maxError,
    rows: rows.map(({ order: _, ...row }) => row),
    facts: perOwnFact,
    tradeOff: tradeOff(
      perOwnFact.filter((f) => !f.leaks),
      model,
    ),
    retrieved: retrievedShare(forecasts, wanted),
    sizes,
    formWeight,
    expect,
  }
}
