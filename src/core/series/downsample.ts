import type { Curve } from './curve.js'

/** Buckets of a drawn curve: two points each. */
const BUCKETS = 400

/** At most 800 points that keep every bucket's smallest and largest value, so that no spike is lost in the drawing. */
export function downsample(curve: Curve, buckets: number = BUCKETS): { x: number[]; y: number[] } {
  const n = curve.value.length
  const x: number[] = []
  const y: number[] = []
  const put = (i: number): void => {
    if (!Number.isFinite(curve.value[i])) return
    x.push(curve.step[i])
    y.push(curve.value[i])
  }
  if (n <= 2 * buckets) {
    for (let i = 0; i < n; i++) put(i)
    return { x, y }
  }
  for (let b = 0; b < buckets; b++) {
    const from = Math.floor((b * n) / buckets)
    const to = Math.floor(((b + 1) * n) / buckets)
    let low = from
    let high = from
    for (let i = from; i < to; i++) {
      if (curve.value[i] < curve.value[low]) low = i
      if (curve.value[i] > curve.value[high]) high = i
    }
    put(Math.min(low, high))
    if (low !== high) put(Math.max(low, high))
  }
  return { x, y }
}
