import type { CurveEvent, EventCost } from '../events/event.js'
import type { PreparedRun } from '../prepare/prepare.js'

/** FLOPs of one training token per parameter (forward and backward): C = 6 · N · D. */
const FLOPS_PER_PARAMETER = 6

/** Tokens and FLOPs of a number of steps, as far as the log tells. */
export function costOfSteps(prepared: PreparedRun, steps: number): EventCost {
  const { params, flopsPerStep } = prepared.run
  const tokens = prepared.tokensPerStep === undefined ? undefined : prepared.tokensPerStep * steps
  const flops =
    flopsPerStep !== undefined
      ? flopsPerStep * steps
      : tokens !== undefined && params !== undefined
        ? FLOPS_PER_PARAMETER * params * tokens
        : undefined
  return { steps, ...(tokens === undefined ? {} : { tokens }), ...(flops === undefined ? {} : { flops }) }
}

/** Steps that an event made worthless. */
function wastedSteps(event: CurveEvent, prepared: PreparedRun): number | undefined {
  switch (event.code) {
    case 'diverged':
    case 'non-finite':
    case 'not-recovered':
    case 'drift':
    case 'overfitting':
    case 'stuck':
    case 'flat':
      return prepared.lastStep - event.fromStep
    case 'rolled-back':
    case 'resumed':
      return event.toStep - event.fromStep
    case 'slow-recovery':
      return event.toStep - event.fromStep
    default:
      return undefined
  }
}

/** Events whose size is a loss that need not have been. */
const RISES: ReadonlySet<string> = new Set(['diverged', 'not-recovered', 'drift', 'overfitting'])

/** The event with its cost. */
export function withCost(event: CurveEvent, prepared: PreparedRun): CurveEvent {
  const steps = wastedSteps(event, prepared)
  if (steps === undefined || steps <= 0) return event
  const nats = RISES.has(event.code) && event.unit === 'nats/token' ? { nats: event.magnitude } : {}
  return { ...event, cost: { ...costOfSteps(prepared, steps), ...nats } }
}
