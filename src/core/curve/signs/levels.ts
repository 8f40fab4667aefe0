import type { Curve } from '../../series/curve.js'
import { quantile, quantileSorted, robustDeviation } from '../../stats/quantile.js'

/** A robust smooth of a loss: trailing medians, with how much they scatter by themselves. */
export interface Levels {
  readonly step: Float64Array
  readonly level: Float64Array
  /** Values per median. */
  readonly window: number
  /** Levels that share a value with one another: levels per window. */
  readonly overlap: number
  /** Standard deviation of a level about its neighbours, robust: the noise of the smooth. */
  readonly noise: number
  /** Standard deviation of single values about the smooth, robust. */
  readonly scatter: number
}

const LEAST_WINDOW = 5
/** Below this many values a window of three is all that the log can spare. */
const SHORT_LOG = 20
const SHARE = 0.01
/** Levels per window: enough to see an onset, few enough for millions of steps. */
const STRIDES = 8

/**
 * Trailing medians over 1 % of the run, five values at least (docs/methods/curve.md#levels-and-noise: medians over 1–2
 * % of the run keep the end gap of healthy runs within .02 nats, raw step losses reach .46).
 * @param points losses, thinned to some ten thousands: every level sorts its window
 */
export function levelsOf(points: Curve): Levels {
  const n = points.step.length
  const window = Math.min(n, Math.max(n < SHORT_LOG ? 3 : LEAST_WINDOW, Math.round(SHARE * n)))
  const stride = Math.max(1, Math.floor(window / STRIDES))
  const steps: number[] = []
  const levels: number[] = []
  for (let end = n; end >= Math.min(window, n); end -= stride) {
    steps.push(points.step[end - 1])
    levels.push(quantileSorted(points.value.slice(end - window, end).sort(), 0.5))
  }
  const step = Float64Array.from(steps).reverse()
  const level = Float64Array.from(levels).reverse()
  return {
    step,
    level,
    window,
    overlap: window / stride,
    noise: noiseOf(level, Math.max(1, Math.round(window / stride))),
    scatter: scatterOf(points),
  }
}

/** Robust deviation of second differences a window apart over the later half: trend and slow bends cancel. */
function noiseOf(level: Float64Array, apart: number): number {
  const differences: number[] = []
  for (let i = Math.max(2 * apart, level.length >> 1); i < level.length; i++)
    differences.push(level[i] - 2 * level[i - apart] + level[i - 2 * apart])
  if (differences.length < 3) return 0
  return robustDeviation(differences, 0) / Math.sqrt(6)
}

const SEGMENTS = 8
const LEAST_SEGMENT = 8

/**
 * Robust deviation of single values by second differences, Var(x₁ − 2x₂ + x₃) = 6σ²: lower quartile over the
 * segments behind the first eighth, so that a broken stretch does not widen its own threshold. 0 when the log is too
 * short to tell.
 */
function scatterOf(curve: Curve): number {
  const { value } = curve
  const size = Math.max(LEAST_SEGMENT, Math.floor(value.length / SEGMENTS))
  const found: number[] = []
  for (let from = Math.floor(value.length / SEGMENTS); from + size <= value.length; from += size) {
    const differences: number[] = []
    for (let i = from + 2; i < from + size; i++) differences.push(value[i] - 2 * value[i - 1] + value[i - 2])
    found.push(robustDeviation(differences, 0) / Math.sqrt(6))
  }
  return found.length < 2 ? 0 : quantile(found, 0.25)
}
