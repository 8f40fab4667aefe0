/**
 * Gini coefficient, Σ(2i − n − 1)·x_i / (n·Σ x) with x ascending and i from 1: 0 where all values are alike,
 * (n − 1)/n where one has all (docs/methods/tokenizer.md#gini).
 *
 * @param values ≥ 0, shape (n), in any order
 * @returns in [0, 1), or null for no values or only zeros
 *
 * Source: C. Gini, Variabilità e mutabilità (1912); the form for sorted values as in Dixon et al., Ecology 68 (1987) 1548.
 */
export function gini(values: ArrayLike<number>): number | null {
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  let weighted = 0
  let total = 0
  sorted.forEach((x, i) => {
    weighted += (2 * (i + 1) - n - 1) * x
    total += x
  })
  return n === 0 || total === 0 ? null : weighted / (n * total)
}
