import type { Observations } from '../counts/observations.js'
import { accuracyOf, distinctFacts, type GroupAccuracy } from './group-accuracy.js'

/** Facts that the published fit drops: MI ≤ 0, because the pair never occurs or occurs less often than by chance. */
export interface ZeroReport {
  /** n_so = 0 */
  readonly neverTogether: number
  /** n_so > 0 but MI ≤ 0 */
  readonly belowChance: number
  /** Accuracy on both kinds, leaks left out. */
  readonly answered: readonly GroupAccuracy[]
}

export function zeroReport(observations: Observations): ZeroReport {
  const { facts, models } = observations
  const distinct = distinctFacts(observations)
  const neverTogether = distinct.filter((fact) => fact.n_so === 0).length
  return {
    neverTogether,
    belowChance: distinct.filter((fact) => fact.miBin === null).length - neverTogether,
    answered: models.map(({ model, accuracy }) =>
      accuracyOf(facts, model, (i) =>
        !Number.isNaN(accuracy[i]) && facts[i].miBin === null && !facts[i].leaks ? accuracy[i] : Number.NaN,
      ),
    ),
  }
}
