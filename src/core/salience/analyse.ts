import { type Estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random/index.js'
import { counted } from '../text/counted.js'
import { CHOSEN, FEWEST_MODELS, fitAll, PLAIN } from './choose.js'
import type { FittedCapability, SalienceData, SalienceEstimator } from './estimator.js'
import { SALIENCE_ESTIMATORS } from './estimators/index.js'
import { innerFolds } from './inner-folds.js'
import {
  explainedVariance,
  type FamilyLeftOut,
  familiesLeftOut,
  type LeftOut,
  predictLeftOut,
} from './left-out.js'
import { type LossTable, spanWeights } from './loss-table.js'
import { PairTally } from './pairs.js'
import { type PermutationNull, permutationNull } from './permutation.js'
import { profilesOf } from './profiles.js'
import { type SkillAt, skillAt } from './skill-at.js'
import { type TrainingSpace, trainingSpace } from './training-space.js'

/** The answer where nothing can be judged. */
const FALLBACK = 'mean-sigmoid'
const COMPUTE = 'log-compute'

/** Scores of one capability, in the table's order of models; NaN where a model has none. */
export interface CapabilityInput {
  readonly name: string
  readonly y: Float64Array
  /** Scores were taken as natural logarithms (perplexities). */
  readonly isLog: boolean
  readonly lowerIsBetter: boolean
}

export interface MethodSkill {
  readonly method: string
  readonly explainedVariance: Estimate
  /** Share of pairs of models in the right order, and of those pairs whose mean losses nearly tie. */
  readonly pairwise: number | null
  readonly nearTies: number | null
}

/** What was found out about one capability. */
export interface CapabilityResult {
  readonly input: CapabilityInput
  readonly models: readonly number[]
  readonly families: number
  readonly skill: readonly MethodSkill[]
  /** Methods that could not be fitted, with the reason. */
  readonly unfit: readonly { readonly method: string; readonly reason: string }[]
  /** What models are read with: a salience where its gain over the plain loss is shown, else a reading of the mean. */
  readonly chosen: string
  /**
   * The choice, made anew without each family in turn, that tells what `chosen` is worth: the method that is best with
   * all families known looks better on these than it is on others.
   */
  readonly judgedBy: typeof CHOSEN | typeof PLAIN
  readonly gainOverMean: Estimate
  /** null where no permutations were asked for, or no gain can be told. */
  readonly permutationNull: PermutationNull | null
  /** The same choice's gain over parameters times tokens; null where these are not known of every model. */
  readonly gainOverCompute: Estimate | null
  readonly leftOut: LeftOut | null
  /** The chosen method, fitted on every model. */
  readonly fitted: FittedCapability
  readonly space: TrainingSpace
  readonly skillAt: readonly SkillAt[]
}

export interface SalienceRequest {
  readonly level: number
  /** Numbers of known models to tell the skill at, and how many draws each. */
  readonly skillAt: readonly number[]
  readonly repeats: number
  /** Permutations of the scores to hold the gain against; none, where absent. */
  readonly permutations?: number
  /** Readings to fit; all, where absent. */
  readonly estimators?: readonly SalienceEstimator[]
}

/** Models and weights as the estimators take them. */
export function salienceData(table: LossTable): SalienceData {
  const weights = spanWeights(table.spans)
  return { table, weights, profiles: profilesOf(table.losses, weights) }
}

/** The models that have a score of each capability differ or not; those that do not share their turns. */
export function analyseCapabilities(
  data: SalienceData,
  inputs: readonly CapabilityInput[],
  request: SalienceRequest,
  random: Random,
  progress: (done: number) => void = () => {},
): CapabilityResult[] {
  let last: { key: string; turns: FamilyLeftOut[] } | null = null
  return inputs.map((input, i) => {
    const scored = scoredModels(data, input)
    const key = scored.join()
    if (last?.key !== key)
      last = { key, turns: familiesLeftOut(data, scored, random.derive(`left out of ${scored.length}`)) }
    const result = analyseCapability(data, input, last.turns, request, random.derive(input.name))
    progress(i + 1)
    return result
  })
}

function scoredModels({ table }: SalienceData, { y }: CapabilityInput): number[] {
  return [...table.models.keys()].filter((m) => Number.isFinite(y[m]))
}

/**
 * Fit one capability: skill of every method on families left out, whether salience beats the plain loss, and the fit
 * on all models.
 */
function analyseCapability(
  data: SalienceData,
  input: CapabilityInput,
  turns: readonly FamilyLeftOut[],
  {
    level,
    skillAt: sizes,
    repeats,
    permutations = 0,
    estimators: asked = SALIENCE_ESTIMATORS,
  }: SalienceRequest,
  random: Random,
): CapabilityResult {
  const { y } = input
  const { models } = data.table
  const scored = scoredModels(data, input)
  const fittedOn = scored.map((m) => models[m])
  const unfit = asked.flatMap((e) => {
    const reason = e.unfit(fittedOn, data.weights.length)
    return reason === null ? [] : [{ method: e.id, reason }]
  })
  const estimators = asked.filter((e) => !unfit.some((u) => u.method === e.id))
  const leftOut = turns.length < 2 ? null : predictLeftOut(data, y, turns, estimators)
  const skill = leftOut === null ? [] : skillOf(leftOut, data, y, scored, level, random)
  const gainOver = (method: string, over: string): Estimate =>
    gainOf(leftOut, [method, over], y, scored.length, level, random)
  const gainOverMean = gainOver(CHOSEN, PLAIN)
  const space = trainingSpace(data.profiles, scored)
  const fits = fitAll(data, space, y, innerFolds(space, models, random.derive('folds')), estimators)
  const plain = leftOut?.predictions.get(PLAIN)
  const isShown = gainOverMean.kind === 'estimate' && gainOverMean.interval.low > 0
  const judgedBy = isShown ? CHOSEN : PLAIN
  const chosen = leftOut === null ? FALLBACK : fits[judgedBy]
  const known = subset(data, input, scored)
  return {
    input,
    models: scored,
    families: turns.length,
    skill,
    unfit,
    chosen,
    judgedBy,
    gainOverMean,
    permutationNull:
      permutations === 0 || plain === undefined || gainOverMean.kind !== 'estimate'
        ? null
        : permutationNull(
            data,
            y,
            plain,
            gainOverMean.value,
            turns,
            estimators,
            permutations,
            random.derive('permutations'),
          ),
    gainOverCompute: fits.byMethod.has(COMPUTE) ? gainOver(judgedBy, COMPUTE) : null,
    leftOut,
    fitted: fits.byMethod.get(chosen) as FittedCapability,
    space,
    skillAt: sizes.flatMap((n) =>
      skillAt(known.data, known.y, estimators, n, repeats, random.derive(`skill at ${n}`), level),
    ),
  }
}

function skillOf(
  leftOut: LeftOut,
  { profiles: { mean } }: SalienceData,
  y: Float64Array,
  scored: readonly number[],
  level: number,
  random: Random,
): MethodSkill[] {
  return [...leftOut.predictions].map(([method, values]) => {
    const pairs = new PairTally()
    pairs.add(scored, (m) => values[m], y, mean)
    return {
      method,
      explainedVariance: explainedVariance(leftOut, y, method, null, random.derive(method), level),
      ...pairs.shares,
    }
  })
}

function gainOf(
  leftOut: LeftOut | null,
  [method, over]: readonly [string, string],
  y: Float64Array,
  models: number,
  level: number,
  random: Random,
): Estimate {
  if (leftOut === null) return notEstimable('all models count as one family: none can be left out')
  if (models < FEWEST_MODELS)
    return notEstimable(
      `${counted(models, 'model')}: a profile cannot be told from noise below ${FEWEST_MODELS}`,
    )
  return explainedVariance(leftOut, y, method, over, random.derive('gain'), level)
}

/** The models that have a score, as a table of their own. */
function subset(
  { table, profiles, weights }: SalienceData,
  { y }: CapabilityInput,
  scored: readonly number[],
): { data: SalienceData; y: Float64Array } {
  const n = profiles.models
  return {
    y: Float64Array.from(scored, (m) => y[m]),
    data: {
      weights,
      table: {
        models: scored.map((m) => table.models[m]),
        spans: table.spans,
        losses: scored.map((m) => table.losses[m]),
      },
      profiles: {
        models: scored.length,
        mean: Float64Array.from(scored, (m) => profiles.mean[m]),
        gram: Float64Array.from(scored.flatMap((a) => scored.map((b) => profiles.gram[a * n + b]))),
      },
    },
  }
}
