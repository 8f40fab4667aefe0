import type { PlannedRates } from '../schedule/planned-rates.js'
import { annealing } from './annealing.js'
import { fitLaw } from './fit-law.js'
import type { LawGround } from './ground.js'
import { annealedBy, type Law, type LawPoints, lawValue, residualsOf } from './law.js'

/**
 * A law fitted to a run, with what is needed to evaluate it at any step.
 *
 * Drift from the law is a finding against a reference's law (compare/reference.ts) and
 * behind a spike (lasting-rise.ts), not of a run against its own law: fitted on the first half, that misses the rest by
 * .29 nats in the median (docs/validation/curve.md), so that its residual is no evidence.
 */
export interface FittedLaw {
  readonly law: Law
  /** Smoothed losses that were fitted or could have been, and the law there. */
  readonly step: Float64Array
  readonly level: Float64Array
  readonly expected: Float64Array
  /** First step that entered the fit. */
  readonly fromStep: number
}

function part(points: LawPoints, from: number, to: number): LawPoints {
  return {
    loss: points.loss.subarray(from, to),
    s1: points.s1.subarray(from, to),
    s2: points.s2.map((s) => s.subarray(from, to)),
  }
}

/** Fit the law to a run's smoothed losses up to a step (default: all). */
export function fitRunLaw(ground: LawGround, upTo: number = Number.POSITIVE_INFINITY): FittedLaw | undefined {
  const { smooth, points, from } = ground
  let to = smooth.step.length
  while (to > from && smooth.step[to - 1] > upTo) to--
  const law = fitLaw(part(points, from, to), ground.rates.known)
  if (law === undefined) return undefined
  const residuals = residualsOf(law, points)
  return {
    law,
    step: smooth.step,
    level: smooth.value,
    expected: smooth.value.map((v, i) => v - residuals[i]),
    fromStep: smooth.step[from] ?? 0,
  }
}

/** The law at given steps of a (possibly other) course of rates, in the scale of the run that the law is of. */
export function expectedAt(
  law: Law,
  { rateAt, peakStep }: Pick<PlannedRates, 'rateAt' | 'peakStep'>,
  steps: Float64Array,
): Float64Array {
  const { s1, s2 } = annealing(rateAt, peakStep, steps)
  const annealed = annealedBy(law, s2)
  return steps.map((_, i) => lawValue(law, s1[i], annealed[i]))
}
