/** Correlation of neighbouring residuals, 0 where it is negative: blocks of one run are not independent. */
export function memoryOf(residuals: Float64Array): number {
  let product = 0
  let squares = 0
  for (let i = 0; i < residuals.length; i++) {
    squares += residuals[i] ** 2
    if (i > 0) product += residuals[i] * residuals[i - 1]
  }
  return squares === 0 ? 0 : Math.min(0.95, Math.max(0, product / squares))
}
