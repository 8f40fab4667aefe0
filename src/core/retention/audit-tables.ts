import type { Estimate } from '../estimate.js'
import { type CountedFact, concerns, type Observations } from './observations.js'
import { meanAccuracy } from './share-interval.js'

/** How a group of facts that a fit cannot see, or should not, was answered by one model. */
export interface GroupAccuracy {
  readonly model: string
  readonly facts: number
  readonly accuracy: Estimate
}

/** Mean of what `read` gives for the facts of a group; NaN is left out. */
function accuracyOf(
  facts: readonly CountedFact[],
  model: string,
  read: (fact: number) => number,
): GroupAccuracy {
  const values = facts.flatMap((_, i) => {
    const value = read(i)
    return Number.isNaN(value) ? [] : [value]
  })
  return { model, facts: values.length, accuracy: meanAccuracy(values) }
}

/** Facts as the largest model's corpus has them, so that none is counted once per corpus. */
function distinctFacts({ facts, models }: Observations): CountedFact[] {
  const largest = models.at(-1)?.model ?? ''
  return facts.filter((fact) => concerns(fact, largest))
}

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
