import { type Estimate, estimate, notEstimable } from '../estimate.js'
import { boundedLeastSquares } from '../linear/index.js'
import { huberWeight } from '../optimise/huber.js'
import type { Random } from '../random/index.js'
import { percentileInterval } from '../stats/bootstrap.js'
import { quantile } from '../stats/quantile.js'
import { crossedVariance, totalVariance } from './crossed-variance.js'
import { meanDrawer } from './draws.js'
import { contrastEstimate } from './gain.js'
import { type Arm, type GainDesign, type Group, groupOf, type Split } from './outcomes.js'

/** e(n) = asymptote + amplitude · n^(−exponent): the error left after n examples. */
export interface AdaptationLaw {
  readonly asymptote: number
  readonly amplitude: number
  readonly exponent: number
}

/** How an arm's score grows with training examples (docs/methods/gain.md#adaptation-curves). */
export interface AdaptationCurve {
  readonly arm: Arm
  readonly split: Split
  /** Measured scores, ascending in n. */
  readonly points: readonly { readonly n: number; readonly score: Estimate }[]
  /** Error left with unlimited data, and its fall; each by itself where the sizes identify it. */
  readonly asymptote: Estimate
  readonly exponent: Estimate
  /** The fitted law, for drawing; null below four sizes. */
  readonly law: AdaptationLaw | null
}

const LEAST_SIZES = 4
const EXPONENTS = { low: 0.02, high: 4 }
const HUBER = 1.345
const DRAWS = 200
/** Standard errors that two sizes may lie off the law. */
const WORST_FIT = 4
/** An interval of the exponent that spans more than this factor says nothing of it. */
const WIDEST = 20

/** Error left after n examples, e∞ + a·n^(−b). */
export function adaptationError({ asymptote, amplitude, exponent }: AdaptationLaw, n: number): number {
  return asymptote + amplitude * n ** -exponent
}

/**
 * Fit e(n) = e∞ + a·n^(−b) with 0 ≤ e∞ ≤ 1, a ≥ 0 by variable projection: b on a refined grid of logarithms, the rest
 * linear between bounds; two rounds of Huber's weights.
 *
 * @param n        training examples, > 0, shape (k)
 * @param error    1 − score, shape (k)
 * @param variance of each error, > 0, shape (k)
 *
 * Source: Huber, Annals of Mathematical Statistics 35 (1964); the law as Hestness et al., arXiv:1712.00409, Eq. 1 with an
 * asymptote.
 */
export function fitAdaptationLaw(
  n: readonly number[],
  error: readonly number[],
  variance: readonly number[],
): AdaptationLaw {
  const one = n.map(() => 1)
  let weights = variance.map((v) => 1 / v)
  let best: (AdaptationLaw & { squares: number }) | null = null
  const at = (exponent: number): AdaptationLaw & { squares: number } => {
    // In units of the smallest size the amplitude is of the order of the errors.
    const fall = n.map((v) => (v / n[0]) ** -exponent)
    const bounds = { lower: [0, 0], upper: [1, Number.POSITIVE_INFINITY] }
    const { coefficients, squares } = boundedLeastSquares([one, fall], error, bounds, weights)
    const [asymptote, height] = coefficients
    return { asymptote, amplitude: height * n[0] ** exponent, exponent, squares }
  }
  for (let round = 0; round < 3; round++) {
    best = null
    let low = Math.log(EXPONENTS.low)
    let high = Math.log(EXPONENTS.high)
    for (let zoom = 0; zoom < 4; zoom++) {
      const width = (high - low) / 12
      for (let i = 0; i <= 12; i++) {
        const found = at(Math.exp(low + i * width))
        if (best === null || found.squares < best.squares * (1 - 1e-12)) best = found
      }
      if (best === null) break
      low = Math.max(Math.log(EXPONENTS.low), Math.log(best.exponent) - width)
      high = Math.min(Math.log(EXPONENTS.high), Math.log(best.exponent) + width)
    }
    const law = best
    if (law === null) break
    weights = variance.map(
      (v, i) => huberWeight((error[i] - adaptationError(law, n[i])) / Math.sqrt(v), HUBER) / v,
    )
  }
  if (best === null) throw new RangeError('no size to fit an adaptation curve to')
  const { asymptote, amplitude, exponent } = best
  return { asymptote, amplitude, exponent }
}

/** Variance of a group's mean over items and seeds, not 0. */
function varianceOf(design: GainDesign, group: Group): number {
  return totalVariance(crossedVariance(design, [{ group, weight: 1 }]))
}

/**
 * How the score of an arm grows with training examples: the measured points, and a power law to an asymptote with
 * intervals over items and seeds.
 *
 * @returns asymptote (a share of items) and exponent, `notEstimable` below four sizes, where the curve does not fall
 *          beyond doubt, where it is no power law, or where its intervals say nothing
 */
export function adaptationCurve(
  design: GainDesign,
  arm: Arm,
  split: Split,
  random: Random,
  level: number,
): AdaptationCurve {
  const groups = design.sizes.map((n) => groupOf(design, arm, n, split)).filter((g) => g !== undefined)
  const points = groups.map((group) => ({
    n: group.n,
    score: contrastEstimate(design, [{ group, weight: 1 }], 'accuracy', level),
  }))
  const few = notEstimable(`${groups.length} training-set sizes above 0, ${LEAST_SIZES} are needed`)
  if (groups.length < LEAST_SIZES) return { arm, split, points, asymptote: few, exponent: few, law: null }
  const n = groups.map((g) => g.n)
  const variances = groups.map((g) => varianceOf(design, g))
  const lawOf = (mean: (group: Group) => number): AdaptationLaw =>
    fitAdaptationLaw(
      n,
      groups.map((g) => 1 - mean(g)),
      variances,
    )
  const law = lawOf((g) => g.mean)
  const draw = meanDrawer(design, groups)
  const drawn = Array.from({ length: DRAWS }, () => {
    const means = draw(random)
    return lawOf((g) => means.get(g) ?? g.mean)
  })
  const clusters = design.clusterStratum.filter((s) => (split === 'id' ? s === 0 : s === 1)).length
  const over = (of: (l: AdaptationLaw) => number) => Float64Array.from(drawn, of).sort()
  const asymptotes = percentileInterval(
    over((l) => l.asymptote),
    level,
  )
  const exponents = percentileInterval(
    over((l) => l.exponent),
    level,
  )
  const gained = over((l) => adaptationError(l, n[0]) - adaptationError(l, n[n.length - 1]))
  const falls = quantile(gained, (1 - level) / 2) > 0.01
  const shapeless = notEstimable(
    'the sizes do not tell how the error falls: more sizes, or larger ones, are needed',
  )
  // One wild size is what the fit is robust to; two tell of another curve.
  const [, misfit] = groups
    .map((g, i) => Math.abs(1 - g.mean - adaptationError(law, g.n)) / Math.sqrt(variances[i]))
    .sort((a, b) => b - a)
  const bent = notEstimable('the error does not fall as a power of the training examples')
  const isKnown = falls && exponents.high / exponents.low < WIDEST && exponents.high < EXPONENTS.high * 0.99
  const unknown = misfit > WORST_FIT ? bent : isKnown ? undefined : shapeless
  const still = notEstimable('the error still falls at the largest size: its asymptote is at the bound of 0')
  return {
    arm,
    split,
    points,
    asymptote:
      unknown ??
      (asymptotes.high > asymptotes.low ? estimate(law.asymptote, asymptotes, 'share', clusters) : still),
    exponent: unknown ?? estimate(law.exponent, exponents, 'exponent', clusters),
    law,
  }
}
