import { groupBy } from '../../collections.js'
import { descend } from '../../optimise/index.js'
import {
  type Common,
  commonGiven,
  negativeLogLikelihood,
  type Said,
  saidBy,
  together,
} from './mixed-model.js'
import { type Block, blockOf, type FamilyRun, placeOf, SLOPES, type Space, spaceOf } from './scores.js'
import { type Skills, skillsAt } from './skill.js'
import { priorPenalty, START, type Variances, variancesOf } from './variances.js'

/** The mixed model of some families, ready to be asked. */
export interface FamilyFit {
  readonly space: Space
  readonly variances: Variances
  readonly families: ReadonlyMap<string, readonly FamilyRun[]>
  readonly said: ReadonlyMap<string, Said>
  readonly converged: boolean
}

/**
 * Fit the variances by maximum marginal likelihood (docs/methods/scaling.md#across-families), the mean coefficients
 * and family levels being integrated out.
 *
 * @param runs   models with N, D and at least one score
 * @param floors chance level of each benchmark, shape (J)
 * @param items  items of each benchmark, null where unknown, shape (J)
 * @returns null where the likelihood is nowhere finite
 *
 * Source: latent skills of a family, offset + linear in ln N, ln D and their product, arXiv:2412.06540 eq. 3. Ours: each
 * benchmark keeps coefficients of its own, drawn to those of the others by a covariance that the data choose, instead
 * of few skills with a fixed number.
 */
export function fitFamilies(
  runs: readonly FamilyRun[],
  floors: readonly number[],
  items: readonly (number | null)[],
): FamilyFit | null {
  const space = spaceOf(runs, floors, items)
  const families = groupBy(runs, (run) => run.family)
  const blocks = [...families.values()].map((group) => blockOf(space, group))
  const J = floors.length
  const { theta, converged } = descend(
    (at) => negativeLogLikelihood(variancesOf(at), blocks, J) + priorPenalty(at),
    START,
  )
  const variances = variancesOf(theta)
  const said = new Map<string, Said>()
  let b = 0
  for (const family of families.keys()) {
    const part = saidBy(variances, blocks[b++], J)
    if (part === null) return null
    said.set(family, part)
  }
  return { space, variances, families, said, converged }
}

/**
 * Skills of models of one family from what the other families say and from the runs of it that are taken as known.
 *
 * @param known  runs of the family that may be used; the rest of it is as if never seen
 * @returns the skills at a place; `own` names the run among `known` that stands there, where it does
 */
export function askFamily(
  fit: FamilyFit,
  family: string,
  known: readonly FamilyRun[],
): (place: { params: number; tokens: number }, own?: string) => Skills | null {
  const { space, variances } = fit
  const J = space.floors.length
  const block: Block = blockOf(space, known)
  const own = saidBy(variances, block, J)
  if (own === null) return () => null
  const others = [...fit.said].filter(([other]) => other !== family).map(([, part]) => part)
  const common: Common | null = commonGiven(variances, together([...others, own], (1 + SLOPES) * J), J)
  if (common === null) return () => null
  return (place, name) =>
    skillsAt(
      variances,
      space,
      common,
      block,
      placeOf(space, place),
      name === undefined ? -1 : known.findIndex((run) => run.name === name),
    )
}
