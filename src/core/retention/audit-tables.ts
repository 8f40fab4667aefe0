import { DEFAULT_LEVEL, type Estimate, estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random.js'
import { bootstrapRatio } from '../stats/bootstrap.js'
import { type CountedFact, concerns, type ModelAnswers, type Observations } from './observations.js'

/** How a group of facts that a fit cannot see, or should not, was answered by one model. */
export interface GroupAccuracy {
  readonly model: string
  readonly facts: number
  readonly accuracy: Estimate
}

/** Mean accuracy over facts with an interval over facts: bootstrap, or Wilson's where all agree. */
export function meanAccuracy(
  values: readonly number[],
  random: Random,
  level: number = DEFAULT_LEVEL,
): Estimate {
  const n = values.length
  if (n === 0) return notEstimable('no such fact was asked')
  const mean = values.reduce((a, b) => a + b, 0) / n
  if (values.every((v) => v === values[0]) || n < 3) {
    // All alike: resampling would claim certainty, Wilson's score interval does not.
    const z = 1.959963984540054
    const centre = (mean + (z * z) / (2 * n)) / (1 + (z * z) / n)
    const half = (z / (1 + (z * z) / n)) * Math.sqrt((mean * (1 - mean)) / n + (z * z) / (4 * n * n))
    return estimate(
      mean,
      { low: Math.max(0, centre - half), high: Math.min(1, centre + half), level: 0.95 },
      'accuracy',
      n,
    )
  }
  const { interval } = bootstrapRatio(
    values.map((v) => ({ numerator: v, denominator: 1 })),
    random,
    level,
    400,
  )
  return estimate(
    mean,
    { low: Math.max(0, interval.low), high: Math.min(1, interval.high), level },
    'accuracy',
    n,
  )
}

function accuracyOf(
  observations: Observations,
  model: ModelAnswers,
  belongs: (fact: number) => boolean,
  random: Random,
): GroupAccuracy {
  const values: number[] = []
  for (let i = 0; i < observations.facts.length; i++)
    if (!Number.isNaN(model.accuracy[i]) && belongs(i)) values.push(model.accuracy[i])
  return { model: model.model, facts: values.length, accuracy: meanAccuracy(values, random) }
}

/** Facts as the largest model's corpus has them, so that none is counted once per corpus. */
function distinctFacts({ facts, models }: Observations): CountedFact[] {
  const largest = models.at(-1)?.model ?? ''
  return facts.filter((fact) => concerns(fact, largest))
}

/** Facts whose object is a substring of their subject: number, and accuracy with and without them. */
export interface LeakReport {
  readonly facts: number
  readonly leaking: readonly GroupAccuracy[]
  readonly others: readonly GroupAccuracy[]
}

export function leakReport(observations: Observations, random: Random): LeakReport {
  const { facts, models } = observations
  return {
    facts: distinctFacts(observations).filter((fact) => fact.leaks).length,
    leaking: models.map((m) =>
      accuracyOf(observations, m, (i) => facts[i].leaks, random.derive(`leaks/${m.model}`)),
    ),
    others: models.map((m) =>
      accuracyOf(observations, m, (i) => !facts[i].leaks, random.derive(`clean/${m.model}`)),
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

export function zeroReport(observations: Observations, random: Random): ZeroReport {
  const { facts, models } = observations
  const distinct = distinctFacts(observations)
  const neverTogether = distinct.filter((fact) => fact.n_so === 0).length
  return {
    neverTogether,
    belowChance: distinct.filter((fact) => fact.miBin === null).length - neverTogether,
    answered: models.map((m) =>
      accuracyOf(
        observations,
        m,
        (i) => facts[i].miBin === null && !facts[i].leaks,
        random.derive(`zero/${m.model}`),
      ),
    ),
  }
}
