import { type Estimate, estimate, mapEstimate, notEstimable, withinBounds } from '../estimate.js'
import { type Contrast, contrastValue, crossedVariance, quantileWidth } from './crossed-variance.js'
import {
  ARMS,
  type Arm,
  clustersOn,
  type GainDesign,
  gainDesign,
  groupOf,
  type Outcome,
  SPLITS,
  type Split,
} from './outcomes.js'

/** Sizes of a contrast: one, or all above 0 weighted alike. */
export type Sizes = number | 'all'

/** The size asked for, or all at which both arms were tested on all of these splits: a split may lack some. */
function sizesOf(design: GainDesign, at: Sizes, splits: readonly Split[]): readonly number[] {
  if (at !== 'all') return [at]
  return design.sizes.filter((n) =>
    ARMS.every((arm) => splits.every((split) => groupOf(design, arm, n, split) !== undefined)),
  )
}

/**
 * Mean score of an arm on a split over sizes, or undefined where it was not tested.
 *
 * @param shared splits at whose common sizes 'all' is taken
 */
export function armMean(
  design: GainDesign,
  arm: Arm,
  split: Split,
  at: Sizes,
  shared: readonly Split[] = [split],
): Contrast | undefined {
  const sizes = sizesOf(design, at, shared)
  const groups = sizes.map((n) => groupOf(design, arm, n, split))
  if (groups.length === 0) return undefined
  return groups.every((g) => g !== undefined)
    ? groups.map((group) => ({ group, weight: 1 / sizes.length }))
    : undefined
}

export function times(contrast: Contrast, factor: number): Contrast {
  return contrast.map(({ group, weight }) => ({ group, weight: weight * factor }))
}

const NO_CHANCE = 'the accuracy of guessing is not known'
const UNTESTED = 'both arms must be tested on this split at a training-set size above 0'

/**
 * A contrast as an estimate: t interval over clusters of items and seeds. n counts the clusters.
 *
 * @param step smallest difference of two scores, as `crossedVariance` takes it
 */
export function contrastEstimate(
  design: GainDesign,
  contrast: Contrast | undefined,
  unit: string,
  level: number,
  step = 1,
): Estimate {
  if (contrast === undefined) return notEstimable(UNTESTED)
  const clusters = clustersOf(design, contrast)
  if (clusters < 2) return notEstimable('a single item, or cluster of items, gives no interval')
  const value = contrastValue(contrast)
  const half = quantileWidth(crossedVariance(design, contrast, step), (1 + level) / 2)
  return estimate(value, { low: value - half, high: value + half, level }, unit, clusters)
}

function clustersOf(design: GainDesign, contrast: Contrast): number {
  const splits = new Set(contrast.map(({ group }) => group.split))
  return [...splits].reduce((sum, split) => sum + clustersOn(design, split), 0)
}

function gainContrast(
  design: GainDesign,
  split: Split,
  at: Sizes,
  shared?: readonly Split[],
): Contrast | undefined {
  const pretrained = armMean(design, 'pretrained', split, at, shared)
  const scratch = armMean(design, 'scratch', split, at, shared)
  return pretrained === undefined || scratch === undefined
    ? undefined
    : [...pretrained, ...times(scratch, -1)]
}

/**
 * Pre-training gain, mean(score of the pre-trained arm − score of the scratch arm) on the same items, all sizes above 0
 * weighted alike. Items are paired, and so are seeds where both arms share them.
 *
 * @param at one training-set size instead
 * @returns in the unit of the scores (a share of items)
 *
 * Source: comparison of a pre-trained and a randomly initialised model fine-tuned alike, arXiv:2606.07527 (abstract and
 * introduction read); clustered and paired errors as Miller, arXiv:2411.00640.
 */
export function pretrainingGain(
  design: GainDesign,
  level: number,
  split: Split = 'id',
  at: Sizes = 'all',
): Estimate {
  return withinBounds(contrastEstimate(design, gainContrast(design, split, at), 'accuracy', level), -1, 1)
}

/**
 * Gain at the largest training-set size less the mean gain at the others: below 0 the gap closes with more data, above 0
 * it widens.
 */
export function gainAtLastSize(design: GainDesign, level: number, split: Split = 'id'): Estimate {
  const known = design.sizes.map((n) => gainContrast(design, split, n)).filter((c) => c !== undefined)
  const last = known.pop()
  if (last === undefined || known.length === 0)
    return notEstimable('both arms must be tested at two training-set sizes or more')
  const before = known.flatMap((c) => times(c, -1 / known.length))
  return withinBounds(contrastEstimate(design, [...last, ...before], 'accuracy', level), -2, 2)
}

/** The gain of chance-centred scores, (score − chance)/(1 − chance): 1 is from guessing to perfect. */
export function chanceCentredGain(
  design: GainDesign,
  chance: number | null,
  level: number,
  split: Split = 'id',
  at: Sizes = 'all',
): Estimate {
  if (chance === null) return notEstimable(NO_CHANCE)
  const gain = pretrainingGain(design, level, split, at)
  return mapEstimate(gain, 'share', (v) => v / (1 - chance))
}

/**
 * Difference in differences: the gain in distribution less the gain out of it. Above 0 pre-training helps more where the
 * training data is than elsewhere; below 0 its worth shows out of distribution.
 *
 * @returns in the unit of the scores, over the sizes that both splits have; items of the two splits are drawn apart, seeds
 *   are common to both
 */
export function idOodDifference(design: GainDesign, level: number, at: Sizes = 'all'): Estimate {
  const id = gainContrast(design, 'id', at, SPLITS)
  const ood = gainContrast(design, 'ood', at, SPLITS)
  const contrast = id === undefined || ood === undefined ? undefined : [...id, ...times(ood, -1)]
  return withinBounds(contrastEstimate(design, contrast, 'accuracy', level), -2, 2)
}

/**
 * The gain in distribution on items that are known not to stand in the pre-training corpus.
 *
 * @returns `notEstimable` where no item was looked up, or none is known to be clean
 */
export function cleanSubsetGain(outcomes: readonly Outcome[], level: number, at: Sizes = 'all'): Estimate {
  const own = outcomes.filter((o) => o.split === 'id')
  const clean = own.filter((o) => o.contaminated === false)
  if (clean.length === 0) {
    const told = new Set(own.map((o) => o.contaminated))
    return notEstimable(
      told.has(true)
        ? `no item that was looked up is known to be clean: ${told.has(null) ? 'some' : 'all'} stand in the pre-training corpus${told.has(null) ? ', of the others that could not be decided' : ''}`
        : told.has(null)
          ? 'the items were looked up in the pre-training corpus, and of none could it be decided whether it stands there'
          : 'no item was looked up in the pre-training corpus (a table with item_id and clean, or a column contaminated)',
    )
  }
  return pretrainingGain(gainDesign(clean), level, 'id', at)
}

/** The gain in margins, ln p(right answer) − ln p(best other): it moves where accuracy still stands at chance. */
export function marginGain(outcomes: readonly Outcome[], level: number, at: Sizes = 'all'): Estimate {
  const known = outcomes.flatMap((o) => (o.margin === undefined ? [] : [{ ...o, score: o.margin }]))
  if (known.length === 0) return notEstimable('the tables tell no margins')
  const design = gainDesign(known)
  return contrastEstimate(design, gainContrast(design, 'id', at), 'nats', level)
}

/**
 * Retained share, (scratch − chance)/(pre-trained − chance): how much of what the pre-trained model learns a model from
 * scratch reaches, with Fieller's interval.
 *
 * @returns a share; `notEstimable` where the pre-trained arm is not above chance beyond doubt, since any ratio then fits
 *
 * Source: Fieller, Journal of the Royal Statistical Society B 16 (1954) 175.
 */
export function retainedShare(
  design: GainDesign,
  chance: number | null,
  level: number,
  split: Split = 'id',
  at: Sizes = 'all',
): Estimate {
  if (chance === null) return notEstimable(NO_CHANCE)
  const whole = armMean(design, 'pretrained', split, at)
  const part = armMean(design, 'scratch', split, at)
  if (whole === undefined || part === undefined) return notEstimable(UNTESTED)
  const clusters = clustersOf(design, whole)
  if (clusters < 2) return notEstimable('a single item, or cluster of items, gives no interval')
  const w = contrastValue(whole) - chance
  const p = contrastValue(part) - chance
  const ratio = p / w
  // (t·σ)² of part − ρ·whole is pp − 2ρ·pw + ρ²·ww; the interval holds every ρ with (p − ρw)² below it.
  const width = (contrast: Contrast): number =>
    quantileWidth(crossedVariance(design, contrast), (1 + level) / 2) ** 2
  const ww = width(whole)
  const pp = width(part)
  const pw = (pp + ww - width([...part, ...times(whole, -1)])) / 2
  const a = w * w - ww
  if (w <= 0 || a <= 0)
    return notEstimable('the pre-trained arm is not above chance beyond doubt: any share of it would fit')
  const b = p * w - pw
  const c = p * p - pp
  const root = Math.sqrt(Math.max(0, b * b - a * c))
  return estimate(ratio, { low: (b - root) / a, high: (b + root) / a, level }, 'share', clusters)
}

/**
 * Smallest true gain that this design would have shown with the given power at the given two-sided level:
 * the half-widths of the interval's level and of the power added.
 *
 * Source: Miller, arXiv:2411.00640, §5 (sample size), with t for the normal quantile.
 *
 * @returns in the unit of the scores, or null where the gain has no estimate
 */
export function minimumDetectableEffect(
  design: GainDesign,
  level: number,
  power = 0.8,
  split: Split = 'id',
  at: Sizes = 'all',
): number | null {
  const contrast = gainContrast(design, split, at)
  if (contrast === undefined || clustersOf(design, contrast) < 2) return null
  const found = crossedVariance(design, contrast)
  return quantileWidth(found, (1 + level) / 2) + quantileWidth(found, power)
}
