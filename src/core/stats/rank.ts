/** Ranks from 1, ties share their mean rank. Shape (n) → (n). */
export function ranks(values: ArrayLike<number>): Float64Array {
  const n = values.length
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => values[i] - values[j])
  const out = new Float64Array(n)
  for (let start = 0; start < n; ) {
    let end = start
    while (end + 1 < n && values[order[end + 1]] === values[order[start]]) end++
    for (let k = start; k <= end; k++) out[order[k]] = (start + end) / 2 + 1
    start = end + 1
  }
  return out
}

function requirePairs(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new RangeError(`paired values of lengths ${x.length} and ${y.length}`)
  if (x.length < 2) throw new RangeError(`correlation of ${x.length} pairs, expected 2 or more`)
  return x.length
}

/** Relative; a mean of equal values is off by a few times 2⁻⁵³. */
const ROUNDING = 1e-14

/** Pearson's r, or null when one side does not vary. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const n = requirePairs(x, y)
  let mx = 0
  let my = 0
  for (let i = 0; i < n; i++) {
    mx += x[i]
    my += y[i]
  }
  mx /= n
  my /= n
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < n; i++) {
    xx += (x[i] - mx) ** 2
    yy += (y[i] - my) ** 2
    xy += (x[i] - mx) * (y[i] - my)
  }
  // A side that does not vary has squares of rounding alone.
  const varies = (squares: number, mean: number): boolean => squares > n * (ROUNDING * mean) ** 2
  return varies(xx, mx) && varies(yy, my) ? xy / Math.sqrt(xx * yy) : null
}

/** Spearman's rank correlation (Pearson's r of mean ranks), or null when one side does not vary. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  return pearson(ranks(x), ranks(y))
}

/** Kendall's tau-b (corrected for ties), O(n²), or null when one side does not vary. */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  const n = requirePairs(x, y)
  let balance = 0
  let tiedX = 0
  let tiedY = 0
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const dx = Math.sign(x[i] - x[j])
      const dy = Math.sign(y[i] - y[j])
      balance += dx * dy
      if (dx === 0) tiedX++
      if (dy === 0) tiedY++
    }
  const pairs = (n * (n - 1)) / 2
  return tiedX === pairs || tiedY === pairs ? null : balance / Math.sqrt((pairs - tiedX) * (pairs - tiedY))
}
