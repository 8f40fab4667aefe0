import type { Estimate } from '../estimate.js'
import type { Random } from '../random/index.js'
import { type Censored, DRAWS, type Drawn, examples, summarise, unknown } from './censored.js'
import { meanDrawer } from './draws.js'
import { clustersOn, type GainDesign, type Group, type Split } from './outcomes.js'
import { curveGroups, curveReach, type Reach } from './reach.js'

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
  const clusters = clustersOn(design, split)
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
