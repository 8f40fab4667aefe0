import { notEstimable } from '../estimate.js'
import type { CarriedVector } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import { quantile } from '../stats/index.js'
import type { CapabilityResult } from './analyse.js'
import { type Domains, domainShares, sharesOfPull, sumByDomain } from './domain-shares.js'
import type { SalienceData } from './estimator.js'
import type { LossBlock } from './profiles.js'
import { SpanWeights } from './span-salience.js'
import { type Refit, refitsOnDraws, SignAgreement } from './span-stability.js'
import { salienceVector } from './vector.js'

interface Asked {
  /** Refits on families drawn with replacement. */
  readonly draws: number
  readonly level: number
}

/**
 * Makes of a fitted capability what others can use: the vector, how its spans and domains held up in refits on families
 * drawn with replacement, and on which models it stands. Spans come in blocks, in their order, once.
 */
export class VectorCarrier {
  /** Whether spans have to be read: the plain loss needs none. */
  readonly readsSpans: boolean
  private readonly weights: SpanWeights | null = null
  private readonly agreement: SignAgreement | null = null
  private readonly refits: readonly Refit[] = []

  constructor(
    private readonly data: SalienceData,
    private readonly result: CapabilityResult,
    private readonly domains: Domains,
    private readonly asked: Asked,
    random: Random,
  ) {
    const { index } = result.fitted
    this.readsSpans = index?.dual.some((v) => v !== 0) === true
    if (index === null || !this.readsSpans) return
    this.weights = new SpanWeights(data, result.space, index)
    this.refits = refitsOnDraws(data, result.models, result.fitted, asked.draws, random)
    this.agreement = new SignAgreement(data, this.refits, this.weights.weights, domains)
  }

  add(block: LossBlock): void {
    this.weights?.add(block)
    this.agreement?.add(block)
  }

  /** @returns null where nothing that rests on losses alone could be fitted */
  finish(): CarriedVector | null {
    const { data, result, agreement, domains, refits, asked } = this
    const weights = this.weights?.weights ?? new Float64Array(data.weights.length)
    const vector = salienceVector(data, result, weights)
    if (vector === null) return null
    const { gainOverMean, judgedBy } = result
    const facts = {
      explainedVariance:
        result.skill.find((s) => s.method === judgedBy)?.explainedVariance ??
        notEstimable('no family could be left out'),
      gainOverMean,
      lossRange: rangeOf(result.models.map((m) => data.profiles.mean[m])),
    }
    if (agreement === null) return { ...vector, ...facts, agreement: [], domains: [] }
    const better = vector.lowerIsBetter ? -1 : 1
    const total = data.weights.reduce((a, b) => a + b, 0)
    const ofText = sumByDomain(domains, data.weights).map((w) => w / total)
    const pulls = refits.map(({ index: { slope } }, d) =>
      sharesOfPull(ofText, { slope, weights: agreement.byDomain[d] }, better),
    )
    const own = sharesOfPull(ofText, { ...vector, weights: sumByDomain(domains, weights) }, better)
    return {
      ...vector,
      ...facts,
      agreement: agreement.agreement(),
      domains:
        domains.names.length < 2
          ? []
          : domainShares(domains.names, ofText, own, pulls, result.families, asked.level),
    }
  }
}

/** Interquartile ranges beyond the quartiles where a value is far out (Tukey, Exploratory Data Analysis, 1977). */
const FAR_OUT = 3

/** Least and largest mean loss, without those far out: one run gone ill must not open the range to all that lose as much. */
function rangeOf(means: readonly number[]): CarriedVector['lossRange'] {
  const [q1, q3] = [0.25, 0.75].map((p) => quantile(means, p))
  const reach = FAR_OUT * (q3 - q1)
  const near = means.filter((v) => v >= q1 - reach && v <= q3 + reach)
  return { low: Math.min(...near), high: Math.max(...near) }
}
