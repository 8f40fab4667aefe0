import { type Estimate, estimate, notEstimable } from '../estimate.js'

/** One part of a whole, with what was measured of it. */
export interface Part {
  readonly name: string
  readonly estimate: Estimate
  /** Independent units of the part. */
  readonly n: number
}

/**
 * Unweighted mean over parts, domains for instance: one mean over all text would hide the small ones. Parts are
 * independent samples, so the half-widths add in quadrature, each side by itself. n adds up.
 *
 * @returns `notEstimable` where there is no part, or one has no estimate
 *
 * Source: Paloma, arXiv:2312.10523.
 */
export function macroMean(parts: readonly Part[], unit: string, level: number): Estimate {
  if (parts.length === 0) return notEstimable('no domain was scored')
  let value = 0
  let below = 0
  let above = 0
  for (const { name, estimate: e } of parts) {
    if (e.kind === 'notEstimable') return notEstimable(`domain ${name} has no estimate`)
    value += e.value / parts.length
    below += ((e.value - e.interval.low) / parts.length) ** 2
    above += ((e.interval.high - e.value) / parts.length) ** 2
  }
  const n = parts.reduce((sum, part) => sum + part.n, 0)
  return estimate(value, { low: value - Math.sqrt(below), high: value + Math.sqrt(above), level }, unit, n)
}
