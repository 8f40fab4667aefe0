import type { TrainingRun } from '../../evidence/index.js'
import { median } from '../../stats/quantile.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { Extent } from './extent.js'

/** How far a run has come, by its own account. */
export interface Progress {
  readonly tokensPerStep: number | undefined
  /** The count of tokens says that the run goes on from another one, whatever its steps begin with. */
  readonly isContinued: boolean
  /** Whether the trainer reached what it had planned; undefined when the log does not tell. */
  readonly reachedPlan: boolean | undefined
  /** The trainer said that it finished. */
  readonly saysCompleted: boolean
  /** Losses without which the run is not judged: fewer for one that reached its end. */
  readonly leastLosses: number
}

/** Pairs of rows that are looked at for the usual growth of the count of tokens. */
const PAIRS = 500

/**
 * Tokens per step: as the log says, else the usual growth of its count of tokens between neighbouring rows. The count
 * may go on where a roll-back takes the steps back, so that its ends say too much.
 */
function tokensPerStepOf(run: TrainingRun): number | undefined {
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

export function progressOf(run: TrainingRun, { lastStep, interval }: Extent): Progress {
  const { tokens, step, plannedSteps } = run
  const tokensPerStep = tokensPerStepOf(run)
  const reachedPlan =
    plannedSteps === undefined
      ? undefined
      : Math.max(lastStep, run.reachedStep ?? 0) + 1 + 2 * interval >= plannedSteps * (1 - T.truncatedShare)
  const saysCompleted = run.notes.some((note) => note.code === 'completed')
  return {
    tokensPerStep,
    isContinued:
      tokensPerStep !== undefined &&
      tokens.length > 0 &&
      tokens[0] > (step[0] + 1 + HEAD_START) * 2 * tokensPerStep,
    reachedPlan,
    saysCompleted,
    leastLosses: reachedPlan === true || saysCompleted ? T.leastPointsComplete : T.leastPoints,
  }
}
