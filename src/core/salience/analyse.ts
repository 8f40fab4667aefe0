import { type Estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random/index.js'
import { CHOSEN, FEWEST_MODELS, type Fits, fitAll, PLAIN } from './choose.js'
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
import { nearTies, type PairCount, pairwise, shareRight } from './pairs.js'
import { profilesOf } from './profiles.js'
import { type SkillAt, skillAt } from './skill-at.js'
import { type TrainingSpace, trainingSpace } from './training-space.js'

/** The answer where nothing can be judged. */
const FALLBACK = 'mean-sigmoid'

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
  /** What the answer is read with: a salience where its gain over the plain loss is shown, else the best plain reading. */
  readonly chosen: string
  readonly gainOverMean: Estimate
  readonly leftOut: LeftOut | null
  /** What other models are read with: the chosen method, or the best that rests on losses alone where that one does not. */
  readonly reader: Reader
  /** It, fitted on every model. */
  readonly fitted: FittedCapability
  readonly space: TrainingSpace
  readonly skillAt: readonly SkillAt[]
}

/** A method with its gain over the plain loss. */
export interface Reader {
  readonly method: string
  readonly gain: Estimate
}

export interface SalienceRequest {
  readonly level: number
  /** Numbers of known models to tell the skill at, and how many draws each. */
  readonly skillAt: readonly number[]
  readonly repeats: number
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
  { level, skillAt: sizes, repeats, estimators: asked = SALIENCE_ESTIMATORS }: SalienceRequest,
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
  const gainOverMean = gainOf(leftOut, CHOSEN, y, scored.length, level, random)
  const space = trainingSpace(data.profiles, scored)
  const fits = fitAll(data, space, y, innerFolds(space, models, random.derive('folds')), estimators)
  const chosen = gainShown(gainOverMean) ? fits.chosen : bestBaseline(estimators, skill)
  const reader = readerOf(fits, estimators, chosen, (method) =>
    gainOf(leftOut, method, y, scored.length, level, random),
  )
  const known = subset(data, input, scored)
  return {
    input,
    models: scored,
    families: turns.length,
    skill,
    unfit,
    chosen,
    gainOverMean,
    leftOut,
    reader,
    fitted: fits.byMethod.get(reader.method) as FittedCapability,
    space,
    skillAt: sizes.flatMap((n) =>
      skillAt(known.data, known.y, estimators, n, repeats, random.derive(`skill at ${n}`), level),
    ),
  }
}

/** The chosen method; where it rests on more than losses, the best that does not, if its gain is shown, else the plain one. */
function readerOf(
  { byMethod, plain }: Fits,
  estimators: readonly SalienceEstimator[],
  chosen: string,
  gainOver: (method: string) => Estimate,
): Reader {
  const of = (method: string): Reader => ({ method, gain: gainOver(method) })
  if (byMethod.get(chosen)?.index !== null) return of(chosen)
  const error = (method: string): number => byMethod.get(method)?.foldError ?? Number.POSITIVE_INFINITY
  const carried = estimators.flatMap(({ id, role }) =>
    role === 'shown' || byMethod.get(id)?.index === null ? [] : [id],
  )
  const best = of(carried.reduce((a, b) => (error(b) < error(a) ? b : a)))
  return gainShown(best.gain) ? best : of(plain)
}

function gainShown(gain: Estimate): boolean {
  return gain.kind === 'estimate' && gain.interval.low > 0
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
    const predicted = new Map(scored.map((m) => [m, values[m]]))
    const [all, ties]: [PairCount, PairCount] = [
      { right: 0, pairs: 0 },
      { right: 0, pairs: 0 },
    ]
    pairwise(scored, predicted, y, all)
    nearTies(scored, predicted, y, mean, ties)
    return {
      method,
      explainedVariance: explainedVariance(leftOut, y, method, null, random.derive(method), level),
      pairwise: shareRight(all),
      nearTies: shareRight(ties),
    }
  })
}

function gainOf(
  leftOut: LeftOut | null,
  method: string,
  y: Float64Array,
  models: number,
  level: number,
  random: Random,
): Estimate {
  if (leftOut === null) return notEstimable('one family alone: none can be left out')
  if (models < FEWEST_MODELS)
    return notEstimable(`${models} models: a profile cannot be told from noise below ${FEWEST_MODELS}`)
  return explainedVariance(leftOut, y, method, PLAIN, random.derive('gain'), level)
}

/** The plain reading with the most skill; the fallback where none can be judged. */
function bestBaseline(estimators: readonly SalienceEstimator[], skill: readonly MethodSkill[]): string {
  let best = { method: FALLBACK, value: Number.NEGATIVE_INFINITY }
  for (const { id, role } of estimators) {
    const explained = skill.find((s) => s.method === id)?.explainedVariance
    if (role === 'baseline' && explained?.kind === 'estimate' && explained.value > best.value)
      best = { method: id, value: explained.value }
  }
  return best.method
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
