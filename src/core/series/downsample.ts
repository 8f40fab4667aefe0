import type { Curve } from './curve.js'

/** Buckets of a drawn curve: two points each. */
const BUCKETS = 400

/** A distance between two rows is a gap where it is this many times the mean one, and that of both neighbours. */
const GAP = 5

/** For each row how many gaps lie before it. */
function gapsBefore(step: Curve['step']): Int32Array {
  const n = step.length
  const gaps = new Int32Array(n)
  const least = (GAP * (step[n - 1] - step[0])) / (n - 1)
  for (let i = 1; i < n; i++) {
    const jump = step[i] - step[i - 1]
    const before = i > 1 ? step[i - 1] - step[i - 2] : 0
    const after = i + 1 < n ? step[i + 1] - step[i] : 0
    gaps[i] = gaps[i - 1] + Number(jump > least && jump > GAP * Math.max(before, after))
  }
  return gaps
}

/**
 * At most 800 points that keep every bucket's smallest and largest value, so that no spike is lost in the drawing, and
 * one that is no number in each gap of the log, which no line may bridge.
 */
export function downsample(curve: Curve, buckets: number = BUCKETS): { x: number[]; y: number[] } {
  const n = curve.value.length
  const x: number[] = []
  const y: number[] = []
  const gaps = gapsBefore(curve.step)
  let last = 0
  const put = (i: number): void => {
    if (!Number.isFinite(curve.value[i])) return
    if (x.length > 0 && gaps[i] > gaps[last]) {
      x.push(curve.step[i])
      y.push(Number.NaN)
    }
    last = i
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
