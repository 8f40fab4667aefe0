import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import type { RunJudgement } from '../judgement.js'

/** Plans that differ by less than this share are one. */
const SAME_PLAN = 0.01

/** Whether two runs were planned for other lengths, and log no rate that would tell what that means on the way. */
export function haveOtherPlans(run: RunJudgement, reference: RunJudgement): boolean {
  const [a, b] = [run.run.plannedSteps, reference.run.plannedSteps]
  if (a === undefined || b === undefined) return false
  const isKnown = run.schedule !== undefined && reference.schedule !== undefined
  return !isKnown && Math.abs(a - b) > SAME_PLAN * Math.max(a, b)
}

/** Difference of two independent estimates of one level of confidence. */
function independentDifference(a: Estimate, b: Estimate): Estimate {
  if (a.kind === 'notEstimable') return a
  if (b.kind === 'notEstimable') return b
  const half = Math.hypot(a.interval.high - a.value, b.interval.high - b.value)
  const value = a.value - b.value
  const { level } = a.interval
  return estimate(value, { low: value - half, high: value + half, level }, a.unit, Math.min(a.n, b.n))
}

/** Whether the last evaluation is of the end: before it the loss still falls by the step. */
function endsEvaluated({ prepared }: RunJudgement): boolean {
  const { validation, lastStep, interval } = prepared
  return validation.step[validation.step.length - 1] >= lastStep - interval
}

/**
 * Runs of other plans, whose rates fell at other steps, are held against each other where both are done. Between them
 * nothing can be compared: at one step one of them has annealed further than the other.
 */
export function atBothEnds(run: RunJudgement, reference: RunJudgement): Estimate {
  if (run.prepared.reachedPlan !== true || reference.prepared.reachedPlan !== true)
    return notEstimable(
      `planned for ${run.run.plannedSteps} and ${reference.run.plannedSteps} steps without a logged rate: comparable only at both ends`,
    )
  const validation = independentDifference(run.finalValidationLoss, reference.finalValidationLoss)
  return validation.kind === 'estimate' && endsEvaluated(run) && endsEvaluated(reference)
    ? validation
    : independentDifference(run.finalLoss, reference.finalLoss)
}
