import type { Estimate } from '../../estimate.js'
import type { FitWarning } from '../identifiability.js'
import type { BackTestSummary } from './back-test-summary.js'
import type { Curve } from './curve.js'
import type { Target } from './point.js'
import type { Sharpening } from './sharpen.js'
import type { Benchmark } from './usable.js'

/** What one form made of a benchmark. */
export interface FormReport {
  readonly form: string
  readonly title: string
  readonly equation: string
  /** By name; those of a second stage follow those of the first. Empty when the form was refused. */
  readonly parameters: Readonly<Record<string, number>>
  readonly converged: boolean
  /** Share in the averaged forecast; 0 for forms that are shown for comparison. */
  readonly weight: number
  /** Accuracy at the target; null when refused. */
  readonly accuracy: number | null
  readonly backTestError: number | null
  readonly warnings: readonly FitWarning[]
  readonly refusal: string | null
}

/** What a benchmark is expected to score, with everything that the expectation rests on. */
export interface Prediction {
  readonly kind: 'prediction'
  readonly benchmark: Benchmark
  readonly target: Target
  readonly accuracy: Estimate
  /** `average`, or the id of the only form that could be used. */
  readonly form: string
  /** Why this form, in words. */
  readonly why: string
  readonly chanceNormalised: boolean
  /** Distinct runs among the fitted points. */
  readonly usedRuns: number
  readonly baseline: number
  readonly backTest: BackTestSummary
  /** Compute of the target over that of the largest fitted run. */
  readonly extrapolation: number
  /** Standard deviations by part: `Spread` in u where the family's own laws speak, else `FamilySpread`. */
  readonly spread: Readonly<Record<string, number>>
  /** Factor of the calibration on the rolling back-test. */
  readonly widening: number
  readonly forms: readonly FormReport[]
  readonly curve: Curve
  readonly sharpening: readonly Sharpening[]
  readonly warnings: readonly string[]
}

/** A benchmark that was not forecast, with the reason. */
export interface Abstention {
  readonly kind: 'abstention'
  readonly benchmark: Benchmark
  readonly reason: string
  readonly forms: readonly FormReport[]
}
