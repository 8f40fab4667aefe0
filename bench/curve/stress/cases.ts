import type { CurveVerdict, EventCode, TrainingRun } from '../../../src/core/index.js'

/** What must have been named, and where. */
export interface ExpectedEvent {
  readonly codes: readonly EventCode[]
  readonly step: number
  readonly tolerance: number
}

/** A run of known truth: what an expert would accept as its verdict. */
export interface StressCase {
  readonly kind: string
  readonly name: string
  readonly run: TrainingRun
  readonly accepted: readonly CurveVerdict[]
  readonly event?: ExpectedEvent
}

export const HEALTHY: readonly CurveVerdict[] = ['healthy', 'healthy-with-spikes']
