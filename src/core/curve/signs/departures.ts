import type { Curve } from '../../series/curve.js'
import { median, quantileSorted } from '../../stats/quantile.js'
import { THRESHOLDS as T } from '../thresholds.js'
import { baseBefore } from './base-before.js'
import type { Levels } from './levels.js'
import type { Standout } from './sharp-outliers.js'
import { TRAILING } from './trailing.js'

/** A stretch of values that stand out, by index: first, last (inclusive), highest. */
export interface Stretch {
  readonly from: number
  to: number
  peak: number
  readonly base: number
  /** Index at which the loss was down again, −1 for never. */
  back: number
  /** Index at which it was at its level before, within noise, −1 for never. */
  settled: number
}

function backAt(values: Float64Array, from: number, limit: number): number {
  for (let k = from; k < values.length; k++) {
    if (values[k] > limit) continue
    const after = values.subarray(k, Math.min(values.length, k + 3))
    if (quantileSorted(Float64Array.from(after).sort(), 0.5) <= limit) return k
  }
  return -1
}

/** Values whose median says that a loss has settled: half as many as it took, of these at least and at most. */
const LEAST_SETTLED = 3
const MOST_SETTLED = 16
/** Error of a median of m normal values: this times their deviation, over √m; twice that is noise. */
const MEDIAN_ERROR = 1.2533

/** First index from where it was down on at which the loss and the next ones are within noise of the level before. */
function settledAt(value: Float64Array, { from, back }: Stretch, scatter: number): number {
  if (back < 0) return -1
  const before = baseBefore(value, from)
  for (let k = back; k < value.length; k++) {
    const most = Math.min(MOST_SETTLED, Math.max(LEAST_SETTLED, (k - from) >> 1))
    const after = value.slice(k, k + most).sort()
    const noise = Math.max(T.settledNats, (2 * MEDIAN_ERROR * scatter) / Math.sqrt(after.length))
    if (quantileSorted(after, 0.5) <= before + noise) return k
  }
  return -1
}

/** Rows that share one estimate of noise: a batch-size ramp makes a run quieter as it goes. */
const NOISE_ROWS = 128
/** Median |difference of neighbours| × this = standard deviation of a value, where noise is normal and independent. */
const FROM_DIFFERENCES = 1 / (0.6745 * Math.SQRT2)

/** Noise of a single value by stretches of 128 rows, shape (⌈n / 128⌉). */
function localScatter(value: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.ceil(value.length / NOISE_ROWS) }, (_, block) => {
    const from = Math.max(1, block * NOISE_ROWS)
    const to = Math.min(value.length, (block + 1) * NOISE_ROWS)
    if (to - from < NOISE_ROWS / 4) return 0
    const differences = new Float64Array(to - from)
    for (let i = from; i < to; i++) differences[i - from] = Math.abs(value[i] - value[i - 1])
    return FROM_DIFFERENCES * median(differences)
  })
}

/** Losses on either side of a rise that tell a jump from a drift. */
const BESIDE = 20

/** Whether the loss jumped there, against a slow drift that leaves the best level just as far behind in the end. */
function jumps(value: Float64Array, trailing: Float64Array, from: number, levels: Levels): boolean {
  if (from < TRAILING) return true
  const before = median(value.slice(Math.max(0, from - BESIDE), from))
  let highest = Number.NEGATIVE_INFINITY
  const end = Math.min(value.length, from + BESIDE)
  for (let i = Math.min(end - 1, from + (TRAILING >> 1)); i < end; i++)
    highest = Math.max(highest, trailing[i])
  return highest - before >= Math.max(T.liftedNats, T.jumpDeviations * levels.scatter)
}

/**
 * Rises above the best level so far that are no single-value noise: two values in a row, or one where the log is
 * short. They see what a window of 128 cannot: short logs, ramps, plateaus.
 */
function excursions(curve: Curve, trailing: Float64Array, levels: Levels): Stretch[] {
  const { value } = curve
  const n = value.length
  const least = n < 256 ? 1 : 2
  const out: Stretch[] = []
  const local = localScatter(value)
  let base = Number.POSITIVE_INFINITY
  let row = 0
  for (let i = 0; i < n; i++) {
    // The quieter of this stretch and the one before: what broke does not widen its own threshold.
    const block = Math.floor(i / NOISE_ROWS)
    const scatter = Math.max(levels.scatter, Math.min(local[block], local[Math.max(0, block - 1)]))
    const rise = Math.max(T.excursionNats, T.excursionShare * base, T.excursionDeviations * scatter)
    row = value[i] > base + rise ? row + 1 : 0
    if (row >= least) {
      const from = i - row + 1
      const back = backAt(value, i + 1, base + rise / 2)
      const to = (back < 0 ? n : back) - 1
      let peak = from
      for (let k = from; k <= to; k++) if (value[k] > value[peak]) peak = k
      // A drift that never came back is the end's to tell.
      if (back >= 0 || n < 256 || jumps(value, trailing, from, levels))
        out.push({ from, to, peak, base, back, settled: back })
      i = to
      row = 0
      continue
    }
    if (i >= 2) base = Math.min(base, trailing[i])
  }
  return out
}

/**
 * One-step outliers (docs/methods/curve.md#spikes) as stretches; neighbours that did not come back in between are one.
 */
function outlierStretches(curve: Curve, outliers: readonly Standout[], levels: Levels): Stretch[] {
  const { value } = curve
  const out: Stretch[] = []
  for (const { index, base } of outliers) {
    const last = out.at(-1)
    if (last !== undefined && (last.back < 0 || last.back > index)) {
      last.to = Math.max(last.to, index)
      if (value[index] > value[last.peak]) last.peak = index
      continue
    }
    const back = backAt(value, index + 1, base + Math.max(0.1, 3 * levels.scatter))
    out.push({ from: index, to: index, peak: index, base, back, settled: back })
  }
  return out
}

/**
 * Excursions and sharp outliers in the order of the log. What overlaps is one: a peak is told once, and an excursion
 * begins where the first outlier in it does.
 */
export function departures(
  curve: Curve,
  trailing: Float64Array,
  outliers: readonly Standout[],
  levels: Levels,
): Stretch[] {
  const wide = excursions(curve, trailing, levels)
  const sharp = outlierStretches(curve, outliers, levels)
  const meet = (a: Stretch, b: Stretch): boolean => a.from <= b.to && b.from <= a.to
  const whole = wide.map((w) => ({
    ...w,
    from: sharp.reduce((from, s) => (meet(s, w) ? Math.min(from, s.from) : from), w.from),
  }))
  return [...whole, ...sharp.filter((s) => !wide.some((w) => meet(s, w)))]
    .sort((a, b) => a.from - b.from)
    .map((s) => ({ ...s, settled: settledAt(curve.value, s, levels.scatter) }))
}
