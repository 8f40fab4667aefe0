/**
 * Quantile of sorted values by linear interpolation between order statistics (Hyndman & Fan type 7, R's default).
 *
 * @param sorted ascending, shape (n), n ≥ 1
 * @param p      in [0, 1]
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  const n = sorted.length
  if (n === 0) throw new RangeError('quantile of no values')
  if (!(p >= 0 && p <= 1)) throw new RangeError(`quantile p = ${p}, expected a number in [0, 1]`)
  const h = (n - 1) * p
  const below = Math.floor(h)
  const above = Math.min(below + 1, n - 1)
  return sorted[below] + (h - below) * (sorted[above] - sorted[below])
}

/** Quantile of unsorted values; see {@link quantileSorted}. */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileSorted(Float64Array.from(values).sort(), p)
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/** Median absolute deviation × 1.4826: a robust standard deviation, exact for the normal distribution. */
export function robustDeviation(values: ArrayLike<number>, centre: number = median(values)): number {
  return 1.4826 * median(Float64Array.from(values, (v) => Math.abs(v - centre)))
}
