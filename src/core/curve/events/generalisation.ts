import { indexAt } from '../../series/index-at.js'
import { median } from '../../stats/quantile.js'
import type { PreparedRun } from '../prepare/prepare.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { CurveEvent } from './event.js'

/** Training losses on either side of a step whose median is held against a validation loss. */
const REACH = 10

function trainingAt({ finiteLoss }: PreparedRun, step: number): number {
  const i = Math.min(finiteLoss.step.length - 1, indexAt(finiteLoss.step, step))
  return median(finiteLoss.value.slice(Math.max(0, i - REACH), i + REACH + 1))
}

const NOISY_FROM = 6

/** The best validation loss with its neighbours, by median: a small validation set has a lucky evaluation now and then. */
function usualBest(values: Float64Array, best: number): number {
  return values.length < NOISY_FROM || best === 0 ? values[best] : median(values.subarray(best - 1, best + 2))
}

/** The validation loss rises from its best while the training loss goes on falling. */
function overfitEvent(prepared: PreparedRun): CurveEvent | undefined {
  const { validation, finiteLoss } = prepared
  const n = validation.value.length
  if (n < 3 || finiteLoss.step.length < T.leastPoints) return undefined
  let best = 0
  for (let i = 1; i < n; i++) if (validation.value[i] < validation.value[best]) best = i
  const after = validation.value.subarray(best + 1)
  if (after.length === 0) return undefined
  const least = validation.value[best]
  const end =
    after.length === 1
      ? after[0]
      : Math.min(median(after.slice(-3)), Math.max(after[after.length - 1], after[after.length - 2]))
  const rise = end - least
  const last = after[after.length - 1]
  const wanted = Math.max(T.overfitNats, T.overfitShare * least) * (after.length === 1 ? 2 : 1)
  if (rise < wanted || end - usualBest(validation.value, best) < wanted) return undefined
  const trainThen = trainingAt(prepared, validation.step[best])
  const trainNow = trainingAt(prepared, finiteLoss.step[finiteLoss.step.length - 1])
  if (trainNow > trainThen) return undefined
  return {
    code: 'overfitting',
    fromStep: validation.step[best],
    toStep: validation.step[n - 1],
    magnitude: last - least,
    unit: 'nats/token',
    confidence: 'strong',
    text: `the validation loss rises from ${least.toFixed(3)} at step ${validation.step[best]} to ${last.toFixed(3)} while the training loss falls from ${trainThen.toFixed(3)} to ${trainNow.toFixed(3)}`,
    cause: 'the data are seen too often for the size of the model',
    action: `Keep the checkpoint of step ${validation.step[best]}; train on more data or for fewer epochs.`,
  }
}

/** Evaluations before this share of the run say little: the training loss still falls by the step. */
const SETTLED = 0.2

/**
 * The validation loss falls behind the training loss without rising yet: the gap between them has grown since the first
 * fifth of the run. A weak sign of memorising, the last of the order of judgement.
 */
function validationGapEvent(prepared: PreparedRun): CurveEvent | undefined {
  const { validation, finiteLoss, firstStep, lastStep } = prepared
  const n = validation.value.length
  const settled = firstStep + SETTLED * (lastStep - firstStep)
  const first = validation.step.filter((step) => step < settled).length
  if (n - first < 3 || finiteLoss.step.length < T.leastPoints || prepared.fragment) return undefined
  const gapAt = (i: number): number => validation.value[i] - trainingAt(prepared, validation.step[i])
  const then = gapAt(first)
  const now = median([gapAt(n - 1), gapAt(n - 2), gapAt(n - 3)])
  const grown = now - then
  if (grown < Math.max(T.gapNats, T.gapShare * validation.value[n - 1]) || now <= 0) return undefined
  return {
    code: 'validation-gap',
    fromStep: validation.step[first],
    toStep: validation.step[n - 1],
    magnitude: grown,
    unit: 'nats/token',
    confidence: 'weak',
    text: `the validation loss falls behind the training loss: ${then.toFixed(2)} above it at step ${validation.step[first]}, ${now.toFixed(2)} at the end`,
    cause: 'the training data begin to be memorised',
    action: 'Watch the validation loss for its turn; more data, or fewer epochs.',
  }
}

/** What the validation loss says of the training loss: it has turned, or it falls behind. */
export function generalisationEvent(prepared: PreparedRun): CurveEvent | undefined {
  return overfitEvent(prepared) ?? validationGapEvent(prepared)
}
