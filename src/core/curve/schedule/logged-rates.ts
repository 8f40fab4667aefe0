import type { Curve } from '../../series/curve.js'

/** A logged learning rate with its peak. */
export interface LoggedRates {
  readonly curve: Curve
  readonly peak: number
  /** Index of the first rate within rounding of the peak. */
  readonly peakIndex: number
  /** Rounding of the print. */
  readonly resolution: number
  /** Steps until the peak is reached; 0 when the first logged rate is the peak. */
  readonly warmupSteps: number
  /** Rate at the last logged step. */
  readonly end: number
  /** Between two logged steps along a line, beyond them the nearest. */
  readonly rateAt: (step: number) => number
}

/** The fewest rates that tell a schedule. */
export const LEAST_RATES = 5

/** Why the rates of a log tell no schedule. */
export type NoRates = 'not-logged' | 'too-few-rates' | 'zero-rates' | 'negative-rates'

/** What is amiss with a log's rates, so that they tell no schedule; undefined where they may. */
export function whyNoRates({ value }: Curve): NoRates | undefined {
  if (value.length === 0) return 'not-logged'
  if (value.length < LEAST_RATES) return 'too-few-rates'
  if (value.some((rate) => rate > 0)) return undefined
  return value.some((rate) => rate < 0) ? 'negative-rates' : 'zero-rates'
}

/** Rounding of the printed rates: half the smallest difference between neighbours, at least 1e-5 of the peak. */
function resolutionOf(rates: Float64Array, peak: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < rates.length; i++) {
    const d = Math.abs(rates[i] - rates[i - 1])
    if (d > 1e-7 * peak && d < least) least = d
  }
  return Math.max(1e-5 * peak, Number.isFinite(least) ? Math.min(least / 2, 1e-3 * peak) : 0)
}

/** Undefined for the reasons of whyNoRates: fewer than five rates, or none above zero. */
export function loggedRates(curve: Curve): LoggedRates | undefined {
  if (whyNoRates(curve) !== undefined) return undefined
  const { step, value } = curve
  const n = step.length
  let peak = 0
  for (const rate of value) if (rate > peak) peak = rate
  const resolution = resolutionOf(value, peak)
  const peakIndex = Math.max(
    0,
    value.findIndex((rate) => rate >= peak - 2 * resolution),
  )
  const hasWarmup = value[0] < 0.9 * peak
  return {
    curve,
    peak,
    peakIndex,
    resolution,
    warmupSteps: hasWarmup ? step[peakIndex] + (step[0] <= 0 ? 1 : 0) : 0,
    end: value[n - 1],
    rateAt: (at) => interpolate(curve, at),
  }
}

function interpolate(curve: Curve, step: number): number {
  const n = curve.step.length
  if (step <= curve.step[0]) return curve.value[0]
  if (step >= curve.step[n - 1]) return curve.value[n - 1]
  let low = 0
  let high = n - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (curve.step[middle] <= step) low = middle
    else high = middle
  }
  const share = (step - curve.step[low]) / (curve.step[high] - curve.step[low])
  return curve.value[low] + share * (curve.value[high] - curve.value[low])
}
