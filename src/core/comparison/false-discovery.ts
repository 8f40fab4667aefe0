/**
 * p-values for many comparisons at once: the smallest false discovery rate at which each would be told.
 *
 * @param p in [0, 1], shape (m)
 * @returns never below p, in the order of p, shape (m)
 *
 * Source: Benjamini & Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289. Differs from Benjamini & Yekutieli,
 * which holds under any dependence, in not dividing by 1 + 1/2 + … + 1/m: benchmarks have items of their own, and among pairs of
 * models the rate was measured (docs/methods/compare.md#many-comparisons).
 */
export function falseDiscoveryRates(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((i, j) => p[j] - p[i])
  const out = new Array<number>(p.length)
  let least = 1
  order.forEach((i, above) => {
    least = Math.min(least, (p[i] * p.length) / (p.length - above))
    out[i] = least
  })
  return out
}
