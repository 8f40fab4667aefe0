export function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]
  return total
}

/** Arithmetic mean; a RangeError for no values, so that an empty set cannot turn into NaN. */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('mean of no values')
  return sum(values) / values.length
}

/** Arithmetic mean, or null for no values. */
export function meanOrNull(values: ArrayLike<number>): number | null {
  return values.length === 0 ? null : mean(values)
}

/** Unbiased variance (n − 1 in the denominator); n ≥ 2. */
export function variance(values: ArrayLike<number>): number {
  const n = values.length
  if (n < 2) throw new RangeError(`variance of ${n} values, expected 2 or more`)
  const centre = mean(values)
  let squares = 0
  for (let i = 0; i < n; i++) squares += (values[i] - centre) ** 2
  return squares / (n - 1)
}
