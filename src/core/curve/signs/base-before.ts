import { median } from '../../stats/quantile.js'

/** Values that give the base of a rise. */
const BASE = 32

/** Median of the values before an index. */
export function baseBefore(values: Float64Array, i: number): number {
  return median(values.subarray(Math.max(0, i - BASE), i))
}
