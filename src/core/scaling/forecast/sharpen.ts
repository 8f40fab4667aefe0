import { mean, sum } from '../../stats/index.js'
import { type AccuracyScale, clampU } from './accuracy-scale.js'
import type { Draws } from './average.js'
import { factorOf, placeAt } from './curve.js'
import { itemSpread, RECIPE_DEVIATION, type Spread, totalSpread } from './interval.js'
import { type RunPoint, type Target, tokensPerParam } from './point.js'
import type { Prepared } from './prepare.js'

/** A run that would narrow the forecast, with what it costs and what it buys. */
export interface Sharpening {
  readonly params: number | null
  readonly tokens: number | null
  readonly flops: number
  /** Its cost as a share of the target's compute. */
  readonly share: number
  /** Its cost over that of the largest fitted run. */
  readonly flopsOfLargest: number
  /** Width of the target's interval in accuracy today, and expected after the run. */
  readonly widthNow: number
  readonly widthAfter: number
}

/** Sizes of the runs considered, as multiples of the largest fitted compute; none beyond a tenth of the target, or the smallest multiple where that is more. */
const MULTIPLES = [0.3, 1, 3, 10, 30] as const
const LARGEST_SHARE = 0.1
/** Tokens per parameter considered beside the target's own. */
const RATIOS = [20, 100] as const

/** A run this near to one that was made, in compute and in tokens per parameter, is that run. */
const SAME = 0.1
/** The same of tokens a parameter: a run of the same compute that splits it a little otherwise tells the same. */
const SAME_SPLIT = Math.log(1.5)
/** Narrowing below which a run is not advised. */
const LEAST_NARROWING = 0.1

function isMade(points: readonly RunPoint[], { flops, params, tokens }: Target): boolean {
  const near = (a: number, b: number, within: number): boolean => Math.abs(Math.log(a / b)) < within
  const ratio = tokensPerParam({ params, tokens })
  return points.some((point) => {
    const own = tokensPerParam(point)
    return near(point.flops, flops, SAME) && (own === null || ratio === null || near(own, ratio, SAME_SPLIT))
  })
}

/**
 * Runs that could be trained next: a few sizes, at the target's token-to-parameter ratio and at customary ones; none that
 * was made already, on whatever benchmark. Their compute is counted as the target's.
 *
 * @param points what was fitted
 * @param made   every run of the table
 */
export function sharpeningSites(
  points: readonly RunPoint[],
  made: readonly RunPoint[],
  target: Target,
): Target[] {
  const largest = Math.max(...points.map((p) => p.flops))
  const own = tokensPerParam(target)
  const ratios: (number | null)[] = own === null ? [null] : [...new Set([own, ...RATIOS])]
  const limit = Math.max(LARGEST_SHARE * target.flops, 0.3 * largest)
  return MULTIPLES.map((m) => m * largest)
    .filter((flops) => flops <= limit && flops < target.flops)
    .flatMap((flops) => ratios.map((ratio) => placeAt(flops, ratio, factorOf(target))))
    .filter((site) => !isMade(made, site))
}

/** Squared correlation of two places over the resamples that tell of both, and the variance at the second. */
function correlated(a: Draws, b: Draws): { rho2: number; own: number } {
  const pairs = a.flatMap((x, i) => {
    const y = b[i]
    return x === null || y === null ? [] : [[x, y] as const]
  })
  if (pairs.length < 2) return { rho2: 0, own: 0 }
  const [mx, my] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))]
  const moment = (of: (dx: number, dy: number) => number): number =>
    sum(pairs.map(([x, y]) => of(x - mx, y - my))) / (pairs.length - 1)
  const own = moment((_, dy) => dy * dy)
  const both = moment((dx) => dx * dx) * own
  return { rho2: both === 0 ? 0 : moment((dx, dy) => dx * dy) ** 2 / both, own }
}

/**
 * Expected narrowing by each run: the bootstrap's draws at the run and at the target are jointly normal to first
 * order, so that measuring the run leaves the target with (1 − ρ²·share of signal) of its bootstrap variance.
 * The other parts of the spread stay as they are. Runs that narrow the interval by a tenth or more, sorted by the width
 * bought per FLOP's logarithm.
 */
export function sharpeningRuns(
  sites: readonly Target[],
  targetDraws: Draws,
  siteDraws: readonly Draws[],
  prepared: Prepared,
  at: { u: number; spread: Spread },
  target: Target,
  widening: number,
  z: number,
): Sharpening[] {
  const { scale, data, benchmark } = prepared
  const largest = Math.max(...data.usable.map((p) => p.flops))
  const widthNow = widthOf(at, at.spread, scale, widening, z)
  return sites
    .map((site, i): Sharpening => {
      const { rho2, own } = correlated(targetDraws, siteDraws[i])
      const noise = RECIPE_DEVIATION ** 2 + itemSpread(scale, at.u, benchmark.items) ** 2
      const left = Math.max(0, 1 - rho2 * (own / (own + noise)))
      const spread = { ...at.spread, runs: at.spread.runs * Math.sqrt(left) }
      const widthAfter = widthOf(at, spread, scale, widening, z)
      return {
        params: site.params,
        tokens: site.tokens,
        flops: site.flops,
        share: site.flops / target.flops,
        flopsOfLargest: site.flops / largest,
        widthNow,
        widthAfter,
      }
    })
    .filter((run) => run.widthAfter <= (1 - LEAST_NARROWING) * run.widthNow)
    .sort((a, b) => worth(b) - worth(a))
}

function worth(run: Sharpening): number {
  return (run.widthNow - run.widthAfter) / Math.log(2 + run.flopsOfLargest)
}

function widthOf(
  at: { u: number },
  spread: Spread,
  scale: AccuracyScale,
  widening: number,
  z: number,
): number {
  const half = z * widening * totalSpread(spread)
  return scale.toAccuracy(clampU(at.u - half)) - scale.toAccuracy(clampU(at.u + half))
}
