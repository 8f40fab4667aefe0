import { blockMedians, type Curve } from '../prepare/curve.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import { annealing, fitLaw, LAMBDAS, type Law, type LawPoints, lawValue, residualsOf } from './law.js'

/**
 * A law fitted to a run, with what is needed to evaluate it at any step.
 *
 * Drift from the law is a finding against a reference's law (reference.ts) and
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

const POINTS = 400
const LEAST_POINTS = 16
/** The first 1,000 steps are not fitted; short runs leave out a tenth. */
const SKIPPED_STEPS = 1000
const SKIPPED_SHARE = 0.1

/** Rates and peak of a run: as logged, or 1 a step when the log tells none (S1 then counts steps). */
export function ratesOf(
  schedule: Schedule | undefined,
  scale?: number,
): { rateAt: (step: number) => number; peakStep: number; known: boolean } {
  if (schedule === undefined || schedule.kind === 'unknown')
    return { rateAt: () => 1, peakStep: 0, known: false }
  // Rates relative to the peak keep S1 and S2 of order one a step, whatever the optimiser's scale.
  return {
    rateAt: (step) => schedule.rateAt(step) / (scale ?? schedule.peak),
    peakStep: schedule.warmupSteps,
    known: true,
  }
}

/** Smoothed losses of a run with S1 and S2 there: what every fit of its law starts from. */
export interface LawGround {
  readonly smooth: Curve
  readonly points: LawPoints
  readonly learningRate: boolean
  /** Index of the first point that is fitted. */
  readonly from: number
}

function part(points: LawPoints, from: number, to: number): LawPoints {
  return {
    loss: points.loss.subarray(from, to),
    s1: points.s1.subarray(from, to),
    s2: points.s2.map((s) => s.subarray(from, to)),
  }
}

function skippedSteps(prepared: PreparedRun, schedule: Schedule | undefined): number {
  const span = prepared.lastStep - Math.min(0, prepared.firstStep)
  return Math.max(
    Math.min(SKIPPED_STEPS, SKIPPED_SHARE * span),
    Math.min(schedule?.warmupSteps ?? 0, 0.3 * span),
  )
}

/** Undefined for fewer than sixteen losses and for excerpts, of which S1 is not known. */
export function lawGround(prepared: PreparedRun, schedule: Schedule | undefined): LawGround | undefined {
  const curve = prepared.finiteLoss.step.length >= LEAST_POINTS ? prepared.finiteLoss : prepared.validation
  if (curve.step.length < LEAST_POINTS || prepared.fragment) return undefined
  const smooth = blockMedians(curve, POINTS)
  const { rateAt, peakStep, known } = ratesOf(schedule)
  const { s1, s2 } = annealing(rateAt, peakStep, smooth.step)
  const skip = skippedSteps(prepared, schedule)
  let from = 0
  while (from < smooth.step.length && smooth.step[from] < skip) from++
  return { smooth, points: { loss: smooth.value, s1, s2 }, learningRate: known, from }
}

/** Fit the law to a run's smoothed losses up to a step (default: all). */
export function fitRunLaw(ground: LawGround, upTo: number = Number.POSITIVE_INFINITY): FittedLaw | undefined {
  const { smooth, points, from } = ground
  let to = smooth.step.length
  while (to > from && smooth.step[to - 1] > upTo) to--
  const law = fitLaw(part(points, from, to), ground.learningRate)
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

/** The law at given steps of a (possibly other) schedule; `scale` is the peak rate of the run that the law is of. */
export function expectedAt(
  law: Law,
  schedule: Schedule | undefined,
  steps: Float64Array,
  scale?: number,
): Float64Array {
  const { rateAt, peakStep } = ratesOf(schedule, scale)
  const { s1, s2 } = annealing(rateAt, peakStep, steps)
  const chosen = s2[Math.max(0, LAMBDAS.indexOf(law.lambda as (typeof LAMBDAS)[number]))]
  return steps.map((_, i) => lawValue(law, s1[i], chosen[i]))
}
