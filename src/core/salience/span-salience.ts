import type { Random } from '../random/index.js'
import type { FittedCapability, LossIndex, SalienceData } from './estimator.js'
import { familiesOf, type Span } from './loss-table.js'
import { type TrainingSpace, trainingSpace } from './training-space.js'

/**
 * Weight of every span in a fitted index: how much one bit a byte more on this span alone, beyond what it moves the
 * mean, moves the index. Negative: losing less here goes with a higher index.
 *
 * @returns shape (spans); Σ weight = 0 over the text, weighted as the sums are
 */
export function spanWeightsOf(data: SalienceData, space: TrainingSpace, { dual }: LossIndex): Float64Array {
  const { table, profiles, weights } = data
  const { train } = space
  const n = train.length
  // The training profiles are centred over the models, so the dual weights may be too.
  const mean = dual.reduce((a, b) => a + b, 0) / n
  const total = weights.reduce((a, b) => a + b, 0)
  const out = new Float64Array(weights.length)
  train.forEach((m, i) => {
    const share = dual[i] - mean
    const shift = profiles.mean[m]
    const loss = table.losses[m]
    for (let u = 0; u < out.length; u++) out[u] += share * (loss[u] - shift)
  })
  for (let u = 0; u < out.length; u++) out[u] *= weights[u] / total
  return out
}

/** How a span's salience held up. */
export interface SpanStability {
  /** Share of bootstrap draws of families in which the weight had the sign of the full fit. Shape (spans). */
  readonly agreement: Float64Array
  readonly draws: number
}

/** Share of draws that must agree on the sign before a span is shown as salient. */
export const STABLE = 0.8

/**
 * Refit on families drawn with replacement, at the strength of the full fit.
 *
 * @param full the weights of the fit on all families
 */
export function signStability(
  data: SalienceData,
  scored: readonly number[],
  fitted: FittedCapability,
  full: Float64Array,
  draws: number,
  random: Random,
): SpanStability {
  const { models } = data.table
  const families = familiesOf(models, scored)
  const agreement = new Float64Array(full.length)
  let done = 0
  for (let draw = 0; draw < draws; draw++) {
    const chance = random.derive(`draw ${draw}`)
    const train = families.flatMap(() => families[chance.integer(families.length)])
    if (new Set(train.map((m) => models[m].family)).size < 2) continue
    const space = trainingSpace(data.profiles, train)
    const { index } = fitted.refit(space)
    if (index === null) break
    const weights = spanWeightsOf(data, space, index)
    for (let u = 0; u < full.length; u++) if (weights[u] * full[u] > 0) agreement[u]++
    done++
  }
  return { agreement: done === 0 ? agreement : agreement.map((v) => v / done), draws: done }
}

/** A span as a reader sees it. */
export interface SpanReading {
  readonly span: Span
  /** The span's words, where the text is at hand. */
  readonly text: string | null
  /**
   * Its loss' pull on the score beside the mean's, a bit a byte of this span against the largest such pull; positive:
   * losing less here goes with a better score.
   */
  readonly salience: number
  readonly agreement: number
}

/**
 * Spans by salience, those alone whose sign held up in the draws.
 *
 * @param weights of the spans in a fitted index, shape (spans)
 * @param better  −1 where a higher score is worse
 */
export function salientSpans(
  data: SalienceData,
  weights: Float64Array,
  stability: SpanStability,
  better: 1 | -1,
  most: number,
): SpanReading[] {
  const density = weights.map((w, u) => (-better * w) / data.weights[u])
  const top = density.reduce((a, v) => Math.max(a, Math.abs(v)), Number.MIN_VALUE)
  return [...density.keys()]
    .filter((u) => stability.agreement[u] >= STABLE && density[u] !== 0)
    .sort((a, b) => Math.abs(density[b]) - Math.abs(density[a]))
    .slice(0, most)
    .map((u) => ({
      span: data.table.spans[u],
      text: null,
      salience: density[u] / top,
      agreement: stability.agreement[u],
    }))
}
