import type { Curve } from '../../series/curve.js'
import { mean, variance } from '../../stats/moments.js'
import { median } from '../../stats/quantile.js'
import type { PreparedRun } from '../prepare/prepare.js'
import type { Schedule } from '../schedule/recognise.js'
import { THRESHOLDS as T } from '../thresholds.js'
import { raisedRate } from './ends.js'
import type { CurveEvent } from './event.js'

/** Evaluations behind the best one, each higher than the one before it. */
const LEAST_RISES = 3
/** Blocks of training losses whose means tell the error of their mean: neighbours are not independent. */
const BLOCKS = 10

/** Mean of losses and the variance of its error, by blocks; undefined for too few. */
function levelOf(losses: Float64Array): { mean: number; variance: number } | undefined {
  const size = Math.floor(losses.length / BLOCKS)
  if (size === 0) return undefined
  const blocks = Array.from({ length: BLOCKS }, (_, b) => mean(losses.subarray(b * size, (b + 1) * size)))
  return { mean: mean(blocks), variance: variance(blocks) / BLOCKS }
}

/**
 * How far the training loss stands higher at the end than about a step, and that over its standard error: losses within
 * a distance of the step against as many steps before the end.
 */
function riseOf({ step, value }: Curve, at: number, reach: number): { nats: number; z: number } | undefined {
  const last = step[step.length - 1]
  const before = levelOf(value.filter((_, i) => Math.abs(step[i] - at) <= reach))
  const after = levelOf(value.filter((_, i) => step[i] > last - 2 * reach))
  if (before === undefined || after === undefined) return undefined
  const nats = after.mean - before.mean
  return { nats, z: nats / Math.sqrt(before.variance + after.variance) }
}

/**
 * A run that grows worse little by little: the validation loss is higher at each evaluation behind its best, and the
 * training loss does not fall with it either (falling, it would be over-fitting). Neither sign says much by itself; the
 * event is weak, unless the rise of the training loss is beyond its noise, too.
 */
export function regressionEvent(
  { validation, finiteLoss }: PreparedRun,
  schedule: Schedule | undefined,
): CurveEvent | undefined {
  const { step, value } = validation
  const n = value.length
  let best = n - 1
  while (best > 0 && value[best - 1] < value[best]) best--
  if (n - 1 - best < LEAST_RISES || value.some((v) => v < value[best])) return undefined
  const rise = value[n - 1] - value[best]
  if (rise < T.regressedNats || raisedRate(schedule, step[best], step[n - 1])) return undefined
  const spacing = median(step.slice(best + 1).map((s, i) => s - step[best + i]))
  const training = riseOf(finiteLoss, step[best], spacing)
  if (training === undefined || training.nats <= 0) return undefined
  return {
    code: 'drift',
    fromStep: step[best],
    toStep: step[n - 1],
    magnitude: rise,
    unit: 'nats/token',
    confidence: training.z >= T.regressedDeviations ? 'moderate' : 'weak',
    text: `the validation loss rises at each of ${n - 1 - best} evaluations, from ${value[best].toFixed(3)} at step ${step[best]} to ${value[n - 1].toFixed(3)}, and the training loss with it (+${training.nats.toFixed(3)})`,
    cause: 'a resume that lost the state of the optimiser or of the data, or other data from there on',
    action: `Hold the run against its checkpoint at step ${step[best]}; resume from there with optimiser, schedule and data order restored.`,
  }
}
