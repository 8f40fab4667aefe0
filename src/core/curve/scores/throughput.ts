import { type Estimate, estimate, notEstimable } from '../../estimate.js'
import { blockMedians } from '../../series/block-medians.js'
import type { Curve } from '../../series/curve.js'
import { variance } from '../../stats/moments.js'
import { normalQuantile } from '../../stats/normal-quantile.js'
import { median } from '../../stats/quantile.js'
import type { PreparedRun } from '../prepare/prepare.js'

/** How fast a run went. */
export interface Throughput {
  /** Median seconds of a step. */
  readonly secondsPerStep: Estimate
  readonly tokensPerSecond: Estimate
  /** Steps that took over three times the median. */
  readonly slow: readonly number[]
  /** Distance at which slow steps return (evaluations, checkpoints) and how many of them it explains. */
  readonly period: { readonly steps: number; readonly explained: number } | undefined
  /** Share of the time that slow steps took beyond the median. */
  readonly lostShare: number
  /** Slow steps that no period explains; none where the log gives a clock, which runs on through evaluations too. */
  readonly stalls: readonly number[]
  /** Median of the last tenth over that of the first half. */
  readonly drift: number
}

const SLOW = 3
const LEAST = 20

/** Largest common spacing of slow steps: the divisor that most of them are multiples of. */
function periodOf(steps: readonly number[], span: number): Throughput['period'] {
  if (steps.length < 3) return undefined
  const gaps = new Map<number, number>()
  for (let i = 1; i < steps.length; i++) {
    const gap = steps[i] - steps[i - 1]
    gaps.set(gap, (gaps.get(gap) ?? 0) + 1)
  }
  let best: { steps: number; explained: number } | undefined
  for (const [gap] of gaps) {
    if (gap < 2 || gap > span / 2) continue
    const phases = new Map<number, number>()
    for (const s of steps) phases.set(s % gap, (phases.get(s % gap) ?? 0) + 1)
    const explained = Math.max(...phases.values())
    if (
      best === undefined ||
      explained > best.explained ||
      (explained === best.explained && gap > best.steps)
    )
      best = { steps: gap, explained }
  }
  return best !== undefined && best.explained >= Math.max(3, 0.6 * steps.length) ? best : undefined
}

function withoutFirst(curve: Curve): Curve {
  return { step: curve.step.subarray(1), value: curve.value.subarray(1) }
}

/**
 * Step times: the usual one, slow steps and what they have in common, stalls, and whether the run became slower.
 * The first step (compilation) is left out. `undefined` for fewer than twenty timed steps.
 */
export function throughputOf(prepared: PreparedRun): Throughput | undefined {
  const curve = withoutFirst(prepared.seconds)
  const n = curve.value.length
  if (n < LEAST) return undefined
  const points = blockMedians(curve, 2000)
  const usual = median(points.value)
  if (!(usual > 0)) return undefined
  const slow: number[] = []
  let total = 0
  let lost = 0
  for (let i = 0; i < n; i++) {
    total += curve.value[i]
    if (curve.value[i] <= SLOW * usual) continue
    slow.push(curve.step[i])
    lost += curve.value[i] - usual
  }
  const period = periodOf(slow, curve.step[n - 1] - curve.step[0])
  const phase = period === undefined ? undefined : commonPhase(slow, period.steps)
  const stalls = prepared.run.hasClock
    ? []
    : period === undefined
      ? slow
      : slow.filter((s) => s % period.steps !== phase && s !== curve.step[n - 1])
  const m = points.value.length
  const half = Math.max(1, m >> 1)
  const blocks = Array.from({ length: Math.min(20, m) }, (_, b) => {
    const size = m / Math.min(20, m)
    return median(
      points.value.slice(
        Math.floor(b * size),
        Math.max(Math.floor(b * size) + 1, Math.floor((b + 1) * size)),
      ),
    )
  })
  const scatter =
    normalQuantile(0.975) * (blocks.length < 2 ? 0 : Math.sqrt(variance(blocks) / blocks.length))
  const spread = scatter > 0 ? scatter : halfDigit(usual)
  const each = prepared.tokensPerStep
  return {
    secondsPerStep: estimate(
      usual,
      { low: Math.max(0, usual - spread), high: usual + spread, level: 0.95 },
      's/step',
      n,
    ),
    tokensPerSecond:
      each === undefined
        ? notEstimable('the log does not tell how many tokens a step has')
        : spread >= usual
          ? notEstimable(
              `step times scatter too much: ${usual.toPrecision(3)} ± ${spread.toPrecision(3)} s, so that no upper end can be given`,
            )
          : estimate(
              each / usual,
              { low: each / (usual + spread), high: each / (usual - spread), level: 0.95 },
              'tokens/s',
              n,
            ),
    slow,
    period,
    lostShare: total > 0 ? lost / total : 0,
    stalls,
    drift:
      median(points.value.slice(m - Math.max(1, Math.floor(m / 10)))) / median(points.value.slice(0, half)),
  }
}

/** Half of the last digit that a value is printed with: what equal times still leave open. */
function halfDigit(value: number): number {
  const [, decimals = ''] = /\.(\d+)$/.exec(value.toPrecision(6).replace(/0+$/, '')) ?? []
  return 0.5 * 10 ** -decimals.length
}

function commonPhase(steps: readonly number[], period: number): number {
  const phases = new Map<number, number>()
  for (const s of steps) phases.set(s % period, (phases.get(s % period) ?? 0) + 1)
  const [[phase]] = [...phases].sort(([, a], [, b]) => b - a)
  return phase
}
