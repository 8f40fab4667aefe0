import type { Curve } from './curve.js'

/** Blocks of at most this many values are sorted; longer ones go through medians of medians. */
const LARGEST_BLOCK = 64

/**
 * Medians of consecutive blocks of equal size, at most `points` of them, placed at each block's last step:
 * the shape of millions of steps in memory that does not grow with them. Short curves come back as they are;
 * blocks of more than 64 values are medians of medians.
 */
export function blockMedians(curve: Curve, points: number): Curve {
  const n = curve.step.length
  const size = Math.ceil(n / points)
  if (size <= 1) return curve
  if (size > LARGEST_BLOCK)
    return blockMedians(blockMedians(curve, points * Math.ceil(size / LARGEST_BLOCK)), points)
  const blocks = Math.ceil(n / size)
  const out = { step: new Float64Array(blocks), value: new Float64Array(blocks) }
  const scratch = new Float64Array(size)
  for (let b = 0; b < blocks; b++) {
    const from = b * size
    const end = Math.min(n, from + size)
    out.step[b] = curve.step[end - 1]
    for (let i = from; i < end; i++) scratch[i - from] = curve.value[i]
    out.value[b] = middle(scratch, end - from)
  }
  return out
}

/** Median of the first n values, which are put in order: insertion sort, n ≤ 64. */
function middle(values: Float64Array, n: number): number {
  for (let i = 1; i < n; i++) {
    const x = values[i]
    let k = i - 1
    while (k >= 0 && values[k] > x) {
      values[k + 1] = values[k]
      k--
    }
    values[k + 1] = x
  }
  return n % 2 === 1 ? values[n >> 1] : (values[(n >> 1) - 1] + values[n >> 1]) / 2
}
