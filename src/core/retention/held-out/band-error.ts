import { dispersionWithin } from '../accuracy/share-interval.js'
import type { BandMean, MeasuredBand } from '../counts/bands.js'
import type { Observations } from '../counts/observations.js'

interface BandSums {
  facts: number
  predicted: number
  sum: number
  sumOfSquares: number
}

/** Observations whose facts stand in frequency bands. */
interface Banded {
  readonly observations: Observations
  /** Frequency band of every fact, −1 outside, shape (facts). */
  readonly band: Int32Array
}

/** Variance of a coin toss; a line that predicts less than 0 or more than 1 has none there. */
const tosses = (p: number): number => Math.max(0, p * (1 - p))

/** Accuracies that models are predicted to have on what they were asked, NaN where none was predicted. Shape (models)(asked). */
export type Predictions = readonly Float64Array[]

/** Band means of one model. */
export function bandMeans(
  { observations, band }: Banded,
  m: number,
  predicted: Float64Array,
): (MeasuredBand | undefined)[] {
  const { accuracy, positions } = observations.models[m]
  const sums: (BandSums | undefined)[] = []
  for (let p = 0; p < predicted.length; p++) {
    const i = positions[p]
    const at = band[i]
    if (at < 0 || Number.isNaN(predicted[p])) continue
    sums[at] ??= { facts: 0, predicted: 0, sum: 0, sumOfSquares: 0 }
    const into = sums[at]
    into.facts++
    into.predicted += predicted[p]
    into.sum += accuracy[i]
    into.sumOfSquares += accuracy[i] ** 2
  }
  const dispersion = dispersionWithin(sums.filter((s) => s !== undefined))
  return Array.from(sums, (s) =>
    s === undefined
      ? undefined
      : {
          facts: s.facts,
          predicted: s.predicted / s.facts,
          measured: s.sum / s.facts,
          variance: (dispersion * tosses(s.predicted / s.facts)) / s.facts,
        },
  )
}

/**
 * Mean over models of Σ_b n_b·|predicted_b − measured_b| / n, with its standard error over facts (delta method: a
 * fact moves its band's difference in every model at once).
 */
export function bandError(
  contest: Banded,
  predictions: Predictions,
  bands: readonly (readonly (BandMean | undefined)[])[],
): { value: number; standardError: number; facts: number } | null {
  const { observations, band } = contest
  const sizes = bands.map((own) => own.reduce((n, b) => n + (b?.facts ?? 0), 0))
  const models = sizes.filter((n) => n > 0).length
  if (models === 0) return null
  const byFact = new Float64Array(observations.facts.length)
  const isIn = new Uint8Array(byFact.length)
  let value = 0
  predictions.forEach((predicted, m) => {
    if (sizes[m] === 0) return
    const own = bands[m]
    const error =
      own.reduce((s, b) => s + (b === undefined ? 0 : b.facts * Math.abs(b.predicted - b.measured)), 0) /
      sizes[m]
    value += error / models
    const { accuracy, positions } = observations.models[m]
    for (let p = 0; p < predicted.length; p++) {
      const i = positions[p]
      const b = band[i] < 0 ? undefined : own[band[i]]
      if (b === undefined || Number.isNaN(predicted[p])) continue
      const moved = Math.sign(b.predicted - b.measured) * (predicted[p] - accuracy[i]) - error
      byFact[i] += moved / (sizes[m] * models)
      isIn[i] = 1
    }
  })
  // A fact that is counted in several corpora is one.
  const influence = new Map<string, number>()
  for (const [i, { fact_id }] of observations.facts.entries())
    if (isIn[i] === 1) influence.set(fact_id, (influence.get(fact_id) ?? 0) + byFact[i])
  let variance = 0
  for (const v of influence.values()) variance += v * v
  return { value, standardError: Math.sqrt(variance), facts: influence.size }
}
