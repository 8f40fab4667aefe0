import type { Estimate } from '../../estimate.js'
import { determination, equalCountBands } from '../counts/bands.js'
import { answeredBy, type ModelAnswers, type Observations } from '../counts/observations.js'
import { boundOf, type RepeatedFact } from './bound.js'
import { binOf, type Cell, onAxis, rangeOf, retainedFacts, sumByBin } from './cells.js'
import { type Bin, fitLine, WEIGHTINGS, type Weighting } from './line-fit.js'
import { LINE_VARIANTS, type LineVariant, MEASURES, type Measure } from './variants.js'

/** Versions of the published law, and the forms that this project adds (docs/methods/smi.md). */
export type VariantId = 'v2-v4' | 'v5-v7' | 'logistic' | 'interaction'

/** The name under which a fit over all models at once is reported. */
export const POOLED = 'pooled'

/** One fit of retention against frequency. A row of `assay bound --json`. */
export interface RetentionFit {
  readonly model: string
  /** null for a fit over several models. */
  readonly params: number | null
  readonly variant: VariantId
  readonly measure: Measure
  readonly weighting: Weighting
  /** R² of the bin means; null when they do not vary. */
  readonly r2: number | null
  readonly mse: number
  /** On the variant's axis; for `logistic` on the log-odds scale, per unit of q, at the model's size. */
  readonly slope: number
  readonly intercept: number
  /** Predicted accuracy of the most frequent facts: the line at 1, or a pooled form at the highest bin. */
  readonly bound: Estimate
  /** Facts, each once, however many models were asked. */
  readonly facts: number
  readonly bins: number
  /** Facts that were asked but are not in this fit (MI ≤ 0, below 2^−30, or a leak in pooled fits). */
  readonly dropped: number
  readonly r2PerFact: number | null
  /** R² over at most ten bands of equally many facts. */
  readonly r2Banded: number | null
}

/** A fit that could not be made, with the reason. */
export interface NotFitted {
  readonly model: string
  readonly variant: VariantId
  readonly measure: Measure
  readonly reason: string
}

/** Fits that were made, and those that could not be, with the reason. */
export interface Fits {
  readonly fits: readonly RetentionFit[]
  readonly notFitted: readonly NotFitted[]
}

/** R² over bands of neighbouring bins, given what the fit predicts for a bin. Bins ascending. */
export function bandedDetermination<T extends { facts: number; sum: number }>(
  bins: readonly T[],
  predict: (bin: T) => number,
): number | null {
  const band = equalCountBands(bins.map((b) => b.facts))
  const sums: { facts: number; predicted: number; measured: number }[] = []
  bins.forEach((bin, i) => {
    sums[band[i]] ??= { facts: 0, predicted: 0, measured: 0 }
    const into = sums[band[i]]
    into.facts += bin.facts
    into.predicted += bin.facts * predict(bin)
    into.measured += bin.sum
  })
  return sums.length < 2
    ? null
    : determination(
        sums.map((s) => ({
          facts: s.facts,
          predicted: s.predicted / s.facts,
          measured: s.measured / s.facts,
        })),
      )
}

interface Subject {
  readonly model: string
  readonly params: number | null
  readonly variant: VariantId
  readonly measure: Measure
  /** Distinct facts that were asked. */
  readonly asked: number
  /** Of a line over several models: which bins hold answers about one fact. */
  readonly repeated?: readonly RepeatedFact[]
}

function lineRow(subject: Subject, bins: readonly Bin[], weighting: Weighting): RetentionFit | null {
  const fit = fitLine(bins, weighting)
  if (fit === null) return null
  const { asked, repeated, ...names } = subject
  const facts = repeated?.length ?? fit.facts
  return {
    ...names,
    weighting,
    ...fit,
    facts,
    bound: boundOf(bins, weighting, fit, repeated),
    dropped: asked - facts,
    r2Banded: bandedDetermination(bins, (bin) => fit.slope * bin.x + fit.intercept),
  }
}

function binsOf(
  observations: Observations,
  model: ModelAnswers,
  variant: LineVariant,
  measure: Measure,
  keep: (fact: number) => boolean,
): { bins: Bin[] | null; cells: Cell[]; retained: Uint8Array } {
  const retained = retainedFacts(observations, model, variant)
  for (const i of model.positions) if (!keep(i)) retained[i] = 0
  const cells = sumByBin(observations.facts, model, measure, retained)
  if (cells.length === 0) return { bins: null, cells, retained }
  return { bins: onAxis(cells, variant, measure, rangeOf(cells), model.params), cells, retained }
}

/** Bins of all models together, ascending on the axis, and the answers of each fact among them; leaks left out. */
function binsOfAll(
  observations: Observations,
  variant: LineVariant,
  measure: Measure,
): { bins: Bin[]; repeated: RepeatedFact[] } {
  const placed: { bin: Bin; answers: { fact: string; accuracy: number }[] }[] = []
  for (const model of observations.models) {
    const { facts } = observations
    const { bins, cells, retained } = binsOf(observations, model, variant, measure, (i) => !facts[i].leaks)
    if (bins === null) continue
    const own = new Map(
      cells.map((cell, c) => [cell.bin, { bin: bins[c], answers: [] as (typeof placed)[0]['answers'] }]),
    )
    for (const i of model.positions) {
      const bin = retained[i] === 1 ? binOf(facts[i], measure) : null
      if (bin !== null) own.get(bin)?.answers.push({ fact: facts[i].fact_id, accuracy: model.accuracy[i] })
    }
    placed.push(...own.values())
  }
  placed.sort((a, b) => a.bin.x - b.bin.x)
  const byFact = new Map<string, { bins: number[]; accuracies: number[] }>()
  placed.forEach(({ answers }, b) => {
    for (const { fact, accuracy } of answers) {
      const own = byFact.get(fact) ?? { bins: [], accuracies: [] }
      byFact.set(fact, own)
      own.bins.push(b)
      own.accuracies.push(accuracy)
    }
  })
  return { bins: placed.map(({ bin }) => bin), repeated: [...byFact.values()] }
}

/** Facts that at least one model was asked, each once. */
export function distinctAsked({ facts, models }: Observations): number {
  return answeredBy(facts, models).size
}

/**
 * The published straight lines: every version × measure × weighting, each model for itself with all its facts
 * (leaks included, as published), and one line over all models without the leaks.
 */
export function fitPublishedLines(observations: Observations): Fits {
  const fits: RetentionFit[] = []
  const notFitted: NotFitted[] = []
  const add = (subject: Subject, bins: readonly Bin[] | null): void => {
    for (const weighting of WEIGHTINGS) {
      const row = bins === null || bins.length === 0 ? null : lineRow(subject, bins, weighting)
      if (row !== null) fits.push(row)
      else if (weighting === 'bins') {
        const { model, variant, measure } = subject
        const reason =
          bins === null || bins.length === 0
            ? 'no two retained facts differ in frequency'
            : bins.length > 1
              ? 'the axis puts all retained facts in one place: its exponent is too large for so small a model'
              : 'all retained facts share one bin'
        notFitted.push({ model, variant, measure, reason })
      }
    }
  }
  const asked = distinctAsked(observations)
  for (const variant of LINE_VARIANTS)
    for (const measure of MEASURES) {
      for (const model of observations.models) {
        const { bins } = binsOf(observations, model, variant, measure, () => true)
        add(
          { model: model.model, params: model.params, variant: variant.id, measure, asked: model.asked },
          bins,
        )
      }
      if (observations.models.length > 1) {
        const { bins, repeated } = binsOfAll(observations, variant, measure)
        add({ model: POOLED, params: null, variant: variant.id, measure, asked, repeated }, bins)
      }
    }
  return { fits, notFitted }
}
