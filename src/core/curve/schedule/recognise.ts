import { blockMedians, type Curve } from '../prepare/curve.js'
import { THRESHOLDS as T } from '../thresholds.js'
import {
  fitConstant,
  fitDecay,
  fitExponential,
  fitPower,
  fitSteps,
  fitWsd,
  type RatePoints,
  type ScheduleKind,
  type Shape,
} from './shapes.js'

/** A learning-rate schedule as the log shows it. Steps count from the start of training. */
export interface Schedule {
  readonly kind: ScheduleKind
  /** Steps until the peak is reached; 0 when the first logged rate is the peak. */
  readonly warmupSteps: number
  readonly peak: number
  /** Rate at the last logged step. */
  readonly end: number
  /** Largest difference between the fitted and the logged rate after the peak, as a share of the peak. */
  readonly residual: number
  /** Step from which the rate stays at its floor though steps go on, and the share of the run behind it. */
  readonly flatFrom?: number
  readonly flatShare: number
  /** Share of its way down that the rate still had to go at the last step (0 = finished or no decay). */
  readonly unfinished: number
  /** Step at which the decay would end, where the shape has an end. */
  readonly decayEnd?: number
  /** Rate of the fitted shape, from the peak on. */
  readonly fitted: (step: number) => number
  /** Rate at any step ≥ 0: as logged within the log, as fitted beyond it. */
  readonly rateAt: (step: number) => number
}

const POINTS = 600

function bic(points: RatePoints, shape: Shape, resolution: number): number {
  let squares = 0
  const n = points.step.length
  for (let i = 0; i < n; i++) squares += (points.rate[i] - shape.rate(points.step[i])) ** 2
  // The print's resolution is the least error that a fit can be credited with.
  return n * Math.log(squares / n + resolution ** 2) + shape.parameters * Math.log(n)
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

/** First index at which the rate is within rounding of its largest value. */
function peakIndex(rates: Float64Array, peak: number, resolution: number): number {
  for (let i = 0; i < rates.length; i++) if (rates[i] >= peak - 2 * resolution) return i
  return 0
}

function shapesOf(points: RatePoints): Shape[] {
  return [
    fitConstant(points),
    fitDecay('cosine', points),
    fitDecay('linear', points),
    fitWsd(points),
    fitPower(points, 0.5),
    fitPower(points),
    fitExponential(points),
    fitSteps(points),
  ].filter((s) => s !== undefined)
}

/**
 * A line that still falls where the log ends has no end of its own: any floor fits. It is taken to fall to zero, unless
 * little is left by then (a floor of a few tenths of the peak, reached with the last step, is common).
 */
function throughZero(shape: Shape, last: number): Shape {
  if (shape.kind !== 'linear' || shape.decayEnd === undefined || shape.decayEnd <= last) return shape
  const now = shape.rate(last)
  const slope = shape.rate(last - 1) - now
  if (!(slope > 0)) return shape
  const decayEnd = last + now / slope
  return {
    ...shape,
    decayEnd,
    floor: 0,
    rate: (step) => (step <= last ? shape.rate(step) : Math.max(0, now - slope * (step - last))),
  }
}

function largestResidual(points: RatePoints, shape: Shape, peak: number): number {
  let worst = 0
  for (let i = 0; i < points.step.length; i++)
    worst = Math.max(worst, Math.abs(points.rate[i] - shape.rate(points.step[i])))
  return worst / peak
}

/** From where on the rate no longer moves, when it had fallen before: [step, share of the run]. */
function flatTail(
  curve: Curve,
  peak: number,
  resolution: number,
): { from: number; share: number } | undefined {
  const n = curve.step.length
  const end = curve.value[n - 1]
  if (end > 0.9 * peak) return undefined
  let i = n - 1
  while (i > 0 && Math.abs(curve.value[i - 1] - end) <= Math.max(resolution, 1e-4 * peak)) i--
  const span = curve.step[n - 1] - Math.min(0, curve.step[0])
  return span > 0 ? { from: curve.step[i], share: (curve.step[n - 1] - curve.step[i]) / span } : undefined
}

/**
 * Name the schedule of a logged learning rate: warm-up, then the shape that explains the rest best by BIC, with
 * the print's rounding as the least error. `undefined` for fewer than five rates or rates of zero throughout.
 *
 * @param curve learning rates, ascending steps
 */
export function recogniseSchedule(curve: Curve): Schedule | undefined {
  const n = curve.step.length
  if (n < 5) return undefined
  let peak = 0
  for (const rate of curve.value) if (rate > peak) peak = rate
  if (peak <= 0) return undefined
  const resolution = resolutionOf(curve.value, peak)
  const at = peakIndex(curve.value, peak, resolution)
  const end = curve.value[n - 1]
  const interval = (curve.step[n - 1] - curve.step[0]) / (n - 1)
  const risen = curve.value[0] < 0.9 * peak
  const warmupSteps = risen ? curve.step[at] + (curve.step[0] <= 0 ? 1 : 0) : 0
  const common = { warmupSteps, peak, end }
  const logged = (step: number): number => interpolate(curve, step)
  if (n - at < 4)
    return {
      ...common,
      kind: 'unknown',
      residual: 0,
      flatShare: 0,
      unfinished: 0,
      fitted: logged,
      rateAt: logged,
    }
  const thinned = blockMedians(
    { step: curve.step.slice(at), value: curve.value.slice(at), row: curve.row.slice(at) },
    POINTS,
  )
  const points: RatePoints = { step: thinned.step, rate: thinned.value }
  let best: { shape: Shape; score: number } | undefined
  for (const shape of shapesOf(points)) {
    const score = bic(points, shape, resolution)
    if (Number.isFinite(score) && (best === undefined || score < best.score)) best = { shape, score }
  }
  if (best === undefined)
    return {
      ...common,
      kind: 'other',
      residual: 1,
      flatShare: 0,
      unfinished: 0,
      fitted: logged,
      rateAt: logged,
    }
  const shape = throughZero(best.shape, curve.step[n - 1])
  const residual = largestResidual(points, shape, peak)
  const kind = residual > Math.max(T.goodFit, (3 * resolution) / peak) ? 'other' : shape.kind
  const flat = flatTail(curve, peak, resolution)
  const floor = shape.floor ?? end
  const decays = kind === 'cosine' || kind === 'linear' || (kind === 'wsd' && end < 0.98 * peak)
  const left =
    decays && shape.decayEnd !== undefined && shape.decayEnd > curve.step[n - 1] ? (end - floor) / peak : 0
  const last = curve.step[n - 1]
  return {
    ...common,
    kind,
    residual,
    flatShare: flat === undefined || flat.from >= last - 2 * interval ? 0 : flat.share,
    ...(flat === undefined || flat.from >= last - 2 * interval ? {} : { flatFrom: flat.from }),
    unfinished: left > (kind === 'linear' ? T.finishedLineShare : T.finishedShare) ? left : 0,
    ...(decays && shape.decayEnd !== undefined ? { decayEnd: shape.decayEnd } : {}),
    fitted: shape.rate,
    rateAt: (step) => (step <= last ? logged(step) : kind === 'other' ? end : Math.max(0, shape.rate(step))),
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
