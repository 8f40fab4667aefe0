import { median, quantileSorted } from '../../stats/quantile.js'
import type { Curve } from '../prepare/curve.js'
import { THRESHOLDS as T } from '../thresholds.js'
import type { EndGap, Levels } from './levels.js'
import { baseBefore, robustOutliers } from './robust-outliers.js'
import { lossOutliers } from './spikes.js'

const AROUND = 5

/** Noise of a level: the smaller of what the levels and the single values say, so that a broken end cannot excuse itself. */
export function levelNoise(levels: Levels): number {
  // Medians of neighbours share what their data share: twice the error of independent values.
  const fromValues = (2 * 1.2533 * levels.scatter) / Math.sqrt(levels.window)
  return fromValues === 0 ? 0 : Math.min(levels.noise || fromValues, fromValues)
}

/** What noise can explain: five deviations, and never more than the cap, or a log that broke early would hide itself. */
function noiseAllowance(levels: Levels): number {
  return Math.min(T.noiseCapNats, T.liftedDeviations * levelNoise(levels))
}

export function liftedThreshold(levels: Levels): number {
  // Too short to know its noise: only a plain rise counts.
  if (levels.scatter === 0 && levels.level.length < T.shortLog) return T.liftedShortNats
  return Math.max(T.liftedNats, noiseAllowance(levels))
}

export function divergedThreshold(levels: Levels, gap: EndGap): number {
  const learned = Math.max(0, gap.start - gap.best)
  const nats = Math.min(T.divergedNats, Math.max(T.divergedLeastNats, T.divergedShare * learned))
  return Math.max(nats, noiseAllowance(levels))
}

/** Median of five by comparisons alone: this runs once a value of logs of millions. */
function medianOfFive(a: number, b: number, c: number, d: number, e: number): number {
  const low1 = Math.min(a, b)
  const high1 = Math.max(a, b)
  const low2 = Math.min(c, d)
  const high2 = Math.max(c, d)
  const low = Math.max(low1, low2)
  const high = Math.min(high1, high2)
  return Math.max(Math.min(low, high), Math.min(Math.max(low, high), e))
}

/** Trailing median of five at index i (fewer at the start). */
export function trailing(values: Float64Array, i: number): number {
  if (i >= AROUND - 1)
    return medianOfFive(values[i], values[i - 1], values[i - 2], values[i - 3], values[i - 4])
  return quantileSorted(values.slice(Math.max(0, i - AROUND + 1), i + 1).sort(), 0.5)
}

/**
 * First index of the rise that never came back. An abrupt one is behind the last time that the level was within a
 * quarter of the gap; a creeping one is followed down to where the level first left the best by more than noise.
 */
export function onsetOf(curve: Curve, gap: EndGap, levels: Levels): number {
  const { step, value } = curve
  const abrupt = abruptOnset(value, gap)
  const left = gap.best + Math.max(T.onsetNats, T.onsetDeviations * levels.scatter)
  let first = abrupt
  while (first > 0 && step[first - 1] > gap.bestStep && trailing(value, first - 1) > left) first--
  // The trailing median lags by a few values, so a short way down is no creeping rise.
  return abrupt - first > AROUND ? Math.max(0, first - (AROUND >> 1)) : abrupt
}

function abruptOnset(value: Float64Array, gap: EndGap): number {
  const low = gap.best + 0.25 * gap.gap
  let i = value.length - 1
  while (i > 0 && trailing(value, i) > low) i--
  for (let k = Math.max(0, i - AROUND + 1); k < value.length; k++)
    if (value[k] > gap.best + 0.4 * gap.gap && value[k] > trailing(value, k)) return k
  return Math.min(value.length - 1, i + 1)
}

/** A stretch of values that stand out, by index: first, last (inclusive), highest. */
export interface Stretch {
  readonly from: number
  to: number
  peak: number
  readonly base: number
  /** Index at which the loss was back, −1 for never. */
  back: number
}

function backAt(values: Float64Array, from: number, limit: number): number {
  for (let k = from; k < values.length; k++) {
    if (values[k] > limit) continue
    const after = values.subarray(k, Math.min(values.length, k + 3))
    if (quantileSorted(Float64Array.from(after).sort(), 0.5) <= limit) return k
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
function jumps(value: Float64Array, from: number, levels: Levels): boolean {
  if (from < AROUND) return true
  const before = median(value.slice(Math.max(0, from - BESIDE), from))
  let highest = Number.NEGATIVE_INFINITY
  const end = Math.min(value.length, from + BESIDE)
  for (let i = Math.min(end - 1, from + (AROUND >> 1)); i < end; i++)
    highest = Math.max(highest, trailing(value, i))
  return highest - before >= Math.max(T.liftedNats, T.jumpDeviations * levels.scatter)
}

/**
 * Rises above the best level so far that are no single-value noise: two values in a row, or one where the log is
 * short. They see what a window of 128 cannot: short logs, ramps, plateaus.
 */
function excursions(curve: Curve, levels: Levels): Stretch[] {
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
      if (back >= 0 || n < 256 || jumps(value, from, levels)) out.push({ from, to, peak, base, back })
      i = to
      row = 0
      continue
    }
    if (i >= 2) base = Math.min(base, i >= AROUND - 1 ? trailing(value, i) : median(value.subarray(0, i + 1)))
  }
  return out
}

/** Indices of the monitor's outliers, and of plain spikes where it cannot tell. */
function sharpOutliers(curve: Curve, levels: Levels): number[] {
  const monitored = lossOutliers(curve).map((o) => o.index)
  const others = robustOutliers(curve, levels)
    .filter((o) => o.plain && (o.height >= T.spikeNats || o.height >= T.spikeShare * o.base))
    .map((o) => o.index)
  return [...new Set([...monitored, ...others])].sort((a, b) => a - b)
}

/**
 * One-step outliers (docs/methods/curve.md#spikes) as stretches; neighbours that did not come back in between are one.
 */
function outlierStretches(curve: Curve, levels: Levels): Stretch[] {
  const { value } = curve
  const out: Stretch[] = []
  for (const index of sharpOutliers(curve, levels)) {
    const last = out.at(-1)
    if (last !== undefined && (last.back < 0 || last.back > index)) {
      last.to = Math.max(last.to, index)
      if (value[index] > value[last.peak]) last.peak = index
      continue
    }
    const base = baseBefore(value, index)
    const back = backAt(value, index + 1, base + Math.max(0.1, 3 * levels.scatter))
    out.push({ from: index, to: index, peak: index, base, back })
  }
  return out
}

/** Both kinds in the order of the log; an excursion that covers outliers swallows them. */
export function allStretches(curve: Curve, levels: Levels): Stretch[] {
  const wide = excursions(curve, levels)
  const sharp = outlierStretches(curve, levels).filter(
    (s) => !wide.some((w) => s.from >= w.from && s.from <= w.to),
  )
  return [...wide, ...sharp].sort((a, b) => a.from - b.from)
}
