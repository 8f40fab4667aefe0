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

/** Parts that are cut in two before what is left is sorted: values in an order that defeats the cuts cost no more. */
const MOST_CUTS = 64

/** Bring the k-th smallest value to place k, none larger before it and none smaller behind (Hoare's FIND, median of three). */
function select(values: Float64Array, k: number): void {
  let low = 0
  let high = values.length - 1
  for (let cut = 0; low < high; cut++) {
    if (cut === MOST_CUTS) {
      values.subarray(low, high + 1).sort()
      return
    }
    const [a, b, c] = [values[low], values[(low + high) >> 1], values[high]]
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
    let i = low
    let j = high
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i > j) break
      const held = values[i]
      values[i++] = values[j]
      values[j--] = held
    }
    if (k <= j) high = j
    else if (k >= i) low = i
    else return
  }
}

/** Quantile of unsorted values; see {@link quantileSorted}. Values that are no number count as the largest. */
export function quantile(values: ArrayLike<number>, p: number): number {
  const own = new Float64Array(values)
  const n = own.length
  let hasNaN = false
  for (let i = 0; i < n; i++) if (Number.isNaN(own[i])) hasNaN = true
  const below = Math.floor((n - 1) * p)
  if (!(below >= 0 && below < n - 1) || hasNaN) return quantileSorted(own.sort(), p)
  select(own, below)
  let next = own[below + 1]
  for (let i = below + 2; i < n; i++) if (own[i] < next) next = own[i]
  return own[below] + ((n - 1) * p - below) * (next - own[below])
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/** Median absolute deviation × 1.4826: a robust standard deviation, exact for the normal distribution. */
export function robustDeviation(values: ArrayLike<number>, centre: number = median(values)): number {
  const distances = new Float64Array(values.length)
  for (let i = 0; i < distances.length; i++) distances[i] = Math.abs(values[i] - centre)
  return 1.4826 * median(distances)
}
