/**
 * McNemar's test of two models on the same right-or-wrong items, exact and two-sided, with the mid-p correction: half of the
 * probability of what was seen. Without it the exact test calls a difference where there is none far more seldom than it
 * says (docs/methods/compare.md#which-p-decides).
 *
 * @param gained items that the second model alone got right
 * @param lost   items that the first alone got right
 *
 * Source: McNemar, Psychometrika 12 (1947) 153; mid-p: Fagerland, Lydersen & Laake, BMC Medical Research Methodology 13
 * (2013) 91.
 */
export function mcnemarMidP(gained: number, lost: number): number {
  const n = gained + lost
  const fewer = Math.min(gained, lost)
  if (n === 0) return 1
  let logTerm = -n * Math.LN2
  for (let k = 1; k <= fewer; k++) logTerm += Math.log((n - fewer + k) / k)
  let term = Math.exp(logTerm)
  let tail = term / 2
  for (let k = fewer; k > 0 && term > 0; k--) {
    term *= k / (n - k + 1)
    tail += term
  }
  return Math.min(1, 2 * tail)
}
