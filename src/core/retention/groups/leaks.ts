import type { Observations } from '../counts/observations.js'
import { accuracyOf, distinctFacts, type GroupAccuracy } from './group-accuracy.js'

/**
 * Facts whose object is a substring of their subject, and answers whose prompts gave the object away: number of the
 * former, and accuracy with and without both.
 */
export interface LeakReport {
  readonly facts: number
  readonly leaking: readonly GroupAccuracy[]
  readonly others: readonly GroupAccuracy[]
}

export function leakReport(observations: Observations): LeakReport {
  const { facts, models } = observations
  return {
    facts: distinctFacts(observations).filter((fact) => fact.leaks).length,
    leaking: models.map(({ model, accuracy, leaked }) =>
      accuracyOf(facts, model, (i) =>
        // Columns first, here and below: most facts were not asked of this model, and reading a fact is dear.
        !Number.isNaN(accuracy[i]) && facts[i].leaks ? accuracy[i] : leaked[i],
      ),
    ),
    others: models.map(({ model, accuracy }) =>
      accuracyOf(facts, model, (i) =>
        !Number.isNaN(accuracy[i]) && facts[i].leaks ? Number.NaN : accuracy[i],
      ),
    ),
  }
}
