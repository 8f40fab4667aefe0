import type { CountedFact, ModelAnswers } from '../counts/observations.js'
import { binOf, type Cell, onAxis, rangeOf, sumByBin } from '../fits/cells.js'
import { fitLine, type Weighting } from '../fits/line-fit.js'
import { POOLED_FORMS, type PooledPoint, type Setting } from '../fits/pooled-form.js'
import type { VariantId } from '../fits/published-lines.js'
import { type BinRange, LINE_VARIANTS, type Measure, retains } from '../fits/variants.js'

/** Some answers of one model to learn from: `use` is 1 for the facts that may be seen, shape (facts). */
export interface Lesson {
  readonly model: ModelAnswers
  readonly use: Uint8Array
  /** Sums by bin that were made already: many candidates learn from the same lesson. */
  readonly made: Map<string, Cell[]>
}

export function createLesson(model: ModelAnswers, use: Uint8Array): Lesson {
  return { model, use, made: new Map() }
}

/** Sums by bin of the facts of a lesson that `keeps` accepts; `name` tells one `keeps` from another. */
function cellsOf(
  { model, use, made }: Lesson,
  facts: readonly CountedFact[],
  measure: Measure,
  name: string,
  keeps: (fact: CountedFact) => boolean,
): Cell[] {
  const key = `${measure}/${name}`
  const known = made.get(key)
  if (known !== undefined) return known
  const kept = new Uint8Array(use.length)
  for (const i of model.positions) if (use[i] === 1 && keeps(facts[i])) kept[i] = 1
  const cells = sumByBin(facts, model, measure, kept)
  made.set(key, cells)
  return cells
}

/** Expected accuracy in [0, 1] of a fact in a bin for a model of a size, whose facts span a range of bins. */
export type Predict = (bin: number, setting: Setting, range: BinRange) => number

/** A way to predict retention from counts and size, as it is compared on what it did not see. */
export interface Candidate {
  readonly variant: VariantId
  readonly measure: Measure
  readonly weighting: Weighting
  /** Pooled forms learn from all models together; the published lines are fitted to one model at a time. */
  readonly pools: boolean
  learn(facts: readonly CountedFact[], lessons: readonly Lesson[]): Predict | null
}

const clamp = (p: number): number => Math.min(1, Math.max(0, p))

function lineCandidates(): Candidate[] {
  return LINE_VARIANTS.flatMap((variant) =>
    (['smi', 'mi', 'cooccurrence'] as const).map(
      (measure): Candidate => ({
        variant: variant.id,
        measure,
        weighting: 'bins',
        pools: false,
        learn(facts, lessons) {
          const bins = lessons.flatMap((lesson) => {
            const cells = cellsOf(lesson, facts, measure, variant.id, (fact) => retains(variant, fact.mi))
            return cells.length === 0
              ? []
              : (onAxis(cells, variant, measure, rangeOf(cells), lesson.model.params) ?? [])
          })
          const fit = bins.length === 0 ? null : fitLine(bins, 'bins')
          if (fit === null) return null
          return (bin, { params }, range) => {
            if (variant.usesRange(measure) && range.lowest === range.highest)
              return clamp(fit.intercept + fit.slope)
            // The axis ends at the observed range: beyond it the line is not extended below 0 or above its bound.
            const inside = Math.min(range.highest, Math.max(range.lowest, bin))
            return clamp(fit.slope * variant.axis(measure, inside, range, params) + fit.intercept)
          }
        },
      }),
    ),
  )
}

function pooledCandidates(): Candidate[] {
  return POOLED_FORMS.flatMap((form) =>
    (['mi', 'cooccurrence'] as const).map(
      (measure): Candidate => ({
        variant: form.id,
        measure,
        weighting: 'facts',
        pools: true,
        learn(facts, lessons) {
          const points = lessons.flatMap((lesson) =>
            cellsOf(lesson, facts, measure, 'all', () => true).map(
              (cell): PooledPoint => ({
                bin: cell.bin,
                params: lesson.model.params,
                documents: lesson.model.documents,
                accuracy: cell.sum / cell.facts,
                weight: cell.facts,
              }),
            ),
          )
          const fit = form.fit(points)
          return fit === null ? null : (bin, setting) => fit.predict(bin, setting)
        },
      }),
    ),
  )
}

/** Every way to predict that is held against unseen facts and unseen models. */
export const CANDIDATES: readonly Candidate[] = [...lineCandidates(), ...pooledCandidates()]

/** Span of bins among facts, asked or not. */
export function rangeAmong(
  facts: readonly CountedFact[],
  among: readonly number[],
  measure: Measure,
): BinRange | null {
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const i of among) {
    const bin = binOf(facts[i], measure)
    if (bin === null) continue
    lowest = Math.min(lowest, bin)
    highest = Math.max(highest, bin)
  }
  return lowest <= highest ? { lowest, highest } : null
}

/** 1 where the model was asked and the fact is clean and kept, shape (facts). */
export function usable(
  { positions }: ModelAnswers,
  clean: Uint8Array,
  keeps: (fact: number) => boolean = () => true,
): Uint8Array {
  const out = new Uint8Array(clean.length)
  for (const i of positions) if (keeps(i)) out[i] = clean[i]
  return out
}
