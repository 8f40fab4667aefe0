import type { Estimate } from '../../estimate.js'
import { meanAccuracy } from '../accuracy/share-interval.js'
import { type CountedFact, concerns, type Observations } from '../counts/observations.js'

/** How a group of facts that a fit cannot see, or should not, was answered by one model. */
export interface GroupAccuracy {
  readonly model: string
  readonly facts: number
  readonly accuracy: Estimate
}

/** Mean of what `read` gives for the facts of a group; NaN is left out. */
export function accuracyOf(
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
export function distinctFacts({ facts, models }: Observations): CountedFact[] {
  const largest = models.at(-1)?.model ?? ''
  return facts.filter((fact) => concerns(fact, largest))
}
