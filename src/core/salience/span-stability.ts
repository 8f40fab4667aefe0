import type { Random } from '../random/index.js'
import type { FittedCapability, LossIndex, SalienceData } from './estimator.js'
import { familiesOf } from './loss-table.js'
import type { LossBlock } from './profiles.js'
import { combine, type ModelShares, modelShares } from './span-salience.js'
import { type TrainingSpace, trainingSpace } from './training-space.js'

/** How a span's salience held up. */
export interface SpanStability {
  /** Share of bootstrap draws of families in which the weight had the sign of the full fit. Shape (spans). */
  readonly agreement: Float64Array
  readonly draws: number
}

/** Share of draws that must agree on the sign before a span is shown as salient. */
export const STABLE = 0.8

/** One refit on families drawn with replacement. */
export interface Refit {
  readonly space: TrainingSpace
  readonly index: LossIndex
}

/** Refits on families drawn with replacement, at the strength of the full fit; no span is read. */
export function refitsOnDraws(
  data: SalienceData,
  scored: readonly number[],
  fitted: FittedCapability,
  draws: number,
  random: Random,
): Refit[] {
  const { models } = data.table
  const families = familiesOf(models, scored)
  return Array.from({ length: draws }, (_, draw) => random.derive(`draw ${draw}`)).flatMap((chance) => {
    const train = families.flatMap(() => families[chance.integer(families.length)])
    if (new Set(train.map((m) => models[m].family)).size < 2) return []
    const space = trainingSpace(data.profiles, train)
    const { index } = fitted.refit(space)
    return index === null ? [] : [{ space, index }]
  })
}

/** Counts, over blocks of spans in their order, in how many refits a span's weight has the sign of the full fit. */
export class SignAgreement {
  private readonly counts: Uint16Array
  private readonly pulls: readonly ModelShares[]
  private readonly total: number
  private at = 0

  /** @param full weights of the spans in the fit on all families, shape (spans) */
  constructor(
    private readonly data: Pick<SalienceData, 'weights' | 'profiles'>,
    private readonly refits: readonly Refit[],
    private readonly full: Float64Array,
  ) {
    this.counts = new Uint16Array(full.length)
    this.pulls = refits.map(({ space, index }) => modelShares(data, space, index))
    this.total = data.weights.reduce((a, b) => a + b, 0)
  }

  add(block: LossBlock): void {
    const { counts, full, data, total, at } = this
    const drawn = new Float64Array(block.count)
    this.refits.forEach(({ index: { spans } }, d) => {
      combine(block, this.pulls[d], drawn, 0)
      for (let i = 0; i < drawn.length; i++) {
        const weight = (drawn[i] * data.weights[at + i]) / total + (spans?.[at + i] ?? 0)
        if (weight * full[at + i] > 0) counts[at + i]++
      }
    })
    this.at += block.count
  }

  stability(): SpanStability {
    const draws = this.refits.length
    return { agreement: Float64Array.from(this.counts, (n) => (draws === 0 ? 0 : n / draws)), draws }
  }
}

/** @param full the weights of the fit on all families, shape (spans) */
export function signStability(
  data: SalienceData,
  scored: readonly number[],
  fitted: FittedCapability,
  full: Float64Array,
  draws: number,
  random: Random,
): SpanStability {
  const agreement = new SignAgreement(data, refitsOnDraws(data, scored, fitted, draws, random), full)
  agreement.add({ losses: data.table.losses, weights: data.weights, count: full.length })
  return agreement.stability()
}
