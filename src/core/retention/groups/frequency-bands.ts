import type { Estimate } from '../../estimate.js'
import { meanAccuracy } from '../accuracy/share-interval.js'
import { type TemplateAnswer, templateVariance, widenedAccuracy } from '../accuracy/template-variance.js'
import { equalCountBands } from '../counts/bands.js'
import type { Observations } from '../counts/observations.js'

/** Retention of facts of one frequency: a decile of those that occur, or those that never do. */
export interface FrequencyBand {
  readonly model: string
  /** Fewest and most documents that name subject and object, among the facts of the band. */
  readonly from: number
  readonly to: number
  readonly facts: number
  readonly accuracy: Estimate
}

/**
 * Accuracy of every model by how many documents name subject and object: facts that never stand together, then bands
 * of about equally many facts, at most ten (docs/methods/knowledge.md#accuracy-by-frequency). Facts of one count are
 * never split; leaks are left out. Intervals are over facts, and widened by what the choice of templates adds, where
 * the rows tell templates.
 */
export function retentionByFrequency({ facts, models }: Observations): FrequencyBand[] {
  return models.flatMap(({ model, accuracy, positions, rows }) => {
    const byCount = new Map<number, number[]>()
    for (const i of positions) {
      const fact = facts[i]
      if (fact.leaks) continue
      const own = byCount.get(fact.n_so)
      if (own === undefined) byCount.set(fact.n_so, [accuracy[i]])
      else own.push(accuracy[i])
    }
    const counts = [...byCount.keys()].sort((a, b) => a - b)
    const [never, together] = [counts.filter((c) => c === 0), counts.filter((c) => c > 0)]
    const band = equalCountBands(together.map((c) => byCount.get(c)?.length ?? 0))
    const groups = Array.from({ length: (band.at(-1) ?? -1) + 1 }, (_, b) =>
      together.filter((_, i) => band[i] === b),
    )
    const answersTo = (group: ReadonlySet<number>): TemplateAnswer[] =>
      rows.flatMap(({ fact, answer: { template, correct, total } }) =>
        template === undefined || facts[fact].leaks || !group.has(facts[fact].n_so)
          ? []
          : [{ fact, template, relation: facts[fact].relation, share: correct / total }],
      )
    return [...(never.length > 0 ? [never] : []), ...groups].map((group) => {
      const values = group.flatMap((c) => byCount.get(c) ?? [])
      return {
        model,
        from: group[0],
        to: group[group.length - 1],
        facts: values.length,
        accuracy: widenedAccuracy(meanAccuracy(values), templateVariance(answersTo(new Set(group)))),
      }
    })
  })
}
