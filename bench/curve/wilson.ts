/** A share of k in n as per cent with Wilson's 95 % interval. */
export function wilson(k: number, n: number): string {
  const z = 1.96
  const p = k / n
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return `${(100 * p).toFixed(1)} % [${(100 * Math.max(0, centre - half)).toFixed(1)}, ${(100 * (centre + half)).toFixed(1)}]`
}
