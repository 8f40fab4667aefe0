import { type Estimate, estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random/index.js'
import { quantile } from '../stats/quantile.js'
import { meanDrawer } from './draws.js'
import type { GainDesign, Group, Split } from './outcomes.js'
import { curveGroups, type Reach, reachOf } from './reach.js'

const DRAWS = 400

/** A number of examples, or a bound where one arm's curve ends first. */
export interface Censored {
  readonly value: Estimate
  /** The scratch arm does not reach the level within the tested sizes, or the pre-trained one is there at the first. */
  readonly censored: boolean
  /** Of a censored value: it is at least this, at the level of the intervals; null where it is not censored. */
  readonly atLeast: number | null
}

/** A ratio of examples, with the score that it is about (docs/methods/gain.md#sample-efficiency-and-data-transferred). */
export interface SampleEfficiency extends Censored {
  /** Score at which the arms are compared. */
  readonly score: number
}

/** What one draw says: a value, a lower bound of it, or nothing. */
interface Drawn {
  readonly value: number
  readonly isBound: boolean
}

/**
 * Summarise draws of a censored quantity. Where so many draws are bounds that the upper end of the interval is one, the
 * answer is a bound.
 */
function summarise(
  point: Drawn | null,
  draws: readonly (Drawn | null)[],
  unit: string,
  n: number,
  level: number,
  nothing: string,
): Censored {
  const tail = (1 - level) / 2
  const known = draws.filter((d) => d !== null)
  if (point === null || known.length < draws.length * (1 - tail))
    return { value: notEstimable(nothing), censored: false, atLeast: null }
  const values = known.map((d) => d.value)
  const bounds = known.filter((d) => d.isBound).length
  const low = quantile(values, tail)
  if (point.isBound || bounds > tail * known.length)
    return {
      value: notEstimable(
        `one arm's curve ends before the level is reached beyond doubt: at least ${low.toPrecision(3)}`,
      ),
      censored: true,
      atLeast: low,
    }
  const interval = { low, high: quantile(values, 1 - tail), level }
  return { value: estimate(point.value, interval, unit, n), censored: false, atLeast: null }
}

function ratioOf(pretrained: Reach, scratch: Reach): Drawn | null {
  if (pretrained.kind === 'never') return null
  // Fewer examples would have done for the one, or more are needed for the other: the ratio can only be larger. Where
  // scratch, too, is there at the first size, nothing is known of it.
  if (scratch.kind === 'first')
    return pretrained.kind === 'first' ? null : { value: scratch.n / pretrained.n, isBound: false }
  return {
    value: scratch.n / pretrained.n,
    isBound: pretrained.kind === 'first' || scratch.kind === 'never',
  }
}

/**
 * Sample-efficiency ratio n_scratch(s)/n_pre(s): how many times the examples a model from scratch needs for the same
 * score, with intervals over items and seeds; right-censored where it never gets there.
 *
 * @param score the level s; by default half-way from chance to what the pre-trained arm reaches at its largest size
 * @returns a ratio, or a bound of it
 *
 * Source: none known for the interval; the ratio as in the effective data of Hernandez et al., arXiv:2102.01293.
 */
export function sampleEfficiency(
  design: GainDesign,
  chance: number,
  random: Random,
  level: number,
  split: Split = 'id',
  score?: number,
): SampleEfficiency {
  const pretrained = curveGroups(design, 'pretrained', split)
  const scratch = curveGroups(design, 'scratch', split)
  const last = pretrained.at(-1)
  const wanted = score ?? (last === undefined ? chance : (chance + last.mean) / 2)
  const few = 'two training-set sizes or more are needed in both arms'
  if (pretrained.length < 2 || scratch.length < 2)
    return { score: wanted, value: notEstimable(few), censored: false, atLeast: null }
  const sizes = design.sizes
  const ratio = (mean: (group: Group) => number): Drawn | null =>
    ratioOf(reachOf(sizes, pretrained.map(mean), wanted), reachOf(sizes, scratch.map(mean), wanted))
  const draw = meanDrawer(design, [...pretrained, ...scratch])
  const draws = Array.from({ length: DRAWS }, () => {
    const means = draw(random)
    return ratio((g) => means.get(g) ?? g.mean)
  })
  const clusters = design.clusterStratum.filter((s) => s === (split === 'id' ? 0 : 1)).length
  const nothing =
    'the pre-trained arm does not reach this score beyond doubt, or both arms are there at the smallest size'
  return {
    score: wanted,
    ...summarise(
      ratio((g) => g.mean),
      draws,
      'ratio',
      clusters,
      level,
      nothing,
    ),
  }
}

/**
 * Effective data transferred, D_T = n_scratch(score of the pre-trained arm at n) − n: examples that pre-training is
 * worth at a training-set size, by interpolation of the scratch arm's curve.
 *
 * @returns in examples; a bound where the scratch arm never reaches that score
 *
 * Source: Hernandez et al., arXiv:2102.01293, §2.
 */
export function effectiveDataTransferred(
  design: GainDesign,
  at: number,
  random: Random,
  level: number,
  split: Split = 'id',
): Censored {
  const scratch = curveGroups(design, 'scratch', split)
  const own = curveGroups(design, 'pretrained', split).find((g) => g.n === at)
  if (own === undefined || scratch.length < 2)
    return { value: notEstimable('both arms must be tested at this size'), censored: false, atLeast: null }
  const transferred = (mean: (group: Group) => number): Drawn | null => {
    const reach = reachOf(design.sizes, scratch.map(mean), mean(own))
    // A score that scratch has at its smallest size, or before: pre-training is worth no examples that could be counted.
    return reach.kind === 'first' && at === reach.n
      ? { value: 0, isBound: false }
      : { value: reach.n - at, isBound: reach.kind === 'never' }
  }
  const draw = meanDrawer(design, [own, ...scratch])
  const draws = Array.from({ length: DRAWS }, () => {
    const means = draw(random)
    return transferred((g) => means.get(g) ?? g.mean)
  })
  const clusters = design.clusterStratum.filter((s) => s === (split === 'id' ? 0 : 1)).length
  return summarise(
    transferred((g) => g.mean),
    draws,
    'examples',
    clusters,
    level,
    'no draw could be read',
  )
}
