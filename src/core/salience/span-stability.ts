import type { Random } from '../random/index.js'
import type { Domains } from './domain-shares.js'
import type { FittedCapability, LossIndex, SalienceData } from './estimator.js'
import { familiesOf } from './loss-table.js'
import type { LossBlock } from './profiles.js'
import { combine, type ModelShares, modelShares } from './span-salience.js'
import { type TrainingSpace, trainingSpace } from './training-space.js'

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
  /** Weights summed by domain, by refit. */
  readonly byDomain: readonly Float64Array[]
  private readonly pulls: readonly ModelShares[]
  private readonly total: number
  private at = 0

  /** @param full weights of the spans in the fit on all families, shape (spans) */
  constructor(
    private readonly data: Pick<SalienceData, 'weights' | 'profiles'>,
    private readonly refits: readonly Refit[],
    private readonly full: Float64Array,
    private readonly domains: Domains,
  ) {
    this.counts = new Uint16Array(full.length)
    this.byDomain = refits.map(() => new Float64Array(domains.names.length))
    this.pulls = refits.map(({ space, index }) => modelShares(data, space, index))
    this.total = data.weights.reduce((a, b) => a + b, 0)
  }

  add(block: LossBlock): void {
    const { counts, full, data, total, at, domains, byDomain } = this
    const drawn = new Float64Array(block.count)
    this.refits.forEach(({ index: { spans } }, d) => {
      combine(block, this.pulls[d], drawn, 0)
      for (let i = 0; i < drawn.length; i++) {
        const weight = (drawn[i] * data.weights[at + i]) / total + (spans?.[at + i] ?? 0)
        if (weight * full[at + i] > 0) counts[at + i]++
        byDomain[d][domains.of[at + i]] += weight
      }
    })
    this.at += block.count
  }

  /** Share of the refits in which each span's weight had the sign of the full fit. Shape (spans). */
  agreement(): number[] {
    const draws = this.refits.length
    return Array.from(this.counts, (n) => (draws === 0 ? 0 : n / draws))
  }
}
