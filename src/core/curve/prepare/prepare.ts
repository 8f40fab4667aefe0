import type { TrainingRun } from '../../evidence/index.js'
import { blockMedians } from '../../series/block-medians.js'
import { type Curve, finite } from '../../series/curve.js'
import { THRESHOLDS as T } from '../thresholds.js'
import { type Extent, extentOf } from './extent.js'
import { lastWrites, type Restart } from './last-writes.js'
import { trainingLosses, validationLosses } from './losses.js'
import { gradientNorms, withoutZeros } from './norms.js'
import { type Progress, progressOf } from './progress.js'

/** A run made ready for judging: each quantity as a curve of last writes. */
export interface PreparedRun extends Extent, Progress {
  readonly run: TrainingRun
  /** Training loss with NaN where the log gives none that is finite, and its finite points. */
  readonly loss: Curve
  readonly finiteLoss: Curve
  /** Finite validation losses, and all of them: NaN where an evaluation gave a value that is not finite. */
  readonly validation: Curve
  readonly allValidation: Curve
  /** The losses that are judged: those of training, or of validation where there are no others. */
  readonly judged: {
    readonly isValidation: boolean
    readonly curve: Curve
    /** With NaN where the log gives a value that is not finite. */
    readonly all: Curve
    /** Medians of blocks, at most 20,000 of them: the curve itself where it is no longer. */
    readonly points: Curve
  }
  /** Finite gradient norms, and where the log gives one that is not finite: NaN there. */
  readonly gradNorm: Curve
  readonly allGradNorm: Curve
  readonly learningRate: Curve
  readonly seconds: Curve
  readonly restarts: readonly Restart[]
}

const MOST_POINTS = 20_000

export function prepare(run: TrainingRun): PreparedRun {
  const training = trainingLosses(run)
  const evaluations = validationLosses(run)
  const allNorms = gradientNorms(run)
  const { curve: loss, restarts } = lastWrites(run, training.values, training.bad)
  const { curve: allValidation, restarts: validationRestarts } = lastWrites(
    run,
    evaluations.values,
    evaluations.bad,
  )
  const norms = lastWrites(run, run.gradNorm).curve
  const allGradNorm = allNorms.bad.length === 0 ? norms : lastWrites(run, allNorms.values, allNorms.bad).curve
  const learningRate = lastWrites(run, run.learningRate).curve
  const seconds = lastWrites(run, run.seconds).curve
  const finiteLoss = finite(loss)
  const validation = finite(allValidation)
  const gradNorm = withoutZeros(norms)
  const isValidation =
    finiteLoss.step.length < T.leastPoints && validation.step.length > finiteLoss.step.length
  const curve = isValidation ? validation : finiteLoss
  const extent = extentOf(loss.step.length > 0 ? loss : allValidation, allValidation)
  return {
    run,
    loss,
    finiteLoss,
    validation,
    allValidation,
    judged: {
      isValidation,
      curve,
      all: isValidation ? allValidation : loss,
      points: blockMedians(curve, MOST_POINTS),
    },
    gradNorm,
    allGradNorm,
    learningRate,
    seconds,
    restarts: loss.step.length > 0 ? restarts : validationRestarts,
    ...extent,
    ...progressOf(run, extent),
  }
}
