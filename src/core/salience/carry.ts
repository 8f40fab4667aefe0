import { notEstimable } from '../estimate.js'
import type { CarriedVector } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import { quantile } from '../stats/index.js'
import type { CapabilityResult } from './analyse.js'
import { domainShares, domainsOf, pullByDomain } from './domain-shares.js'
import type { SalienceData } from './estimator.js'
import { spanWeightsOf } from './span-salience.js'
import { refitsOnDraws, SignAgreement } from './span-stability.js'
import { salienceVector } from './vector.js'

/**
 * A fitted capability as others can use it: the vector, how its spans and domains held up in refits on families drawn
 * with replacement, and on which models it stands.
 *
 * @returns null where nothing that rests on losses alone could be fitted
 */
export function carriedVector(
  data: SalienceData,
  result: CapabilityResult,
  { draws, level }: { readonly draws: number; readonly level: number },
  random: Random,
): CarriedVector | null {
  const vector = salienceVector(data, result)
  const { fitted, judgedBy, gainOverMean } = result
  if (vector === null || fitted.index === null) return null
  const means = result.models.map((m) => data.profiles.mean[m])
  const facts = {
    explainedVariance:
      result.skill.find((s) => s.method === judgedBy)?.explainedVariance ??
      notEstimable('no family could be left out'),
    gainOverMean,
    lossRange: rangeOf(means),
  }
  if (vector.weights.every((w) => w === 0)) return { ...vector, ...facts, agreement: [], domains: [] }
  const { spans } = data.table
  const refits = refitsOnDraws(data, result.models, fitted, draws, random)
  const agreement = new SignAgreement(data, refits, vector.weights)
  agreement.add({ losses: data.table.losses, weights: data.weights, count: spans.length })
  const domains = domainsOf(spans, data.weights)
  const better = vector.lowerIsBetter ? -1 : 1
  const pulls = refits.map(({ space, index }) =>
    pullByDomain(domains, spans, { slope: index.slope, weights: spanWeightsOf(data, space, index) }, better),
  )
  return {
    ...vector,
    ...facts,
    agreement: Array.from(agreement.stability().agreement),
    domains:
      domains.size < 2
        ? []
        : domainShares(domains, pullByDomain(domains, spans, vector, better), pulls, result.families, level),
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
