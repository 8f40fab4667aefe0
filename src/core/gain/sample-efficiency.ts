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
  /** One arm's curve ends before the level, or begins above it: a bound is known, no number. */
  readonly censored: boolean
  /** Of a censored value: it is at least this, at the level of the intervals; null where nothing bounds it from below. */
  readonly atLeast: number | null
  /** Of a censored value: it is at most this, at the level of the intervals; null where nothing bounds it from above. */
  readonly atMost: number | null
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

/** What one draw says: a value, or a bound of it from below or from above. */
interface Drawn {
  readonly value: number
  readonly bound: 'atLeast' | 'atMost' | null
}

const unknown = (reason: string): Censored => ({
  value: notEstimable(reason),
  censored: false,
  atLeast: null,
  atMost: null,
})

/**
 * Summarise draws of a censored quantity. Where so many draws are bounds that an end of the interval is one, the answer is
 * the other end, a bound; where both ends are, nothing is known.
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
  if (point === null || known.length < draws.length * (1 - tail)) return unknown(nothing)
  const values = known.map((d) => d.value)
  const isOpen = (bound: Drawn['bound']): boolean =>
    point.bound === bound || known.filter((d) => d.bound === bound).length > tail * known.length
  const [openAbove, openBelow] = [isOpen('atLeast'), isOpen('atMost')]
  if (openAbove && openBelow) return unknown(nothing)
  const interval = { low: quantile(values, tail), high: quantile(values, 1 - tail), level }
  const none = { censored: true, atLeast: null, atMost: null }
  const told = (words: string, bound: number): Estimate => notEstimable(`${words} ${bound.toPrecision(3)}`)
  if (openAbove) {
    const value = told(
      "one arm's curve ends before the level is reached beyond doubt: at least",
      interval.low,
    )
    return { ...none, value, atLeast: interval.low }
  }
  if (openBelow) {
    const value = told("one arm's curve is at the level at its smallest size already: at most", interval.high)
    return { ...none, value, atMost: interval.high }
  }
  return { ...none, censored: false, value: estimate(point.value, interval, unit, n) }
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
  // Fewer examples would have done for the one, or more are needed for the other: it can only be larger; the other way
  // round only smaller. Both at once, and nothing is known of it.
  const canBeMore = pretrained.kind === 'first' || scratch.kind === 'never'
  const canBeLess = scratch.kind === 'first' || pretrained.kind === 'never'
  if (canBeMore && canBeLess) return null
  return { value: of(scratch.n, pretrained.n), bound: canBeMore ? 'atLeast' : canBeLess ? 'atMost' : null }
}

/** Examples of one arm; fewer than the smallest size may be any number down to 0, or are a bound. */
function examples({ kind, n }: Reach, isFirstBound: boolean): Drawn {
  if (kind === 'first') return isFirstBound ? { value: n, bound: 'atMost' } : { value: 0, bound: null }
  return { value: n, bound: kind === 'never' ? 'atLeast' : null }
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
 * score, with intervals over items and seeds; a bound where a curve ends before it or begins above it.
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
  const few = 'two training-set sizes or more are needed in both arms'
  if (pretrained.length < 2 || scratch.length < 2) {
    const none = unknown(few)
    return {
      score: wanted,
      ...none,
      saved: none,
      pretrainedExamples: none.value,
      scratchExamples: none.value,
    }
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
    'both arms may be there at the smallest size, or neither at the largest: the draws bound it from neither side'
  // Where the arm is measured there at its first size, that size is a bound; else its interval may go down to 0.
  const examplesOf = (arm: keyof Reaches): Estimate =>
    of('examples', (r) => examples(r[arm], point[arm].kind === 'first'), 'the arm may be there at any size')
      .value
  return {
    score: wanted,
    ...of('ratio', (r) => more(r, (s, p) => s / p), unreached),
    saved: of('examples', (r) => more(r, (s, p) => s - p), unreached),
    pretrainedExamples: examplesOf('pretrained'),
    scratchExamples: examplesOf('scratch'),
  }
}

/**
 * Effective data transferred, D_T = n_scratch(score of the pre-trained arm at n) − n: examples that pre-training is
 * worth at a training-set size, by interpolation of the scratch arm's curve.
 *
 * @returns in examples; a bound where the scratch arm never reaches that score, or has it at its first size
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
  if (own === undefined || scratch.length < 2) return unknown('both arms must be tested at this size')
  const transferred = (mean: (group: Group) => number): Drawn | null => {
    const reach = curveReach(scratch, mean, mean(own))
    return { ...examples(reach, true), value: reach.n - at }
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
    'scratch may have this score at its first size, or at none: the draws bound it from neither side',
  )
}
