import { normalQuantile } from './normal-quantile.js'

/** Degrees of freedom above which the expansion about the normal quantile is exact to the last digits. */
const NEARLY_NORMAL = 1e4
const PRECISION = 1e-15

/**
 * Γ(a + ½)/Γ(a) without the logarithms of two large numbers, whose difference would lose the digits.
 *
 * Source: Tricomi & Erdélyi, Pacific Journal of Mathematics 1 (1951) 133, with α = ½ and β = 0.
 */
function halfStepOfGamma(a: number): number {
  let factor = 1
  let b = a
  // The series is good from 40 on; below, Γ(a + ½)/Γ(a) = a/(a + ½) · Γ(a + 3/2)/Γ(a + 1).
  for (; b < 40; b++) factor *= b / (b + 0.5)
  const r = 1 / b
  const series = r * (-1 / 8 + r * (1 / 128 + r * (5 / 1024 + r * (-21 / 32768 + (r * -399) / 262144))))
  return factor * Math.sqrt(b) * (1 + series)
}

/** The continued fraction of the incomplete beta function, converging for x < (a + 1)/(a + b + 2). */
function betaFraction(x: number, a: number, b: number): number {
  const away = (v: number): number => (Math.abs(v) < 1e-300 ? 1e-300 : v)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= c * d
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    const change = c * d
    fraction *= change
    if (Math.abs(change - 1) < PRECISION) break
  }
  return fraction
}

/**
 * P(|T| > t), P(|T| < t) and t times the density of |T|, for Student's T.
 *
 * Source: Abramowitz & Stegun 26.7.1 and 26.5.2; the fraction is 26.5.8, evaluated by Lentz's method.
 */
function studentSides(t: number, degrees: number): { beyond: number; within: number; slope: number } {
  const a = degrees / 2
  const ratio = (t * t) / degrees
  const x = 1 / (1 + ratio)
  // x^a · (1 − x)^½ / B(a, ½), which both sides and the density share.
  const kernel = ((Math.exp(-a * Math.log1p(ratio)) * t) / Math.sqrt(degrees + t * t)) * halfStepOfGamma(a)
  const scaled = kernel / Math.sqrt(Math.PI)
  const slope = 2 * scaled
  if (x < (a + 1) / (a + 2.5)) {
    const beyond = (scaled / a) * betaFraction(x, a, 0.5)
    return { beyond, within: 1 - beyond, slope }
  }
  const within = 2 * scaled * betaFraction(1 - x, 0.5, a)
  return { beyond: 1 - within, within, slope }
}

/** Cornish and Fisher's expansion in 1/degrees. Source: Abramowitz & Stegun 26.7.5. */
function expansion(z: number, degrees: number): number {
  const s = z * z
  const terms = [
    (s + 1) / 4,
    ((5 * s + 16) * s + 3) / 96,
    (((3 * s + 19) * s + 17) * s - 15) / 384,
    ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160,
  ]
  return z * (1 + terms.reduceRight((sum, g) => (sum + g) / degrees, 0))
}

/**
 * Quantile of Student's t, to a part in 10^12: Newton's steps on the logarithm of the tail against the logarithm of t,
 * which is concave, so that they converge from wherever they start.
 *
 * @param p       in (0, 1)
 * @param degrees of freedom, > 0, whole or broken; Infinity is the normal
 * @throws {RangeError} for p or degrees outside
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`Student's t of ${degrees} degrees of freedom`)
  const z = normalQuantile(p)
  if (z === 0 || degrees === Number.POSITIVE_INFINITY) return z
  if (degrees >= NEARLY_NORMAL) return expansion(z, degrees)
  const beyond = 2 * Math.min(p, 1 - p)
  // Of the two sides the smaller one is known to more digits.
  const side = beyond < 0.5 ? 'beyond' : 'within'
  const target = Math.log(side === 'beyond' ? beyond : 1 - beyond)
  let t = Math.abs(z)
  for (let step = 0; step < 100; step++) {
    const at = studentSides(t, degrees)
    const off = Math.log(at[side]) - target
    const move = (off * at[side]) / at.slope
    const factor = Math.exp(side === 'beyond' ? move : -move)
    t *= factor
    // The next step would move it by the square of this one.
    if (Math.abs(factor - 1) < 1e-9) break
  }
  return Math.sign(z) * t
}

/**
 * P(|T| > |t|), the two-sided p-value of Student's t.
 *
 * @param degrees of freedom, > 0; Infinity is taken as so many that it is the normal
 */
export function studentBeyond(t: number, degrees: number): number {
  if (t === 0) return 1
  return Math.min(1, Math.max(0, studentSides(Math.abs(t), Math.min(degrees, 1e9)).beyond))
}

/**
 * Student's t over the normal quantile of the same two-sided level: what an interval of few values lacks.
 *
 * @param degrees of freedom, > 0; Infinity gives 1
 * @param level   in (0, 1)
 */
export function studentFactor(degrees: number, level: number): number {
  const p = (1 + level) / 2
  return studentQuantile(p, degrees) / normalQuantile(p)
}
