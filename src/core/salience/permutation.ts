import { DEFAULT_LEVEL } from '../estimate.js'
import { type Random, shuffled } from '../random/index.js'
import { CHOSEN, PLAIN } from './choose.js'
import type { SalienceData, SalienceEstimator } from './estimator.js'
import { explainedVariance, type FamilyLeftOut, predictLeftOut } from './left-out.js'

/** How often a gain as large came about where the text cannot tell it. */
export interface PermutationNull {
  /** (1 + permutations whose gain is as large) / (1 + permutations). */
  readonly p: number
  readonly permutations: number
}

/**
 * Scores of which the plain loss tells what it told, and profiles nothing: what the plain reading leaves of a score is
 * moved, a family's mean to another family and the rest to another model of the family, so that models of one family stay
 * as alike as they were.
 *
 * Source: Freedman & Lane, "A nonstochastic interpretation of reported significance levels" (1983), with blocks.
 *
 * @param y     scores, shape (models)
 * @param plain what the plain reading said of each, shape (models)
 */
export function permutedScores(
  families: readonly (readonly number[])[],
  y: Float64Array,
  plain: Float64Array,
  random: Random,
): Float64Array {
  const rests = families.map((family) => family.map((m) => y[m] - plain[m]))
  const means = rests.map((rest) => rest.reduce((sum, v) => sum + v / rest.length, 0))
  const moved = shuffled(means, random)
  const out = y.slice()
  families.forEach((family, f) => {
    const within = shuffled(rests[f], random)
    family.forEach((m, i) => {
      out[m] = plain[m] + moved[f] + within[i] - means[f]
    })
  })
  return out
}

/**
 * @param plain  left-out predictions of `plain`, shape (models)
 * @param gain   of the scores as they are
 * @param permutations ≥ 1, each of which fits every family's turn anew
 */
export function permutationNull(
  data: SalienceData,
  y: Float64Array,
  plain: Float64Array,
  gain: number,
  turns: readonly FamilyLeftOut[],
  estimators: readonly SalienceEstimator[],
  permutations: number,
  random: Random,
): PermutationNull {
  const asked = estimators.filter((e) => e.role === 'candidate' || e.id.startsWith('mean-'))
  const families = turns.map((t) => t.family)
  let larger = 0
  for (let i = 0; i < permutations; i++) {
    const chance = random.derive(`permutation ${i}`)
    const scores = permutedScores(families, y, plain, chance)
    const leftOut = predictLeftOut(data, scores, turns, asked)
    const drawn = explainedVariance(leftOut, scores, CHOSEN, PLAIN, chance, DEFAULT_LEVEL)
    if (!(drawn.kind === 'estimate' && drawn.value < gain)) larger++
  }
  return { p: (1 + larger) / (1 + permutations), permutations }
}
