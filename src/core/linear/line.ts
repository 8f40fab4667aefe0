import { RANK_TOLERANCE } from './triangle.js'

/** A straight line through points, with what is known of their x. */
export interface Line {
  readonly slope: number
  readonly intercept: number
  /** 1 − RSS/TSS, weighted as the fit is; null when y does not vary. */
  readonly rSquared: number | null
  /** Σ w. */
  readonly weight: number
  /** Weighted mean of x. */
  readonly meanX: number
  /** Σ w (x − mean)². */
  readonly spreadX: number
}

/**
 * Weighted least squares of y on x.
 *
 * It is the QR of the columns 1 and x written out: the first reflection of a constant column takes the mean off, so that
 * nothing is lost to squares of large x (line.test.ts holds it against {@link leastSquares}).
 *
 * @param x       shape (n)
 * @param y       shape (n)
 * @param weights shape (n), ≥ 0; equal weights when left out
 * @returns null when x does not vary by the rank rule (triangle.ts)
 * @throws {RangeError} when shapes differ
 */
export function lineThrough(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Line | null {
  const n = x.length
  if (y.length !== n || (weights !== undefined && weights.length !== n))
    throw new RangeError(`x has ${n} values, y ${y.length}, weights ${weights?.length ?? 'none'}`)
  let weight = 0
  let meanX = 0
  let meanY = 0
  for (let i = 0; i < n; i++) {
    const w = weights === undefined ? 1 : weights[i]
    weight += w
    meanX += w * x[i]
    meanY += w * y[i]
  }
  meanX /= weight
  meanY /= weight
  let spreadX = 0
  let spreadY = 0
  let together = 0
  for (let i = 0; i < n; i++) {
    const w = weights === undefined ? 1 : weights[i]
    spreadX += w * (x[i] - meanX) ** 2
    spreadY += w * (y[i] - meanY) ** 2
    together += w * (x[i] - meanX) * (y[i] - meanY)
  }
  if (!(spreadX > RANK_TOLERANCE ** 2 * (spreadX + weight * meanX * meanX))) return null
  const slope = together / spreadX
  return {
    slope,
    intercept: meanY - slope * meanX,
    rSquared: spreadY > 0 ? (together * together) / (spreadX * spreadY) : null,
    weight,
    meanX,
    spreadX,
  }
}
