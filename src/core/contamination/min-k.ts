import type { Estimate } from '../estimate.js'
import type { ScoredDocument } from '../evidence/index.js'
import type { Random } from '../random/index.js'
import { ratioEstimate } from '../stats/ratio-estimate.js'

/** Share of a document's least likely tokens that min-k% averages (Shi et al., arXiv:2310.16789, k = 20). */
export const MIN_K_SHARE = 0.2

/** Mean of the lowest share of a document's token log-probabilities, nats: at least one token is taken. */
export function leastLikelyMean(logLikelihoods: Float64Array, share: number = MIN_K_SHARE): number {
  const sorted = logLikelihoods.slice().sort()
  const count = Math.max(1, Math.floor(sorted.length * share))
  let total = 0
  for (let i = 0; i < count; i++) total += sorted[i]
  return total / count
}

/**
 * Min-k% probability of a text, the mean over documents of {@link leastLikelyMean}: text that a model was trained on
 * holds few surprises, so its least likely tokens are likelier.
 *
 * @returns in nats/token, bootstrap over documents
 *
 * Source: Shi et al., arXiv:2310.16789, §3 (docs/methods/surprisal.md).
 */
export function minKProbability(
  documents: readonly ScoredDocument[],
  random: Random,
  level: number,
): Estimate {
  return ratioEstimate(
    documents.map((d) => ({ numerator: leastLikelyMean(d.logLikelihoods), denominator: 1 })),
    'nats/token',
    'a single unit of text gives no interval: add documents',
    random,
    level,
  )
}
