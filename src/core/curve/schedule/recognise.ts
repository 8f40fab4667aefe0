import type { DecayKind } from '../../evidence/index.js'
import { blockMedians } from '../../series/block-medians.js'
import type { Curve } from '../../series/curve.js'
import { THRESHOLDS as T } from '../thresholds.js'
import { bestShape } from './best-shape.js'
import { flatTail } from './flat-tail.js'
import { loggedRates } from './logged-rates.js'
import { candidateShapes, type ScheduleKind } from './shapes.js'

/** A learning-rate schedule as the log shows it. Steps count from the start of training. */
export interface Schedule {
  readonly kind: ScheduleKind
  /** How it goes down behind its plateau, where that has begun. */
  readonly decay?: DecayKind
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

/** Points that shapes are fitted to, and the fewest from the peak on that tell a shape. */
const POINTS = 600
const LEAST_POINTS = 4

/**
 * Name the schedule of a logged learning rate: warm-up, then the shape that explains the rest best by BIC, with
 * the print's rounding as the least error. `undefined` for fewer than five rates or none above zero (whyNoRates tells which).
 *
 * @param curve learning rates, ascending steps
 */
export function recogniseSchedule(curve: Curve): Schedule | undefined {
  const logged = loggedRates(curve)
  if (logged === undefined) return undefined
  const { peak, peakIndex, warmupSteps, end, resolution } = logged
  const common = { warmupSteps, peak, end, flatShare: 0, unfinished: 0 }
  const asLogged = { ...common, fitted: logged.rateAt, rateAt: logged.rateAt }
  const step = curve.step.subarray(peakIndex)
  if (step.length < LEAST_POINTS) return { ...asLogged, kind: 'unknown', residual: 0 }
  const fromPeak = { step, value: curve.value.subarray(peakIndex) }
  const thinned = blockMedians(fromPeak, POINTS)
  const points = { step: thinned.step, rate: thinned.value }
  const found = bestShape(candidateShapes(points), points, logged)
  if (found === undefined) return { ...asLogged, kind: 'other', residual: 1 }
  const { shape, residual } = found
  const kind = residual > Math.max(T.goodFit, (3 * resolution) / peak) ? 'other' : shape.kind
  const flat = flatTail(logged)
  const floor = shape.floor ?? end
  const last = step[step.length - 1]
  const decays = kind === 'cosine' || kind === 'linear' || (kind === 'wsd' && end < 0.98 * peak)
  const decayEnd = decays ? shape.decayEnd : undefined
  const left = decayEnd !== undefined && decayEnd > last ? (end - floor) / peak : 0
  return {
    ...common,
    kind,
    ...(kind === 'wsd' && shape.decay !== undefined ? { decay: shape.decay } : {}),
    residual,
    ...(flat === undefined ? {} : { flatFrom: flat.from, flatShare: flat.share }),
    unfinished: left > (kind === 'linear' ? T.finishedLineShare : T.finishedShare) ? left : 0,
    ...(decayEnd === undefined ? {} : { decayEnd }),
    fitted: shape.rate,
    rateAt: (at) => (at <= last ? logged.rateAt(at) : kind === 'other' ? end : Math.max(0, shape.rate(at))),
  }
}
