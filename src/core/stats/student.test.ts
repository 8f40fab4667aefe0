import { describe, expect, it } from 'vitest'
import { normalQuantile } from './normal-quantile.js'
import { studentFactor, studentQuantile } from './student.js'

const PS = [0.51, 0.6, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.9995, 0.25, 0.01, 1e-6, 1e-9]
const off = (found: number, wanted: number): number => Math.abs(found / wanted - 1)

describe('Student’s quantile', () => {
  // Closed forms of one, two and four degrees: W. T. Shaw, Journal of Computational Finance 9 (2006), Eqs. 35–37
  // (equation numbers unchecked). Each is one line of algebra from P(T < t).
  it.each(PS)('has the closed forms of 1, 2 and 4 degrees at p = %d', (p) => {
    const alpha = 4 * p * (1 - p)
    const four = 2 * Math.sqrt(Math.cos(Math.acos(Math.sqrt(alpha)) / 3) / Math.sqrt(alpha) - 1)
    expect(off(studentQuantile(p, 1), -1 / Math.tan(Math.PI * p))).toBeLessThan(1e-10)
    expect(off(studentQuantile(p, 2), (2 * p - 1) / Math.sqrt(alpha / 2))).toBeLessThan(1e-10)
    expect(off(studentQuantile(p, 4), Math.sign(p - 0.5) * four)).toBeLessThan(1e-10)
  })

  /** P(0 < T < t) for whole degrees, as a finite sum. Source: Abramowitz & Stegun 26.7.3 and 26.7.4. */
  function between(t: number, degrees: number): number {
    const angle = Math.atan(t / Math.sqrt(degrees))
    const cosine = Math.cos(angle)
    let sum = 0
    let term = degrees % 2 === 1 ? cosine : 1
    for (let k = degrees % 2 === 1 ? 1 : 0; k <= degrees - 2; k += 2) {
      sum += term
      term *= ((k + 1) / (k + 2)) * cosine * cosine
    }
    return degrees % 2 === 1 ? (angle + Math.sin(angle) * sum) / Math.PI : (Math.sin(angle) * sum) / 2
  }

  it.each([1, 2, 3, 4, 5, 7, 10, 29, 30, 61, 120, 1001])('meets the finite sum of %d degrees', (degrees) => {
    for (const p of [0.55, 0.75, 0.9, 0.975, 0.995, 0.9995]) {
      const t = studentQuantile(p, degrees)
      expect(Math.abs(between(t, degrees) - (p - 0.5))).toBeLessThan(1e-12)
      // A relative error of 1e−10 in t would show: the density there is not small.
      expect(Math.abs(between(t * (1 + 1e-10), degrees) - (p - 0.5))).toBeGreaterThan(1e-14)
    }
  })

  it.each([0.5, 1.5, 2.7, 9.3, 150.25])('meets the integral of its density at %d degrees', (degrees) => {
    // In units of the density at 0, whose constant no elementary function gives: P(0 < T < t)/P(0 < T < s) is the
    // ratio of two integrals; both sides by Simpson's rule.
    const integral = (t: number): number => {
      const cells = 20_000
      let sum = 0
      for (let i = 0; i <= cells; i++) {
        const weight = i === 0 || i === cells ? 1 : i % 2 === 1 ? 4 : 2
        sum += weight * (1 + ((i * t) / cells) ** 2 / degrees) ** (-(degrees + 1) / 2)
      }
      return (sum * t) / (3 * cells)
    }
    const ratio = integral(studentQuantile(0.95, degrees)) / integral(studentQuantile(0.6, degrees))
    expect(off(ratio, 0.45 / 0.1)).toBeLessThan(1e-9)
  })

  // Abramowitz & Stegun, table 26.10: 2·(1 − p) = .05, .01 and .001.
  it.each([
    [1, 12.706, 63.657, 636.619],
    [2, 4.303, 9.925, 31.598],
    [3, 3.182, 5.841, 12.924],
    [5, 2.571, 4.032, 6.869],
    [10, 2.228, 3.169, 4.587],
    [30, 2.042, 2.75, 3.646],
    [120, 1.98, 2.617, 3.373],
  ])('rounds to the printed table at %d degrees', (degrees, at5, at1, at01) => {
    expect(Math.abs(studentQuantile(0.975, degrees) - at5)).toBeLessThan(6e-4)
    expect(Math.abs(studentQuantile(0.995, degrees) - at1)).toBeLessThan(6e-4)
    // 31.598 stands in print; the closed form of two degrees gives 31.5991.
    expect(Math.abs(studentQuantile(0.9995, degrees) - at01)).toBeLessThan(degrees === 2 ? 1.5e-3 : 6e-4)
  })

  it('is odd, grows with p, shrinks with degrees towards the normal without a step, and refuses the rest', () => {
    expect(studentQuantile(0.5, 3)).toBe(0)
    expect(studentQuantile(0.125, 3)).toBe(-studentQuantile(0.875, 3))
    expect(studentQuantile(0.975, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.975))
    const degrees = [0.5, 1, 1.5, 2, 2.5, 3, 9, 39, 41, 300, 9999, 10_001, 1e9]
    const quantiles = degrees.map((d) => studentQuantile(0.975, d))
    for (let i = 1; i < degrees.length; i++) expect(quantiles[i]).toBeLessThan(quantiles[i - 1])
    expect(off(studentQuantile(0.99, 1e4), studentQuantile(0.99, 1e4 - 1e-6))).toBeLessThan(1e-11)
    expect(() => studentQuantile(0.5, 0)).toThrow(RangeError)
    expect(() => studentQuantile(1, 3)).toThrow(RangeError)
  })

  it('over the normal quantile is the factor of an interval', () => {
    expect(studentFactor(3, 0.95)).toBeCloseTo(3.182446 / 1.959964, 6)
    expect(studentFactor(Number.POSITIVE_INFINITY, 0.9)).toBe(1)
  })
})
