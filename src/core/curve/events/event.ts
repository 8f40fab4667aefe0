import type { Estimate } from '../../estimate.js'

/** What can be said of a run as a whole; precedence in verdict.ts. */
export type CurveVerdict =
  | 'healthy'
  | 'healthy-with-spikes'
  | 'degraded'
  | 'spiked-not-recovered'
  | 'diverged'
  | 'rolled-back'
  | 'stuck'
  | 'overfitting'
  | 'truncated'
  | 'schedule-mismatch'
  | 'flat'
  | 'not-enough-data'

/** Things that happen to a run. Codes are permanent. */
export type EventCode =
  | 'non-finite'
  | 'diverged'
  | 'rolled-back'
  | 'resumed'
  | 'spike'
  | 'minor-spike'
  | 'slow-recovery'
  | 'not-recovered'
  | 'drift'
  | 'degraded'
  | 'stuck'
  | 'flat'
  | 'overfitting'
  | 'truncated'
  | 'schedule-mismatch'
  | 'no-warmup'
  | 'gradient-growth'
  | 'gradient-outliers'
  | 'gradient-non-finite'
  | 'validation-gap'
  | 'skipped-steps'
  | 'unusual-unit'
  | 'not-enough-data'

/** How sure an event is: `weak` signs warn and never change a verdict by themselves. */
export type Confidence = 'strong' | 'moderate' | 'weak'

/** What an event cost, as far as the log tells. */
export interface EventCost {
  readonly steps?: number
  readonly tokens?: number
  readonly flops?: number
  readonly nats?: number
}

/** Something that happened to a run, with its steps, its size and what most likely caused it. */
export interface CurveEvent {
  readonly code: EventCode
  readonly fromStep: number
  readonly toStep: number
  readonly magnitude: number
  readonly unit: string
  readonly confidence: Confidence
  /** One sentence for people. */
  readonly text: string
  readonly cause?: string
  readonly action?: string
  readonly cost?: EventCost
  /** The magnitude with its interval, where it was estimated and not read off. */
  readonly size?: Estimate
}
