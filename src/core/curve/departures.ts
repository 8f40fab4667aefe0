import { median, quantileSorted } from '../stats/quantile.js'
import type { Curve } from './curve.js'
import type { EndGap, Levels } from './levels.js'
import { baseBefore, robustOutliers } from './robust-outliers.js'
import { lossOutliers, SPIKE_NATS, SPIKE_SHARE } from './spikes.js'
import { THRESHOLDS as T } from './thresholds.js'

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

/** First index of the rise that never came back: behind the last time that the level was within a quarter of the gap. */
export function onsetOf(curve: Curve, gap: EndGap): number {
  const { value } = curve
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

/**
 * Rises above the best level so far that are no single-value noise: two values in a row, or one where the log is
 * short. They see what a window of 128 cannot: short logs, ramps, plateaus.
 */
function excursions(curve: Curve, levels: Levels): Stretch[] {
  const { value } = curve
  const n = value.length
  const least = n < 256 ? 1 : 2
  const out: Stretch[] = []
  let base = Number.POSITIVE_INFINITY
  let row = 0
  for (let i = 0; i < n; i++) {
    const rise = Math.max(T.excursionNats, T.excursionShare * base, T.excursionDeviations * levels.scatter)
    row = value[i] > base + rise ? row + 1 : 0
    if (row >= least) {
      const from = i - row + 1
      const back = backAt(value, i + 1, base + rise / 2)
      const to = (back < 0 ? n : back) - 1
      let peak = from
      for (let k = from; k <= to; k++) if (value[k] > value[peak]) peak = k
      out.push({ from, to, peak, base, back })
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
    .filter((o) => o.plain && (o.height >= SPIKE_NATS || o.height >= SPIKE_SHARE * o.base))
    .map((o) => o.index)
  return [...new Set([...monitored, ...others])].sort((a, b) => a - b)
}

/** One-step outliers (METHODS §6) as stretches; neighbours that did not come back in between are one. */
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
