/**
 * Unbiased pass@k of one problem from n samples of which c are right: 1 − C(n − c, k)/C(n, k), as a product so
 * that no binomial overflows; 1 when n − c < k.
 *
 * Source: Chen et al., "Evaluating large language models trained on code", arXiv:2107.03374, Eq. 1.
 *
 * @throws {RangeError} unless 0 ≤ c ≤ n and 1 ≤ k ≤ n
 */
export function passAtK(n: number, c: number, k: number): number {
  if (!(Number.isInteger(n) && Number.isInteger(c) && c >= 0 && c <= n))
    throw new RangeError(`n = ${n}, c = ${c}: expected whole numbers with 0 ≤ c ≤ n`)
  if (!(Number.isInteger(k) && k >= 1 && k <= n))
    throw new RangeError(`k = ${k}, expected a whole number from 1 to n = ${n}`)
  if (n - c < k) return 1
  let fails = 1
  for (let i = n - c + 1; i <= n; i++) fails *= 1 - k / i
  return 1 - fails
}

/** pass@k of a benchmark: the mean over its problems. */
export function meanPassAtK(
  problems: readonly { readonly n: number; readonly c: number }[],
  k: number,
): number {
  if (problems.length === 0) throw new RangeError('pass@k of no problems')
  return problems.reduce((sum, { n, c }) => sum + passAtK(n, c, k), 0) / problems.length
}
