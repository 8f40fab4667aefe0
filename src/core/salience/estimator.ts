import type { InnerFold } from './inner-folds.js'
import type { LossTable, SalienceModel } from './loss-table.js'
import type { Profiles } from './profiles.js'
import type { TrainingSpace } from './training-space.js'

/** A function of a model's losses: link(intercept + slope · mean + Σ weight · (loss − mean)). */
export interface LossIndex {
  /** The sigmoid's floor and height; null where the score is the index itself. */
  readonly link: { readonly floor: number; readonly height: number } | null
  readonly intercept: number
  /** On the mean loss, per bit a byte. */
  readonly slope: number
  /** On the centred residual profiles of the training models, from which the weights of spans follow. Shape (train). */
  readonly dual: Float64Array
  /** Beside it, weights on the residual profile of each span, centred likewise; absent where the dual tells all. Shape (spans). */
  readonly spans?: Float64Array
}

/** One capability, fitted on some models at one strength. */
export interface LossFit {
  /** Score of any model of the table, in the unit of the scores. */
  predict(model: number): number
  /** What can be carried to a model outside the table; null where the prediction rests on something else. */
  readonly index: LossIndex | null
}

/** One capability, fitted on some models. */
export interface FittedCapability extends LossFit {
  /** The same method at the same strength on other models. */
  refit(space: TrainingSpace): LossFit
  /** Squared errors over the families that each fold left out, summed. Shape (folds). */
  readonly foldErrors: Float64Array
}

/** What is known of the models beside their scores. */
export interface SalienceData {
  readonly table: LossTable
  readonly profiles: Profiles
  /** Weights of the spans in every sum. Shape (spans). */
  readonly weights: Float64Array
}

/** One way from losses to a score. */
export interface SalienceEstimator {
  /** Permanent, the file's name. */
  readonly id: string
  /**
   * `baseline`: a plain reading, against which salience has to show its worth. `candidate`: may be chosen. `shown`: stands
   * beside them; one more to choose from costs more by chance than it brings (docs/methods/salience.md#skill-on-families-left-out).
   */
  readonly role: 'baseline' | 'candidate' | 'shown'
  readonly source: string
  /** Why it cannot be fitted on these models and so many spans; null where it can. */
  unfit(models: readonly SalienceModel[], spans: number): string | null
  /**
   * @param y score of every model of the table; those outside `space.train` are not read. Shape (models)
   * @param folds the training models less one group of families at a time, to choose a strength by
   */
  fit(
    data: SalienceData,
    space: TrainingSpace,
    y: Float64Array,
    folds: readonly InnerFold[],
  ): FittedCapability
}
