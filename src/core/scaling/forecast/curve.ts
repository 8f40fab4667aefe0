import { type AccuracyScale, clampU } from './accuracy-scale.js'
import { type Spread, totalSpread } from './interval.js'
import { DENSE_FACTOR, type RunPoint, type Target, tokensPerParam } from './point.js'

/** The forecast along compute, at the target's token-to-parameter ratio (else the data's median one). */
export interface Curve {
  readonly flops: readonly number[]
  readonly accuracy: readonly number[]
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly level: number
  /** Tokens per parameter along the curve; null when N and D are unknown. */
  readonly tokensPerParam: number | null
  /** FLOPs of a parameter and a token along the curve. */
  readonly flopsPerParamToken: number
}

const SITES = 41
/** The curve goes on beyond the target by this factor. */
const BEYOND = 4

/** FLOPs of a parameter and a token: a run's own are seldom exactly 6·N·D, and a curve must run through the target. */
export function factorOf({ params, tokens, flops }: Target): number {
  return params !== null && tokens !== null ? flops / (params * tokens) : DENSE_FACTOR
}

/** A place of given compute on the line of constant tokens per parameter, C = 6·N·D or by another factor. */
export function placeAt(flops: number, ratio: number | null, flopsPerParamToken = DENSE_FACTOR): Target {
  if (ratio === null) return { flops, params: null, tokens: null }
  const params = Math.sqrt(flops / (flopsPerParamToken * ratio))
  return { flops, params, tokens: params * ratio }
}

function medianRatio(points: readonly RunPoint[]): number | null {
  const ratios = points.map(tokensPerParam).filter((r) => r !== null)
  return ratios.length === 0 ? null : ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)]
}

/** Places along the curve, log-spaced from the smallest run to beyond the target; the target is one of the path. */
export function curveSites(points: readonly RunPoint[], target: Target, reach: number): Target[] {
  const ratio = tokensPerParam(target) ?? medianRatio(points)
  const factor = factorOf(target)
  const low = Math.log(Math.min(...points.map((p) => p.flops), target.flops))
  const high = Math.log(Math.max(reach * Math.max(...points.map((p) => p.flops)), target.flops * BEYOND))
  return Array.from({ length: SITES }, (_, i) =>
    placeAt(Math.exp(low + ((high - low) * i) / (SITES - 1)), ratio, factor),
  )
}

export function curveBetween(
  band: readonly { site: Target; at: { u: number; spread: Spread } | null }[],
  scale: AccuracyScale,
  z: number,
  level: number,
): Curve {
  const known = band.flatMap(({ site, at }) =>
    at === null ? [] : [{ site, at, half: z * totalSpread(at.spread) }],
  )
  return {
    flops: known.map(({ site }) => site.flops),
    accuracy: known.map(({ at }) => scale.toAccuracy(at.u)),
    low: known.map(({ at, half }) => scale.toAccuracy(clampU(at.u + half))),
    high: known.map(({ at, half }) => scale.toAccuracy(clampU(at.u - half))),
    level,
    tokensPerParam: known.length === 0 ? null : tokensPerParam(known[0].site),
    flopsPerParamToken: known.length === 0 ? DENSE_FACTOR : factorOf(known[0].site),
  }
}
