import { median } from '../../stats/quantile.js'
import type { CurveEvent, EventCost } from '../events/event.js'
import type { PreparedRun } from '../prepare/prepare.js'

/** FLOPs of one training token per parameter (forward and backward): C = 6 · N · D. */
const FLOPS_PER_PARAMETER = 6

/** Pairs of rows that are looked at for the usual growth of the count of tokens. */
const PAIRS = 500

/**
 * Tokens per step: as the log says, else the usual growth of its count of tokens between neighbouring rows. The count
 * may go on where a roll-back takes the steps back, so that its ends say too much.
 */
export function tokensPerStep({ run }: PreparedRun): number | undefined {
  if (run.tokensPerStep !== undefined) return run.tokensPerStep
  const { tokens, step } = run
  const stride = Math.max(1, Math.floor(tokens.length / PAIRS))
  const growth: number[] = []
  for (let i = stride; i < tokens.length; i += stride) {
    const [grown, steps] = [tokens[i] - tokens[i - stride], step[i] - step[i - stride]]
    if (steps > 0 && grown > 0) growth.push(grown / steps)
  }
  return growth.length === 0 ? undefined : median(growth)
}

/** Steps' worth of tokens seen before the first row beyond which a run began elsewhere. */
const HEAD_START = 20

/** Whether the count of tokens says that the run goes on from another one, whatever its steps begin with. */
export function isContinued(prepared: PreparedRun): boolean {
  const { tokens, step } = prepared.run
  const each = tokensPerStep(prepared)
  return each !== undefined && tokens.length > 0 && tokens[0] > (step[0] + 1 + HEAD_START) * 2 * each
}

/** Tokens and FLOPs of a number of steps, as far as the log tells. */
export function costOfSteps(prepared: PreparedRun, steps: number): EventCost {
  const { params, flopsPerStep } = prepared.run
  const each = tokensPerStep(prepared)
  const tokens = each === undefined ? undefined : each * steps
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
