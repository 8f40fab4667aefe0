import { quantileSorted } from '../../stats/quantile.js'

/** Values of a trailing median. */
export const TRAILING = 5

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

/** Trailing medians of five (of fewer at the start), shape of the values. */
export function trailingMedians(values: Float64Array): Float64Array {
  return values.map((value, i) =>
    i >= TRAILING - 1
      ? medianOfFive(value, values[i - 1], values[i - 2], values[i - 3], values[i - 4])
      : quantileSorted(values.slice(0, i + 1).sort(), 0.5),
  )
}
