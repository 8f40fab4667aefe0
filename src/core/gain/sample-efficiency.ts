import { type Estimate, estimate, notEstimable } from '../estimate.js'
import type { Random } from '../random/index.js'
import { quantile } from '../stats/quantile.js'
import { meanDrawer } from './draws.js'
import type { GainDesign, Group, Split } from './outcomes.js'
import { curveGroups, curveReach, type Reach } from './reach.js'

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
  /** n_scratch − n_pre, examples. */
  readonly saved: Censored
  /** Examples that each arm takes. */
  readonly pretrainedExamples: Estimate
  readonly scratchExamples: Estimate
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

interface Reaches {
  readonly pretrained: Reach
  readonly scratch: Reach
}

/** What more examples the scratch arm takes, by ratio or difference. */
function more(
  { pretrained, scratch }: Reaches,
  of: (scratch: number, pretrained: number) => number,
): Drawn | null {
  if (pretrained.kind === 'never') return null
  const value = of(scratch.n, pretrained.n)
  // Fewer examples would have done for the one, or more are needed for the other: it can only be larger. Where scratch,
  // too, is there at the first size, nothing is known of it.
  if (scratch.kind === 'first') return pretrained.kind === 'first' ? null : { value, isBound: false }
  return { value, isBound: pretrained.kind === 'first' || scratch.kind === 'never' }
}

/** Examples of one arm; fewer than the smallest size may be any number down to 0. */
function examples({ kind, n }: Reach): Drawn {
  return { value: kind === 'first' ? 0 : n, isBound: kind === 'never' }
}

/**
 * The score at which both curves tell most of the examples: half-way between the higher of their first scores and the lower
 * of their last; where the curves share no score, half-way from guessing to what the pre-trained arm reaches.
 */
function commonScore(pretrained: readonly Group[], scratch: readonly Group[], chance: number | null): number {
  const ends = (at: 0 | -1): number[] => [pretrained, scratch].flatMap((arm) => arm.at(at)?.mean ?? [])
  const low = Math.max(...ends(0), chance ?? 0)
  const high = Math.min(...ends(-1))
  if (high > low) return (low + high) / 2
  return ((chance ?? pretrained[0]?.mean ?? 0) + (pretrained.at(-1)?.mean ?? 0)) / 2
}

/**
 * Sample-efficiency ratio n_scratch(s)/n_pre(s): how many times the examples a model from scratch needs for the same
 * score, with intervals over items and seeds; right-censored where it never gets there.
 *
 * @param score the level s; by default one that both curves pass
 * @returns a ratio, or a bound of it
 *
 * Source: none known for the interval; the ratio as in the effective data of Hernandez et al., arXiv:2102.01293.
 */
export function sampleEfficiency(
  design: GainDesign,
  chance: number | null,
  random: Random,
  level: number,
  split: Split = 'id',
  score?: number,
): SampleEfficiency {
  const pretrained = curveGroups(design, 'pretrained', split)
  const scratch = curveGroups(design, 'scratch', split)
  const wanted = score ?? commonScore(pretrained, scratch, chance)
  const reach = (mean: (group: Group) => number): Reaches => ({
    pretrained: curveReach(pretrained, mean, wanted),
    scratch: curveReach(scratch, mean, wanted),
  })
  const few = notEstimable('two training-set sizes or more are needed in both arms')
  if (pretrained.length < 2 || scratch.length < 2) {
    const none = { value: few, censored: false, atLeast: null }
    return { score: wanted, ...none, saved: none, pretrainedExamples: few, scratchExamples: few }
  }
  const point = reach((g) => g.mean)
  const draw = meanDrawer(design, [...pretrained, ...scratch])
  const drawn = Array.from({ length: DRAWS }, () => {
    const means = draw(random)
    return reach((g) => means.get(g) ?? g.mean)
  })
  const clusters = design.clusterStratum.filter((s) => s === (split === 'id' ? 0 : 1)).length
  const of = (unit: string, read: (r: Reaches) => Drawn | null, nothing: string): Censored =>
    summarise(read(point), drawn.map(read), unit, clusters, level, nothing)
  const unreached =
    'the pre-trained arm does not reach this score beyond doubt, or both arms are there at the smallest size'
  const early = notEstimable('the arm is there at the smallest size')
  return {
    score: wanted,
    ...of('ratio', (r) => more(r, (s, p) => s / p), unreached),
    saved: of('examples', (r) => more(r, (s, p) => s - p), unreached),
    pretrainedExamples:
      point.pretrained.kind === 'first' ? early : of('examples', (r) => examples(r.pretrained), '').value,
    scratchExamples:
      point.scratch.kind === 'first' ? early : of('examples', (r) => examples(r.scratch), '').value,
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
    const reach = curveReach(scratch, mean, mean(own))
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
