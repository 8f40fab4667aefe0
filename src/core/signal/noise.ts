import { groupBy } from '../collections.js'
import { type Estimate, estimate, notEstimable } from '../estimate.js'
import { mean, variance } from '../stats/moments.js'
import { normalQuantile } from '../stats/normal-quantile.js'
import type { Scored, TaskRun } from './runs.js'

/** Share of a run behind which its last checkpoints must lie: earlier ones still rise. */
const LAST_SHARE = 0.5
/** Fewer checkpoints than this tell no deviation. */
const FEWEST = 3

/** Quantile of χ² over its degrees of freedom. Source: Wilson & Hilferty, PNAS 17 (1931) 684; a part in 100 from 10 degrees on, at 4 and p = .025 7 too low. */
function chiSquareShare(p: number, degrees: number): number {
  const c = 2 / (9 * degrees)
  return Math.max(1e-6, (1 - c + normalQuantile(p) * Math.sqrt(c)) ** 3)
}

/** The last `count` checkpoints over the same items that lie behind half of the run; the end has the place of no other. */
function lastOf(scores: readonly Scored[], count: number): readonly number[] {
  const places = scores.map(({ at }) => at).filter(Number.isFinite)
  const end = Math.max(...places)
  const late = scores.filter(({ at }) => at >= LAST_SHARE * end)
  // A score over other items differs by those, too: of the largest set that one number of items tells.
  const [alike = []] = [...groupBy(late, ({ items }) => String(items)).values()].sort(
    (a, b) => b.length - a.length,
  )
  return alike.slice(-count).map(({ value }) => value)
}

/**
 * How much a benchmark's score moves from checkpoint to checkpoint at the end of training, as a share of the score:
 *
 *     noise² = mean over runs of (SD of the last checkpoints / their mean)²
 *
 * n counts checkpoints less runs, as if each were a draw of its own.
 *
 * Source: Signal and Noise, arXiv:2508.13144, and its code (`snr/metrics.py`): SD/mean of the last checkpoints. Differs: SD
 * over k − 1; several runs by their mean square, where the code pools them; checkpoints of the last half of training only.
 */
export function benchmarkNoise(runs: readonly TaskRun[], last: number, level: number): Estimate {
  const squares: number[] = []
  let degrees = 0
  for (const { scores } of runs) {
    const values = lastOf(scores, last)
    if (values.length < FEWEST) continue
    const centre = mean(values)
    if (centre === 0) continue
    squares.push(variance(values) / centre ** 2)
    degrees += values.length - 1
  }
  if (squares.length === 0)
    return notEstimable(`no run has ${FEWEST} checkpoints or more in the last half of its training`)
  const noise = Math.sqrt(mean(squares))
  const tail = (1 - level) / 2
  const interval = {
    low: noise / Math.sqrt(chiSquareShare(1 - tail, degrees)),
    high: noise / Math.sqrt(chiSquareShare(tail, degrees)),
    level,
  }
  return estimate(noise, interval, 'share', degrees)
}

/**
 * How far models lie apart on a benchmark: (highest − lowest final score) / mean final score. The interval is that of the two
 * extreme models' own scores, over other checkpoints where the noise is known, else over other items.
 *
 * Source: arXiv:2508.13144, max |m_j − m_k| / mean (relative dispersion).
 */
export function benchmarkSignal(runs: readonly TaskRun[], noise: Estimate, level: number): Estimate {
  if (runs.length < 2) return notEstimable(`${runs.length} model, two are needed`)
  const finals = runs.map(({ final }) => final)
  const centre = mean(finals)
  if (centre === 0) return notEstimable('the mean score is 0')
  const sorted = runs.toSorted((x, y) => x.final - y.final)
  const [lowest, highest] = [sorted[0], sorted[sorted.length - 1]]
  const errorOf = ({ final, items }: TaskRun): number | null => {
    if (noise.kind === 'estimate') return noise.value * final
    return items !== null && items > 0 && final >= 0 && final <= 1
      ? Math.sqrt((final * (1 - final)) / items)
      : null
  }
  const errors = [errorOf(lowest), errorOf(highest)]
  if (errors[0] === null || errors[1] === null)
    return notEstimable('neither checkpoints nor numbers of items tell how sure scores are')
  const value = (highest.final - lowest.final) / Math.abs(centre)
  const half = (normalQuantile((1 + level) / 2) * Math.hypot(errors[0], errors[1])) / Math.abs(centre)
  return estimate(value, { low: Math.max(0, value - half), high: value + half, level }, 'share', runs.length)
}

/** Signal over noise; the interval adds both on the scale of logarithms, as independent. */
export function signalToNoise(signal: Estimate, noise: Estimate): Estimate {
  if (signal.kind === 'notEstimable') return signal
  if (noise.kind === 'notEstimable') return noise
  if (noise.value === 0) return notEstimable('the last checkpoints all have the same score')
  const value = signal.value / noise.value
  const { low, high, level } = signal.interval
  const below =
    low > 0 ? Math.hypot(Math.log(signal.value / low), Math.log(noise.interval.high / noise.value)) : null
  const above =
    signal.value > 0
      ? Math.hypot(Math.log(high / signal.value), Math.log(noise.value / noise.interval.low))
      : 0
  return estimate(
    value,
    { low: below === null ? 0 : value * Math.exp(-below), high: value * Math.exp(above), level },
    'ratio',
    Math.min(signal.n, noise.n),
  )
}
