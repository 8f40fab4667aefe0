import { median } from './quantile.js'

export interface Line {
  readonly slope: number
  readonly intercept: number
}

function requireSpread(x: ArrayLike<number>, y: ArrayLike<number>): void {
  if (x.length !== y.length) throw new RangeError(`x has ${x.length} values, y has ${y.length}`)
  for (let i = 1; i < x.length; i++) if (x[i] !== x[0]) return
  throw new RangeError('a line needs two different x')
}

/** Ordinary (or weighted) least squares of y on x. R² is 1 − RSS/TSS, null when y does not vary. */
export function leastSquaresLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Line & { rSquared: number | null } {
  requireSpread(x, y)
  const n = x.length
  let w = 0
  let mx = 0
  let my = 0
  for (let i = 0; i < n; i++) {
    const wi = weights === undefined ? 1 : weights[i]
    w += wi
    mx += wi * x[i]
    my += wi * y[i]
  }
  mx /= w
  my /= w
  let xx = 0
  let xy = 0
  let yy = 0
  for (let i = 0; i < n; i++) {
    const wi = weights === undefined ? 1 : weights[i]
    xx += wi * (x[i] - mx) ** 2
    xy += wi * (x[i] - mx) * (y[i] - my)
    yy += wi * (y[i] - my) ** 2
  }
  const slope = xy / xx
  return { slope, intercept: my - slope * mx, rSquared: yy === 0 ? null : (xy * xy) / (xx * yy) }
}

/** Theil–Sen line: median of all pairwise slopes, median residual as intercept; 29 % breakdown. O(n²). */
export function theilSenLine(x: ArrayLike<number>, y: ArrayLike<number>): Line {
  requireSpread(x, y)
  const slopes: number[] = []
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) if (x[i] !== x[j]) slopes.push((y[i] - y[j]) / (x[i] - x[j]))
  const slope = median(slopes)
  return { slope, intercept: median(Float64Array.from(y, (v, i) => v - slope * x[i])) }
}
