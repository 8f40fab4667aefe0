import { DEFAULT_LEVEL, type Estimate } from '../estimate.js'
import type { EvaluationRow } from '../evidence/evaluations.js'
import { type Decisions, decisionAccuracy } from './decision-accuracy.js'
import { monotonicity } from './monotonicity.js'
import { benchmarkNoise, benchmarkSignal, signalToNoise } from './noise.js'
import { taskRuns } from './runs.js'

/** Checkpoints at the end of a run that its noise is of. */
export const LAST_CHECKPOINTS = 5

/** What a task, in one metric, can tell apart. */
export interface TaskSignal {
  readonly task: string
  readonly metric: string
  readonly models: number
  /** Spread of the models' final scores over their mean. */
  readonly signal: Estimate
  /** Spread of a run's last checkpoints over their mean. */
  readonly noise: Estimate
  readonly snr: Estimate
  /** Share of pairs of recipes that small models order as large ones do. */
  readonly decisionAccuracy: Estimate
  readonly decisions: readonly Decisions[]
  readonly monotonicity: Estimate
  readonly over: 'checkpoints' | 'compute'
}

/** How tasks are judged. */
export interface TaskSignalOptions {
  readonly level?: number
  readonly last?: number
}

/** Every task and metric of a table of evaluations, the highest signal-to-noise ratio first. */
export function taskSignals(
  rows: readonly EvaluationRow[],
  { level = DEFAULT_LEVEL, last = LAST_CHECKPOINTS }: TaskSignalOptions = {},
): TaskSignal[] {
  const found = taskRuns(rows).map((own): TaskSignal => {
    const noise = benchmarkNoise(own.runs, last, level)
    const signal = benchmarkSignal(own.runs, noise, level)
    const decided = decisionAccuracy(own, level)
    const rising = monotonicity(own, level)
    return {
      task: own.task,
      metric: own.metric,
      models: own.runs.length,
      signal,
      noise,
      snr: signalToNoise(signal, noise),
      decisionAccuracy: decided.estimate,
      decisions: decided.decisions,
      monotonicity: rising.estimate,
      over: rising.over,
    }
  })
  const rankOf = ({ snr, signal }: TaskSignal): number =>
    snr.kind === 'estimate' ? snr.value : signal.kind === 'estimate' ? signal.value - 1e9 : -1e10
  return found.sort((x, y) => rankOf(y) - rankOf(x))
}
