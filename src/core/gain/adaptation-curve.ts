import { type Estimate, estimate, notEstimable, withinBounds } from '../estimate.js'
import { huberWeight } from '../optimise/huber.js'
import type { Random } from '../random/index.js'
import { percentileInterval } from '../stats/bootstrap.js'
import { quantile } from '../stats/quantile.js'
import { crossedVariance, totalVariance } from './crossed-variance.js'
import { meanDrawer } from './draws.js'
import { contrastEstimate } from './gain.js'
import { type Arm, clustersOn, type GainDesign, type Group, type Split } from './outcomes.js'
import { curveGroups } from './reach.js'

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
const LOG_EXPONENTS = { low: Math.log(EXPONENTS.low), high: Math.log(EXPONENTS.high) }
/** Exponents that are tried first, and the ratio of two beside each other in the end. */
const GRID = 12
const FINEST = 0.005
const HUBER = 1.345
const HUBER_ROUNDS = 2
const DRAWS = 500
/** Least fall of the error beyond doubt: fitted amplitudes are never below 0, so that noise alone falls a little, too. */
const LEAST_FALL = 0.01
/** Standard errors that two sizes may lie off the law. */
const WORST_FIT = 4
/** An interval of the exponent that spans more than this factor says nothing of it. */
const WIDEST = 20

/** Error left after n examples, e∞ + a·n^(−b). */
export function adaptationError({ asymptote, amplitude, exponent }: AdaptationLaw, n: number): number {
  return asymptote + amplitude * n ** -exponent
}

interface Line {
  readonly asymptote: number
  readonly height: number
  readonly squares: number
}

interface Candidate extends Line {
  readonly logExponent: number
}

/** Σ weights·(y − asymptote − height·fall)² at its least, 0 ≤ asymptote ≤ 1 and height ≥ 0, and where that is. */
function boundedLine(fall: readonly number[], y: readonly number[], weights: readonly number[]): Line {
  let [w, wf, wy, wff, wfy] = [0, 0, 0, 0, 0]
  for (let i = 0; i < y.length; i++) {
    w += weights[i]
    wf += weights[i] * fall[i]
    wy += weights[i] * y[i]
    wff += weights[i] * fall[i] ** 2
    wfy += weights[i] * fall[i] * y[i]
  }
  const squaresOf = (asymptote: number, height: number): number => {
    let squares = 0
    for (let i = 0; i < y.length; i++) squares += weights[i] * (y[i] - asymptote - height * fall[i]) ** 2
    return squares
  }
  const free = (w * wfy - wf * wy) / (w * wff - wf * wf)
  const level = (wy - free * wf) / w
  if (free >= 0 && level >= 0 && level <= 1)
    return { asymptote: level, height: free, squares: squaresOf(level, free) }
  // Outside, the least lies on an edge.
  const edges = [
    [0, Math.max(0, wfy / wff)],
    [1, Math.max(0, (wfy - wf) / wff)],
    [Math.min(1, Math.max(0, wy / w)), 0],
  ].map(([asymptote, height]) => ({ asymptote, height, squares: squaresOf(asymptote, height) }))
  return edges.reduce((best, edge) => (edge.squares < best.squares ? edge : best))
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
  let weights = variance.map((v) => 1 / v)
  // In units of the smallest size the amplitude is of the order of the errors.
  const logs = n.map((v) => Math.log(v / n[0]))
  const at = (logExponent: number): Candidate => {
    const exponent = Math.exp(logExponent)
    const fall = logs.map((v) => Math.exp(-exponent * v))
    return { logExponent, ...boundedLine(fall, error, weights) }
  }
  let best = at((LOG_EXPONENTS.low + LOG_EXPONENTS.high) / 2)
  const zoom = (low: number, high: number, points: number): void => {
    for (let i = 0; i <= points; i++) {
      const found = at(low + (i * (high - low)) / points)
      if (found.squares < best.squares * (1 - 1e-12)) best = found
    }
  }
  zoom(LOG_EXPONENTS.low, LOG_EXPONENTS.high, GRID)
  for (let round = 0; ; round++) {
    for (let width = (LOG_EXPONENTS.high - LOG_EXPONENTS.low) / GRID; width > FINEST; width /= 3)
      zoom(
        Math.max(LOG_EXPONENTS.low, best.logExponent - width),
        Math.min(LOG_EXPONENTS.high, best.logExponent + width),
        6,
      )
    const exponent = Math.exp(best.logExponent)
    const law = { asymptote: best.asymptote, amplitude: best.height * n[0] ** exponent, exponent }
    if (round === HUBER_ROUNDS) return law
    weights = variance.map(
      (v, i) => huberWeight((error[i] - adaptationError(law, n[i])) / Math.sqrt(v), HUBER) / v,
    )
    best = at(best.logExponent)
  }
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
  const groups = curveGroups(design, arm, split)
  const points = groups.map((group) => ({
    n: group.n,
    score: withinBounds(contrastEstimate(design, [{ group, weight: 1 }], 'accuracy', level), 0, 1),
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
  const clusters = clustersOn(design, split)
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
  const falls = quantile(gained, (1 - level) / 2) > LEAST_FALL
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
